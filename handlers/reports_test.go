package handlers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/notify"
	"guildwatch/internal/report"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

var reportsPath = homePath + "/reports"

// printing gives a site somebody to send its reports, to these addresses alone.
func printing(o *Options, ours ...netip.AddrPort) *report.Press {
	way := notify.NewWay(notify.WayOptions{Ours: ours, Enclosed: true, Logger: o.Logger})
	return report.New(report.Options{Store: o.Store, Stats: o.Stats, Origin: "https://mod.gw-test.org", Logger: o.Logger, Clock: func() time.Time { return noon },
		Post: notify.NewPost(notify.PostOptions{Way: way, Webhooks: true, Logger: o.Logger})})
}

// subscribe gives a guild so many destinations.
func (h *house) subscribe(t *testing.T, guild snowflake.GuildID, owner snowflake.UserID, name string, n int) {
	t.Helper()
	grant, err := access.Check[access.UpdateSettings](t.Context(), h.Roster, access.Person(owner, false), guild)
	must(t, err)
	for range n {
		number, err := h.Store.AddDestination(t.Context(), grant, store.NewDestination{Kind: "webhook", Name: name,
			Shown: "hooks.gw-test.org/…wxyz", Address: notify.Address{URL: "https://hooks.gw-test.org/canary-hook-wxyz"}.Seal(),
			Reports: store.Reports{Daily: true}})
		must(t, err)
		_, err = h.Store.TryDestination(t.Context(), grant, number, "try:daily:2026-11-10")
		must(t, err)
	}
	must(t, h.Store.SaveSchedule(t.Context(), grant, edition.Daily, 7))
}

// The whole way: an admin adds a webhook, is shown its key once, presses the button, and the report arrives, with the
// figures of the page. Viewers see when reports come and read them, and nothing of where they go that is secret.
func TestAReportArrivesAtTheButton(t *testing.T) {
	arrived := make(chan http.Header, 4)
	sink := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { arrived <- r.Header }))
	t.Cleanup(sink.Close)
	h := policed(t, func(o *Options) {
		press := printing(o, netip.MustParseAddrPort(sink.Listener.Addr().String()))
		ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
		ended := make(chan struct{})
		go func() { defer close(ended); press.Run(ctx) }()
		t.Cleanup(func() { stop(); <-ended })
		o.Reports = press
	}).boundless()
	admin := h.signIn(t, adminID)
	page := answers(t, 200, h.submit(t, admin, reportsPath+"/destinations", url.Values{"kind": {"webhook"}, "name": {"Staff <b>"},
		"address": {sink.URL + "/canary-address-0123456789"}, "daily": {"yes"}}))
	key := between(page.body, "data-once>", "<")
	if len(key) != 64 || strings.Contains(page.body, "canary-address") {
		t.Fatalf("the key is %q", key)
	}
	if again := h.get(t, 200, reportsPath, "Cookie", admin).body; strings.Contains(again, key) || strings.Contains(again, "canary-address") ||
		!strings.Contains(again, "…6789") || !strings.Contains(again, "Staff &lt;b&gt;") {
		t.Error("the page shows the key or the address again, or not the destination")
	}
	tried := answers(t, 303, h.submit(t, admin, reportsPath+"/destinations/1", url.Values{"do": {"test"}}))
	header := <-arrived
	if header.Get("Guildwatch-Event") != "test" || !strings.HasPrefix(header.Get("Guildwatch-Signature"), "t=") {
		t.Errorf("arrived with %v", header)
	}
	if said := h.get(t, 200, tried.Header.Get("Location"), "Cookie", admin).body; !strings.Contains(plainText(said), "The test has arrived.") {
		t.Errorf("told as %.300s", plainText(said))
	}
	sink.Close()
	failed := answers(t, 303, h.submit(t, admin, reportsPath+"/destinations/1", url.Values{"do": {"test"}}))
	if said := plainText(h.get(t, 200, failed.Header.Get("Location"), "Cookie", admin).body); !strings.Contains(said, "The test did not arrive.") {
		t.Errorf("told as %.300s", said)
	}
	viewer := h.get(t, 200, reportsPath, "Cookie", h.signIn(t, viewerID)).body
	if strings.Contains(viewer, "<form class=\"form\"") || strings.Contains(viewer, "canary-address") {
		t.Error("a viewer gets forms, or the address")
	}
	h.secretIsNowhere(t, "canary-address", key)
}

// answers fails unless an answer has a status.
func answers(t *testing.T, want int, got reply) reply {
	t.Helper()
	if got.StatusCode != want {
		t.Fatalf("%s: status %d, want %d\n%.600s", got.Request.URL, got.StatusCode, want, plainText(got.body))
	}
	return got
}

// secretIsNowhere looks for what must not be there in the log and in every file of the data directory.
func (h *house) secretIsNowhere(t *testing.T, secrets ...string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(h.dir, "*"))
	must(t, err)
	texts := map[string]string{"the log": strings.Join(h.log.lines(""), "")}
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil {
			texts[file] = string(data)
		}
	}
	for where, text := range texts {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s has %s in clear", where, secret)
			}
		}
	}
}

func between(text, from, to string) string {
	_, rest, _ := strings.Cut(text, from)
	found, _, _ := strings.Cut(rest, to)
	return found
}

// F43: whatever an admin gives as the address of a webhook, guildwatch calls nothing inside: it is refused in the form,
// and what gets past it is refused at the dial.
func TestNoWebhookLeadsInside(t *testing.T) {
	called := atomic.Int64{}
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Add(1) }))
	t.Cleanup(inside.Close)
	h := policed(t, func(o *Options) {
		press := report.New(report.Options{Store: o.Store, Stats: o.Stats, Logger: o.Logger, Clock: func() time.Time { return noon },
			Post: notify.NewPost(notify.PostOptions{Way: notify.NewWay(notify.WayOptions{Logger: o.Logger}), Webhooks: true, Logger: o.Logger})})
		ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
		ended := make(chan struct{})
		go func() { defer close(ended); press.Run(ctx) }()
		t.Cleanup(func() { stop(); <-ended })
		o.Reports = press
	}).boundless()
	admin := h.signIn(t, adminID)
	port := inside.URL[strings.LastIndex(inside.URL, ":"):]
	for _, address := range []string{inside.URL, "https://127.0.0.1" + port, "https://localhost" + port, "http://2130706433" + port,
		"https://[::ffff:127.0.0.1]" + port, "https://discord.com@127.0.0.1" + port, "https://0.0.0.0" + port, "https://127.0.0.1.",
		"https://metadata.google.internal/", "https://169.254.169.254/latest/", "file:///etc/passwd", "https://hooks.gw-test.org" + port} {
		got := answers(t, 422, h.submit(t, admin, reportsPath+"/destinations", url.Values{"kind": {"webhook"}, "name": {"x"}, "address": {address}}))
		if strings.Contains(got.body, `value="`+address) {
			t.Errorf("%s is sent back", address)
		}
	}
	// As if it had been found good once: by a row that somebody has written.
	grant, err := access.Check[access.UpdateSettings](t.Context(), h.Roster, access.Person(keeper, false), home)
	must(t, err)
	number, err := h.Store.AddDestination(t.Context(), grant, store.NewDestination{Kind: "webhook", Name: "x",
		Address: notify.Address{URL: inside.URL}.Seal()})
	must(t, err)
	d, err := h.Reports.Try(t.Context(), grant, number)
	must(t, err)
	if d.State != "failed" || !strings.Contains(d.Detail, "was not called") || called.Load() > 0 {
		t.Errorf("%+v, called %d times", d, called.Load())
	}
}

// A form that cannot be saved comes back with what was filled in, but for the address.
func TestADestinationThatIsRefused(t *testing.T) {
	h := policed(t, nil).boundless()
	admin := h.signIn(t, adminID)
	for want, form := range map[string]url.Values{
		"This is no address of a Discord webhook": {"kind": {"discord"}, "name": {"Kept name"}, "address": {"https://evil.gw-test.org/"}},
		"E-mail is not set up":                    {"kind": {"email"}, "name": {"Kept name"}, "address": {"a@gw-test.org"}},
		"Choose where the reports go":             {"kind": {"pigeon"}, "name": {"Kept name"}, "address": {"x"}},
		"Give it a name of at most 60 characters": {"kind": {"webhook"}, "name": {""}, "address": {"https://hooks.gw-test.org/canary"}},
		"The address must begin with https://":    {"kind": {"webhook"}, "name": {"Kept name"}, "address": {"http://hooks.gw-test.org/canary"}},
	} {
		got := answers(t, 422, h.submit(t, admin, reportsPath+"/destinations", form))
		if !strings.Contains(got.body, want) || strings.Contains(got.body, "canary") ||
			form.Get("name") != "" && !strings.Contains(got.body, `value="Kept name"`) {
			t.Errorf("%s: %.400s", want, plainText(got.body))
		}
	}
	for _, hours := range []url.Values{{"daily": {"24"}, "weekly": {""}, "monthly": {""}},
		{"daily": {""}, "weekly": {"x"}, "monthly": {""}}, {"daily": {""}, "weekly": {""}, "monthly": {"-1"}}, {"daily": {"7"}}, {}} {
		answers(t, 422, h.submit(t, admin, reportsPath, hours))
	}
	answers(t, 303, h.submit(t, admin, reportsPath, url.Values{"daily": {"7"}, "weekly": {""}, "monthly": {"0"}}))
	page := plainText(h.get(t, 200, reportsPath, "Cookie", h.signIn(t, viewerID)).body)
	for _, part := range []string{"Every day at 07:00", "Weekly Off", "Every first of the month at 00:00"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page does not say %q: %s", part, page)
		}
	}
}

// A report is of the time that its address names, and says the same as the dashboard's figures of it.
func TestAReportToRead(t *testing.T) {
	h := policed(t, nil).boundless()
	viewer := h.signIn(t, viewerID)
	page := h.get(t, 200, reportsPath+"/daily?date=2026-11-20", "Cookie", viewer).body
	clean(t, "the report", page)
	for _, part := range []string{"Friday, 20 November 2026, so far", "plain-pat", "House words", "High"} {
		if !strings.Contains(plainText(page), part) {
			t.Errorf("the report does not say %q: %s", part, plainText(page))
		}
	}
	for path, status := range map[string]int{"/daily?date=2026-11-18": 200, "/weekly?date=2026-11-18": 200, "/monthly?date=2026-11-18": 200,
		"/yearly": 404, "/daily?date=x": 400, "/daily?date=2026-02-30": 400, "/daily?date=8999-01-01": 400, "/daily?date=1066-10-14": 400} {
		h.get(t, status, reportsPath+path, "Cookie", viewer)
	}
}
