package handlers

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guildwatch/store"
	"guildwatch/store/storetest"
)

// vault is a house whose store can keep secrets.
func vault(t *testing.T, change func(*Options)) *house {
	t.Helper()
	var dir string
	h := open(t, func(o *Options) {
		o.Store = storetest.New(t, storetest.Sealing, func(s *store.Options) { dir = s.Dir })
		o.Stats = figures(o.Store)
		seed(t, o.Store)
		o.Say = (&said{}).say
		o.Health = func(context.Context) []Part {
			return []Part{{Name: "database", State: Well}, {Name: "discord", State: Degraded, Reason: "An <intent> is missing."}}
		}
		if change != nil {
			change(o)
		}
	})
	h.dir = dir
	return h
}

const clientSecret = "canaryClientSecret_0123456789-xY"

func TestTheInstanceIsTheOperators(t *testing.T) {
	h := vault(t, nil)
	text := plainText(h.get(t, 200, "/instance").body)
	for _, part := range []string{"database ok", "discord degraded An <intent> is missing.", "Version 1.2.3", "Open streams 0"} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q: %s", part, text)
		}
	}
	// Whoever owns a server on it does not run it.
	stranger := h.signIn(t, farID)
	if got := h.get(t, 403, "/instance", "Cookie", stranger); strings.Contains(got.body, "database") {
		t.Error("the refusal shows what was refused")
	}
	got := h.submit(t, stranger, "/instance", url.Values{"do": {"set"}, "client_secret": {clientSecret}})
	if got.StatusCode != 403 {
		t.Errorf("POST of a stranger: status %d", got.StatusCode)
	}
	if _, set, err := h.Store.SecretInfo(t.Context(), 0, store.SecretClient); err != nil || set {
		t.Errorf("the stranger has set a secret: %v", err)
	}
	if row := h.auditLog(t, 0)[0]; row.Action != "denied" || row.Actor.User != farID {
		t.Errorf("the refusal is noted as %+v", row)
	}
	alone(t, h.get(t, 200, "/instance?region=instance"), "instance")
	h.get(t, 404, "/instance?region=team")
}

// A secret is set, replaced and removed, and never comes back in any answer, log line or file.
func TestTheClientSecretIsNeverShown(t *testing.T) {
	h := vault(t, nil)
	var shown strings.Builder
	look := func(got reply) reply { shown.WriteString(got.body); return got }
	save := func(what, value string, want int) reply {
		t.Helper()
		got := look(h.submit(t, "", "/instance", url.Values{"do": {what}, "client_secret": {value}}))
		if got.StatusCode != want {
			t.Fatalf("%s: status %d: %s", what, got.StatusCode, plainText(got.body))
		}
		if want == http.StatusSeeOther {
			return look(h.get(t, 200, got.Header.Get("Location")))
		}
		return got
	}
	f := formTo(t, look(h.get(t, 200, "/instance")).body, "/instance", "client_secret")
	if f.values.Get("client_secret") != "" {
		t.Errorf("the form has %v", f.values)
	}
	text := plainText(save("set", clientSecret, 303).body)
	for _, part := range []string{"••••••••9-xY", "set on ", " by keeper", "keeper set the client secret",
		"Only its last four characters are shown from now on."} {
		if !strings.Contains(text, part) {
			t.Errorf("the page does not say %q: %s", part, text)
		}
	}
	if value, err := h.Store.Secret(t.Context(), 0, store.SecretClient); value != clientSecret || err != nil {
		t.Errorf("kept is another: %v", err)
	}
	for _, odd := range []string{"", "short", "canary secret with spaces inside of it", "canary<script>alert(1)</script>canary",
		strings.Repeat("canary", 40)} {
		got := save("set", odd, 422)
		if !strings.Contains(got.body, "This is no client secret") || odd != "" && strings.Contains(got.body, odd) {
			t.Errorf("%q: %s", odd, plainText(got.body))
		}
	}
	save("", clientSecret, 422)
	save("set", "canaryAnotherSecret_0123456789ab", 303)
	if text := plainText(save("remove", "", 303).body); !strings.Contains(text, "keeper removed the client secret") ||
		!strings.Contains(text, "The client secret is removed.") {
		t.Errorf("after the removal: %s", text)
	}
	if _, set, err := h.Store.SecretInfo(t.Context(), 0, store.SecretClient); set || err != nil {
		t.Errorf("still set: %v", err)
	}
	for what, text := range map[string]string{"an answer": shown.String(), "the log": strings.Join(h.log.lines(""), ""),
		"the database": files(t, h.dir)} {
		for _, secret := range []string{clientSecret, "canaryAnotherSecret"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds the secret", what)
			}
		}
	}
}

// files are the bytes of everything in a directory.
func files(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d files: %v", len(names), err)
	}
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(body)
	}
	return all.String()
}

func TestASecretFromTheEnvironmentWins(t *testing.T) {
	h := vault(t, func(o *Options) { o.SecretFixed = true })
	page := h.get(t, 200, "/instance").body
	if !strings.Contains(page, "DISCORD_CLIENT_SECRET") || strings.Contains(page, `name="client_secret"`) {
		t.Errorf("the page offers to set it: %s", plainText(page))
	}
	if got := h.submit(t, "", "/instance", url.Values{"do": {"set"}, "client_secret": {clientSecret}}); got.StatusCode != 409 {
		t.Errorf("status %d", got.StatusCode)
	}
}

// Without a key nothing is kept, and the operator is told what to do.
func TestASecretWithoutAKeyIsRefused(t *testing.T) {
	h := vault(t, func(o *Options) {
		o.Store = storetest.New(t)
		o.Stats = figures(o.Store)
		seed(t, o.Store)
	})
	got := h.submit(t, "", "/instance", url.Values{"do": {"set"}, "client_secret": {clientSecret}})
	if got.StatusCode != 503 || !strings.Contains(got.body, "no key for them") || strings.Contains(got.body, clientSecret) {
		t.Errorf("status %d: %s", got.StatusCode, plainText(got.body))
	}
}
