package notify

import (
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// reaching gives a post whose webhooks lead to one sink.
func reaching(t testing.TB, handle http.HandlerFunc) (p *Post, url string, log *strings.Builder) {
	t.Helper()
	server, at := sink(t, handle)
	log = &strings.Builder{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	way := NewWay(WayOptions{Ours: []netip.AddrPort{at}, Logger: logger, Agent: "guildwatch/test", roots: trusting(server)})
	return NewPost(PostOptions{Way: way, Webhooks: true, Logger: logger}), server.URL, log
}

var hello = &Message{ID: "7-1", Type: "test", At: time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC), Guild: 81384788765712384,
	Name: "Harbour", Title: "Hello\r\nBcc: x@y.z", Lines: []string{"@everyone *bold* <@1> https://evil.example"},
	Facts: []Fact{{"Violations", "12"}}, Link: "https://mod.gw-test.org/g/1",
	Files: []File{{Name: `a"b/../c.csv`, Type: "text/csv; charset=utf-8", Body: []byte("a,b\r\n1,2\r\n")}}}

// F29: what targets do to whoever calls them, and what becomes of it: told in a sentence, none of it shown.
func TestWhatTargetsAnswer(t *testing.T) {
	redirected := atomic.Int64{}
	p, url, log := reaching(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/inside":
			redirected.Add(1)
		case "/redirect":
			http.Redirect(w, r, "/inside", http.StatusTemporaryRedirect)
		case "/later":
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(http.StatusTooManyRequests)
		case "/200":
			_, _ = io.WriteString(w, "canary-answer")
		default:
			code := 0
			for _, digit := range r.URL.Path[1:] {
				code = code*10 + int(digit-'0')
			}
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "canary-answer")
		}
	})
	for path, want := range map[string]Outcome{
		"/200":      {Sent: true},
		"/204":      {Sent: true},
		"/404":      {Final: true, Gone: true},
		"/410":      {Final: true, Gone: true},
		"/redirect": {Final: true},
		"/304":      {Final: true},
		"/400":      {Final: true},
		"/403":      {Final: true},
		"/408":      {},
		"/500":      {},
		"/503":      {},
		"/later":    {Again: 90 * time.Second},
	} {
		got := p.Tell(t.Context(), KindWebhook, Address{URL: url + path, Key: "k"}.Seal(), hello)
		if (got.Detail == "") != got.Sent || strings.Contains(got.Detail, "canary") || strings.Contains(got.Detail, path) {
			t.Errorf("%s: told as %q", path, got.Detail)
		}
		if got.Detail = ""; got != want {
			t.Errorf("%s: %+v, want %+v", path, got, want)
		}
	}
	if redirected.Load() > 0 {
		t.Error("a redirect was followed")
	}
	if strings.Contains(log.String(), "/redirect") || strings.Contains(log.String(), "canary") {
		t.Errorf("the log shows an address or an answer:\n%s", log)
	}
}

// F29: an answer of a gigabyte costs 64 KB, and none of its memory.
func TestALongAnswerIsNotRead(t *testing.T) {
	written, ended := atomic.Int64{}, make(chan struct{})
	p, url, _ := reaching(t, func(w http.ResponseWriter, _ *http.Request) {
		defer close(ended)
		block := make([]byte, 32<<10)
		for range 1 << 30 / len(block) {
			n, err := w.Write(block)
			written.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	if got := p.Tell(t.Context(), KindWebhook, Address{URL: url}.Seal(), hello); !got.Sent {
		t.Errorf("%+v", got)
	}
	<-ended
	if n := written.Load(); n > 64<<20 {
		t.Errorf("%d MB were taken from the other side", n>>20)
	}
}

// F29: a target that hangs holds its caller 10 s, in each of the ways there are to hang. The clock is virtual, so the
// wire is a pipe.
func TestAHangingTargetIsLeft(t *testing.T) {
	for name, hang := range map[string]string{"before the answer": "", "in the header": "HTTP/1.1 200 OK\r\nX-",
		"in the body": "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				way := NewWay(WayOptions{Ours: []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1:1")},
					Logger: slog.New(slog.DiscardHandler)})
				way.client.Transport.(*http.Transport).DialContext = pipe(hang)
				began := time.Now()
				_, err := way.post(t.Context(), "http://127.0.0.1:1/", http.Header{}, []byte("x"))
				if took := time.Since(began); took != callTime {
					t.Errorf("it took %s: %v", took, err)
				}
				if hang == "" && (err == nil || !strings.Contains(err.Error(), "did not answer within 10s")) {
					t.Errorf("told as %v", err)
				}
			})
		})
	}
}

// A webhook is told in JSON of a fixed shape, under a signature over the time and the body.
func TestAWebhookIsSigned(t *testing.T) {
	var header http.Header
	var body []byte
	p, url, _ := reaching(t, func(_ http.ResponseWriter, r *http.Request) {
		header = r.Header.Clone()
		body, _ = io.ReadAll(r.Body)
	})
	given, err := p.Accept(KindWebhook, " "+url+"/hook/1234567890abcdef ")
	must(t, err)
	if len(given.Address.Key) != 64 || strings.Contains(given.Shown, "1234567890") || !strings.HasSuffix(given.Shown, "/…cdef") {
		t.Fatalf("%d digits, shown as %s", len(given.Address.Key), given.Shown)
	}
	if got := p.Tell(t.Context(), KindWebhook, given.Address.Seal(), hello); !got.Sent {
		t.Fatalf("%+v", got)
	}
	if header.Get("Content-Type") != "application/json" || header.Get("Guildwatch-Delivery") != "7-1" ||
		header.Get("Guildwatch-Event") != "test" || header.Get("User-Agent") != "guildwatch/test" {
		t.Errorf("headers %v", header)
	}
	stamp, _, _ := strings.Cut(strings.TrimPrefix(header.Get("Guildwatch-Signature"), "t="), ",")
	at, err := time.ParseDuration(stamp + "s")
	must(t, err)
	if want := Sign(given.Address.Key, time.Unix(int64(at/time.Second), 0), body); header.Get("Guildwatch-Signature") != want {
		t.Errorf("signed as %s, want %s", header.Get("Guildwatch-Signature"), want)
	}
	if age := time.Since(time.Unix(int64(at/time.Second), 0)); age < -time.Second || age > time.Minute {
		t.Errorf("signed %s ago", age)
	}
	var got map[string]any
	must(t, json.Unmarshal(body, &got))
	for _, key := range []string{"id", "type", "at", "guild", "title", "text", "link", "data", "files"} {
		if _, there := got[key]; !there {
			t.Errorf("the body has no %s", key)
		}
	}
	if id := got["guild"].(map[string]any)["id"]; id != "81384788765712384" {
		t.Errorf("the guild's id is %v", id)
	}
}

// The example of docs/REPORTS.md, which others check their own code with.
func TestTheDocumentedSignature(t *testing.T) {
	const want = "t=1763640000,v1=539ee9f8fcade451d68542ae315010ac237e2531cdbd560e2271faf13fc6bcdb"
	if got := Sign("0123456789abcdef", time.Unix(1763640000, 0), []byte(`{"id":"1"}`)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// Discord is told so that nobody is mentioned and nothing is read as markup, whatever members have written.
func TestDiscordMentionsNobody(t *testing.T) {
	var fields map[string]string
	var files []string
	server, at := sink(t, func(w http.ResponseWriter, r *http.Request) {
		fields, files = map[string]string{"query": r.URL.RawQuery}, nil
		_, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		reader := multipart.NewReader(r.Body, params["boundary"])
		for part, err := reader.NextPart(); err == nil; part, err = reader.NextPart() {
			data, _ := io.ReadAll(part)
			if fields[part.FormName()] = string(data); part.FileName() != "" {
				files = append(files, part.FileName())
			}
		}
	})
	way := NewWay(WayOptions{Ours: []netip.AddrPort{at}, Logger: slog.New(slog.DiscardHandler), roots: trusting(server)})
	if got := (discord{way}).tell(t.Context(), Address{URL: server.URL}, hello); !got.Sent {
		t.Fatalf("%+v", got)
	}
	text := fields["payload_json"]
	if fields["query"] != "wait=true" || !strings.Contains(text, `"allowed_mentions":{"parse":[]}`) {
		t.Errorf("%v", fields)
	}
	for _, live := range []string{"@everyone", "<@1>", " *bold*", "https://evil"} {
		if strings.Contains(text, live) {
			t.Errorf("%q reaches Discord as it is: %s", live, text)
		}
	}
	if len(files) != 1 || files[0] != "a-b-..-c.csv" || fields["files[0]"] != "a,b\r\n1,2\r\n" {
		t.Errorf("files %v: %v", files, fields)
	}
}

// security.md: an expression without its ends lets anything through that has such an address somewhere in it.
func TestDiscordAddressesAreWhole(t *testing.T) {
	p := NewPost(PostOptions{Way: NewWay(WayOptions{Logger: slog.New(slog.DiscardHandler)})})
	token := strings.Repeat("aB3_-", 13)
	for address, good := range map[string]bool{
		"https://discord.com/api/webhooks/81384788765712384/" + token:                   true,
		"https://ptb.discord.com/api/v10/webhooks/81384788765712384/" + token:           true,
		"https://discordapp.com/api/webhooks/81384788765712384/" + token:                true,
		"http://discord.com/api/webhooks/81384788765712384/" + token:                    false,
		"https://discord.com.evil.org/api/webhooks/81384788765712384/" + token:          false,
		"https://evil.org/?https://discord.com/api/webhooks/81384788765712384/" + token: false,
		"https://discord.com@127.0.0.1/api/webhooks/81384788765712384/" + token:         false,
		"https://discord.com/api/webhooks/81384788765712384/" + token + "/../../x":      false,
		"https://discord.com/api/webhooks/81384788765712384/" + token + "?thread_id=1":  false,
		"https://discord.com/api/webhooks/81384788765712384/" + token + "\nx":           false,
		"https://discord.com:444/api/webhooks/81384788765712384/" + token:               false,
		"https://xdiscord.com/api/webhooks/81384788765712384/" + token:                  false,
		"https://discord.com/api/webhooks/x/" + token:                                   false,
	} {
		given, err := p.Accept(KindDiscord, address)
		if (err == nil) != good || strings.Contains(given.Shown, token) || err != nil && strings.Contains(err.Error(), token) {
			t.Errorf("%s: %+v, %v", address, given, err)
		}
	}
	if _, err := p.Accept(KindWebhook, "https://hooks.gw-test.org/"); err == nil || p.Offers(KindWebhook) || p.Offers(KindMail) {
		t.Error("what the operator has not allowed is offered")
	}
}
