package notify

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"guildwatch/internal/fault"
)

// mailbox is a mail server on the wire: STARTTLS or TLS from the start, AUTH PLAIN, one letter after the other.
type mailbox struct {
	addr    string
	certify *httptest.Server // whose certificate it shows
	refuse  string           // the answer to RCPT TO; empty: 250
	plain   bool             // offers no TLS
	first   bool             // speaks TLS from the start

	mu      sync.Mutex
	letters []string
	talk    []string // what was said in clear
}

func openMailbox(t testing.TB, setUp func(*mailbox)) *mailbox {
	t.Helper()
	certify, _ := sink(t, nil)
	m := &mailbox{certify: certify}
	if setUp != nil {
		setUp(m)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	m.addr = listener.Addr().String()
	var serving sync.WaitGroup
	serving.Go(func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			serving.Go(func() { defer conn.Close(); m.serve(conn) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); serving.Wait() })
	return m
}

func (m *mailbox) serve(conn net.Conn) {
	encrypted := m.first
	if encrypted {
		conn = tls.Server(conn, m.certify.TLS)
	}
	reader := bufio.NewReader(conn)
	say := func(lines ...string) { _, _ = io.WriteString(conn, strings.Join(lines, "\r\n")+"\r\n") }
	say("220 here")
	for {
		line, err := reader.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		if !encrypted {
			m.mu.Lock()
			m.talk = append(m.talk, line)
			m.mu.Unlock()
		}
		switch verb, _, _ := strings.Cut(strings.ToUpper(line), " "); {
		case verb == "EHLO" && !m.plain && !encrypted:
			say("250-here", "250 STARTTLS")
		case verb == "EHLO":
			say("250-here", "250-8BITMIME", "250 AUTH PLAIN LOGIN")
		case verb == "STARTTLS":
			say("220 go ahead")
			secure := tls.Server(conn, m.certify.TLS)
			if secure.Handshake() != nil {
				return
			}
			conn, reader, encrypted = secure, bufio.NewReader(secure), true
		case verb == "AUTH" && line == "AUTH PLAIN "+base64.StdEncoding.EncodeToString([]byte("\x00bot\x00pass-canary")):
			say("235 welcome")
		case verb == "AUTH":
			say("535 5.7.8 no")
		case verb == "RCPT" && m.refuse != "":
			say(m.refuse)
		case verb == "DATA":
			say("354 go on")
			var letter strings.Builder
			for line, err := reader.ReadString('\n'); err == nil && line != ".\r\n"; line, err = reader.ReadString('\n') {
				letter.WriteString(strings.TrimPrefix(line, "."))
			}
			m.mu.Lock()
			m.letters = append(m.letters, letter.String())
			m.mu.Unlock()
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

// by gives mail by this server.
func (m *mailbox) by(t testing.TB, server string) post {
	t.Helper()
	return post{MailOptions{Server: server, From: &mail.Address{Name: "guildwatch", Address: "bot@mod.gw-test.org"},
		Agent: "guildwatch/test", roots: trusting(m.certify)}}
}

// A letter is what RFC 5322 says, with everything in it, whatever a guild's name holds.
func TestALetterIsWhole(t *testing.T) {
	m := openMailbox(t, func(m *mailbox) { m.plain = true })
	got := m.by(t, m.addr).tell(t.Context(), Address{Mail: "staff@gw-test.org"}, &Message{ID: "81384788765712384.7", Type: "report.daily",
		At: hello.At, Name: "Häfen\r\n\r\nX-Evil: 1", Title: "Täglich\r\nBcc: everybody@evil.org\r\n\r\nbody \u2028 x",
		Lines: []string{".", "=cmd|' /C calc'!A0 " + strings.Repeat("ö", 300)}, Link: "https://mod.gw-test.org/g/1",
		Files: hello.Files})
	if !got.Sent || len(m.letters) != 1 {
		t.Fatalf("%+v, %d letters", got, len(m.letters))
	}
	letter, err := mail.ReadMessage(strings.NewReader(m.letters[0]))
	must(t, err)
	for name := range letter.Header {
		if strings.Contains(name, "Bcc") || strings.Contains(name, "Evil") {
			t.Errorf("a header %s was slipped in", name)
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	must(t, err)
	if subject != "Täglich Bcc: everybody@evil.org body x" {
		t.Errorf("subject %q", subject)
	}
	if at, err := letter.Header.Date(); err != nil || !at.Equal(hello.At) {
		t.Errorf("date %v, %v", at, err)
	}
	if id := letter.Header.Get("Message-ID"); id != "<81384788765712384.7@mod.gw-test.org>" {
		t.Errorf("id %s", id)
	}
	if to, err := letter.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != "staff@gw-test.org" {
		t.Errorf("to %v, %v", to, err)
	}
	if letter.Header.Get("Auto-Submitted") != "auto-generated" {
		t.Error("an absence note would answer")
	}
	for _, line := range strings.Split(m.letters[0], "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes", len(line))
		}
	}
	checkParts(t, letter)
}

func checkParts(t *testing.T, letter *mail.Message) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(letter.Header.Get("Content-Type"))
	must(t, err)
	if kind != "multipart/mixed" {
		t.Fatalf("%s", kind)
	}
	reader := multipart.NewReader(letter.Body, params["boundary"])
	text, err := reader.NextRawPart()
	must(t, err)
	data, err := io.ReadAll(quotedprintable.NewReader(text))
	must(t, err)
	if body := string(data); !strings.HasPrefix(body, ".\r\n=cmd") || !strings.Contains(body, strings.Repeat("ö", 300)) ||
		!strings.Contains(body, "https://mod.gw-test.org/g/1") || strings.Contains(body, "\r\nX-Evil") {
		t.Errorf("the text is %q", body)
	}
	file, err := reader.NextRawPart()
	must(t, err)
	data, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, file))
	must(t, err)
	if file.FileName() != "a-b-..-c.csv" || string(data) != "a,b\r\n1,2\r\n" || !strings.HasPrefix(file.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("the file is %q, %v", data, file.Header)
	}
}

// Beyond this machine nothing is said without TLS, and the password never.
func TestMailGoesByTLSAlone(t *testing.T) {
	for _, plain := range []bool{false, true} {
		m := openMailbox(t, func(m *mailbox) { m.plain = plain })
		by := m.elsewhere(t)
		if got := by.tell(t.Context(), Address{Mail: "staff@gw-test.org"}, hello); got.Sent == plain {
			t.Errorf("no TLS offered %v: %+v", plain, got)
		}
		for _, line := range m.talk {
			if strings.HasPrefix(line, "AUTH") || strings.HasPrefix(line, "MAIL") {
				t.Errorf("said in clear: %s", line)
			}
		}
	}
	m := openMailbox(t, nil)
	by := m.elsewhere(t)
	by.options.roots = nil
	if got := by.tell(t.Context(), Address{Mail: "staff@gw-test.org"}, hello); got.Sent || !strings.Contains(got.Detail, "certificate") {
		t.Errorf("a certificate of nobody's: %+v", got)
	}
	by = m.elsewhere(t)
	by.options.Password = func(context.Context) (string, error) { return "wrong-canary", nil }
	if got := by.tell(t.Context(), Address{Mail: "staff@gw-test.org"}, hello); got.Sent || !strings.Contains(got.Detail, "user and password") {
		t.Errorf("a wrong password: %+v", got)
	}
}

// Port 465 speaks TLS from the first byte, and is told the password by it.
func TestPort465SpeaksTLSFromTheStart(t *testing.T) {
	m := openMailbox(t, func(m *mailbox) { m.first = true })
	by := m.elsewhere(t)
	by.options.Server = "example.com:465"
	if got := by.tell(t.Context(), Address{Mail: "staff@gw-test.org"}, hello); !got.Sent || len(m.letters) != 1 {
		t.Errorf("%+v, with %d letters", got, len(m.letters))
	}
	by.options.roots = nil
	if got := by.tell(t.Context(), Address{Mail: "staff@gw-test.org"}, hello); got.Sent || !strings.Contains(got.Detail, "certificate") {
		t.Errorf("a certificate of nobody's: %+v", got)
	}
	if len(m.talk) != 0 {
		t.Errorf("said in clear: %q", m.talk)
	}
}

// elsewhere gives mail by this server under a name that is not this machine's.
func (m *mailbox) elsewhere(t testing.TB) post {
	t.Helper()
	_, port, err := net.SplitHostPort(m.addr)
	must(t, err)
	by := m.by(t, "example.com:"+port)
	by.options.connect = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, m.addr)
	}
	by.options.User = "bot"
	by.options.Password = func(context.Context) (string, error) { return "pass-canary", nil }
	return by
}

// What a mail server refuses is told in a sentence, without the address or the password.
func TestWhatMailServersRefuse(t *testing.T) {
	for refuse, want := range map[string]Outcome{"550 5.1.1 no staff@gw-test.org": {Final: true}, "451 4.3.0 later": {}, "": {}} {
		m := openMailbox(t, func(m *mailbox) { m.refuse, m.plain = refuse, true })
		by := m.by(t, m.addr)
		if refuse == "" {
			by.options.Server = "127.0.0.1:1"
		}
		got := by.tell(t.Context(), Address{Mail: "staff@gw-test.org"}, hello)
		if got.Detail == "" || strings.Contains(got.Detail, "staff") || strings.Contains(got.Detail, "5.1.1") {
			t.Errorf("%q: told as %q", refuse, got.Detail)
		}
		if got.Detail = ""; got != want {
			t.Errorf("%q: %+v, want %+v", refuse, got, want)
		}
	}
}

// One plain address is taken, and nothing that could be more than that.
func TestMailAddresses(t *testing.T) {
	p := NewPost(PostOptions{Way: NewWay(WayOptions{Logger: slog.New(slog.DiscardHandler)}), Mail: &MailOptions{}})
	for text, good := range map[string]bool{"staff@gw-test.org": true, " a+b@x.gw-test.org ": true, "": false, "staff": false,
		"staff@localhost": false, "staff@[127.0.0.1]": false, "Staff <staff@gw-test.org>": false, "a@gw-test.org,b@gw-test.org": false,
		"a@gw-test.org\r\nBcc: b@gw-test.org": false, `"a b"@gw-test.org`: false, "a@b@gw-test.org": false, "ä@gw-test.org": false,
		"<a@gw-test.org>": false, "a@gw-test.org>": false, "a@127.0.0.1": false, strings.Repeat("a", 250) + "@gw-test.org": false} {
		given, err := p.Accept(KindMail, text)
		if (err == nil) != good || err != nil && fault.Of(err) != fault.Invalid || strings.Contains(given.Shown, "staff") {
			t.Errorf("%q: %+v, %v", text, given, err)
		}
	}
}
