package redact

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Each kind of secret, in the ways in which it gets into a log: as a message, an attribute, an error, a header, a
// panic's text, in text and in JSON. The canary is the secret part; what is not secret stays readable.
func TestSecretsOfEveryKindAreHidden(t *testing.T) {
	const canary = "CANARYcanary0123456789canaryCANARY"
	for name, c := range map[string]struct{ text, stays string }{
		"a bot's token": {"MTIzNDU2Nzg5MDEyMzQ1Njc4.CANARY." + canary, ""},
		"a header":      {"Authorization: Bot " + canary, "Authorization: Bot "},
		"a bearer":      {"got 401 with bearer " + canary + ", trying again", "trying again"},
		"basic":         {"Basic " + base64.StdEncoding.EncodeToString([]byte("7:"+canary)), "Basic "},
		"a webhook": {"POST https://discord.com/api/webhooks/81384788765712384/" + canary + ": 404",
			"webhooks/81384788765712384/"},
		"a reply": {`Patch "https://discord.com/api/v10/webhooks/7/` + canary + `/messages/@original": EOF`,
			"messages/@original"},
		"an interaction":  {"/interactions/7/" + canary + "/callback", "/callback"},
		"Slack":           {"https://hooks.slack.com/services/T1/B2/" + canary, "hooks.slack.com/services/"},
		"a link":          {"https://mod.example.org/sign-in/link/" + canary + " was opened", "/sign-in/link/"},
		"a session":       {"__Host-sid=" + canary + "; Path=/", "Path=/"},
		"a plain session": {"sid=" + canary, "sid="},
		"OAuth's return":  {"GET /sign-in/callback?code=" + canary + "&state=" + canary, "/sign-in/callback?code="},
		"OAuth's answer": {`{"token_type": "Bearer", "access_token": "` + canary + `", "scope": "identify"}`,
			`"scope"`},
		"a form": {"client_id=7&client_secret=" + canary + "&grant_type=authorization_code",
			"grant_type=authorization_code"},
		"a proof":    {"code_verifier=" + canary, "code_verifier="},
		"a password": {"smtp://mail password=" + canary, "smtp://mail"},
		"a cookie header": {fmt.Sprint(http.Header{"Cookie": {"a=" + canary + "; b=" + canary},
			"Accept": {"text/html"}}), "text/html"},
		"a set cookie":         {"Set-Cookie: a=" + canary, "Set-Cookie: "},
		"a token by its name":  {"token=" + canary, "token="},
		"a web token":          {"eyJhbGciOiJIUzI1NiJ9xx.CANARY0123." + canary, ""},
		"one in an address":    {"Get https://x.example/?access_token=" + canary + "&a=b: timeout", "a=b: timeout"},
		"upper case":           {"AUTHORIZATION: BEARER " + canary, "AUTHORIZATION"},
		"two lines of a panic": {"panic: Bot " + canary + "\ngoroutine 7 [running]", "goroutine 7 [running]"},
	} {
		var log bytes.Buffer
		for _, handler := range []slog.Handler{slog.NewTextHandler(Writer(&log), nil), slog.NewJSONHandler(Writer(&log),
			nil)} {
			logger := slog.New(handler)
			logger.Info(c.text)
			logger.With("with", c.text).WithGroup("group").Info("message", "attribute", c.text)
			logger.Error("failed", "err", fmt.Errorf("request: %w", errors.New(c.text)))
			logger.Error("failed", "any", struct{ Text []string }{[]string{c.text}})
		}
		if text := log.String(); strings.Contains(strings.ToLower(text), "canary") || strings.Count(text, "\n") != 8 {
			t.Errorf("%s: %s", name, text)
		}
		if got := Text(c.text); !strings.Contains(got, c.stays) || strings.Contains(strings.ToLower(got), "canary") {
			t.Errorf("%s: %q became %q", name, c.text, got)
		}
	}
}

// What is no secret is not touched: a log that hides too much helps nobody.
func TestOrdinaryLinesStay(t *testing.T) {
	for _, line := range []string{
		`level=INFO msg=request request=abcdefghijkl method=GET route=/g/:guild_id guild=81384788765712384 status=200 took=1.2ms ip=192.0.2.7`,
		`level=WARN msg="request failed for now" code=unavailable state=connected error="store: context deadline exceeded"`,
		`the bot has stopped; the dashboard goes on`,
		`Bot has lost its connection: wss://gateway.discord.gg/?v=10&encoding=json&compress=zlib-stream`,
		`/home/guild.watch/internal.package/file.go:123 github.com/labstack/echo/v4.(*Echo).ServeHTTP.func1`,
		`DISCORD_TOKEN is not set`, `belongs to Basic English (application 81384788765712384)`,
		`sqlite: database is locked (5)`, `POST /webhooks/81384788765712384`, `version=1.2.3 go=go1.26.8`,
	} {
		if got := Text(line); got != line {
			t.Errorf("%q became %q", line, got)
		}
	}
}

// A secret that is known by its value is found however it is written, also when it looks like nothing.
func TestKnownSecretsAreHidden(t *testing.T) {
	secret := "ca \"n\" ary/+=&?%"
	for _, form := range []string{secret, fmt.Sprintf("%q", secret), url.QueryEscape(secret), url.PathEscape(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret))} {
		var out bytes.Buffer
		line := "before " + form + " after\n"
		n, err := io.WriteString(Writer(&out, secret, "", "after"), line)
		if err != nil || n != len(line) || !strings.HasPrefix(out.String(), "before ") || !strings.HasSuffix(out.String(),
			" after\n") ||
			!strings.Contains(out.String(), mask) || strings.Contains(out.String(), strings.Trim(form, `"`)) {
			t.Errorf("%q became %q (%d, %v)", line, out.String(), n, err)
		}
	}
}

func BenchmarkWriter(b *testing.B) {
	log := slog.New(slog.NewTextHandler(Writer(io.Discard, "canary-token-of-the-bot", "canary-client-secret"), nil))
	for b.Loop() {
		log.Info("request", "request", "abcdefghijkl", "method", "GET", "route", "/g/:guild_id", "guild",
			int64(81384788765712384),
			"status", 200, "bytes", 80_000, "took", 1200, "ip", "192.0.2.7")
	}
}
