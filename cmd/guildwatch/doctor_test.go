package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guildwatch/internal/discordsim"
)

func TestDoctorFindsNothingWrongWithAHealthySetUp(t *testing.T) {
	s := newStage(t)
	t.Setenv("DISCORD_TOKEN", s.sim.Token())
	code, out, errs := shell(t, "doctor", "--discord-api-url", s.sim.URL(), "--data", t.TempDir())
	if code != 0 || strings.Contains(out, "FIX") || strings.Count(out, "  ok ") != 10 {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if strings.Contains(out+errs, s.sim.Token()) {
		t.Error("the token shows")
	}
}

func TestDoctorSaysHowToMendEachFault(t *testing.T) {
	s := newStage(t)
	s.sim.Set(func(k *discordsim.Knobs) { k.PrivilegedIntents = 0 })
	s.sim.AddGuild(discordsim.Guild{Name: "Tight", BotPermissions: discordsim.PermissionsEveryone})
	t.Setenv("DISCORD_TOKEN", s.sim.Token())
	code, out, _ := shell(t, "doctor", "--discord-api-url", s.sim.URL(), "--data", t.TempDir())
	for _, want := range []string{"Message Content Intent is off", "Server Members Intent is off", `in "Tight" it lacks`,
		"View Audit Log"} {
		if code != 1 || !strings.Contains(out, want) {
			t.Errorf("exit %d, want %q in: %s", code, want, out)
		}
	}
}

func TestDoctorKnowsAWrongTokenFromAnAbsentOne(t *testing.T) {
	s := newStage(t)
	t.Setenv("DISCORD_TOKEN", "wrong")
	if code, out, _ := shell(t, "doctor", "--discord-api-url", s.sim.URL(), "--data", t.TempDir()); code != 1 ||
		!strings.Contains(out, "does not accept") {
		t.Errorf("wrong token: exit %d: %s", code, out)
	}
	t.Setenv("DISCORD_TOKEN", "")
	if code, out, _ := shell(t, "doctor", "--data", t.TempDir()); code != 1 || !strings.Contains(out, "is not set") {
		t.Errorf("no token: exit %d: %s", code, out)
	}
}

func TestDoctorLooksAtTheWayIn(t *testing.T) {
	s := newStage(t)
	s.certified(false)
	s.sim.Set(func(k *discordsim.Knobs) { k.Redirects = []string{"https://mod.example.org/sign-in/callback"} })
	t.Setenv("DISCORD_TOKEN", s.sim.Token())
	open := t.TempDir()
	if err := os.WriteFile(filepath.Join(open, "guildwatch.key"), []byte(strings.Repeat("0f", 32)), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := t.TempDir()
	if err := os.WriteFile(filepath.Join(broken, "guildwatch.key"), []byte("canary"), 0o600); err != nil {
		t.Fatal(err)
	}
	tls := []string{"--tls-cert", s.config.TLSCert, "--tls-key", s.config.TLSKey}
	for name, c := range map[string]struct {
		args   []string
		secret string
		want   string
		ok     bool
	}{
		"alone": {nil, "", "with a client secret and the redirect http://127.0.0.1:8080/sign-in/callback", true},
		"a proxy": {[]string{"--public-url", "https://mod.example.org", "--trusted-proxies", "127.0.0.1"}, "x",
			"through Discord's own page", true},
		"an unknown proxy": {[]string{"--public-url", "https://mod.example.org"}, "", "--trusted-proxies", false},
		"another redirect": {nil, "x", "does not know the redirect http://127.0.0.1:8080/sign-in/callback", false},
		"plain http": {[]string{"--listen", "0.0.0.0:8080", "--public-url", "http://mod.lan:8080", "--insecure-http"},
			"", "read along", true},
		"out of reach": {append(tls, "--public-url", "https://localhost.example:8443"), "", "such as :8443", false},
		"a foreign name": {append(tls, "--listen", ":8443", "--public-url", "https://mod.example.org"), "",
			"not made out to mod.example.org", false},
		"an old one":        {append(tls, "--public-url", "https://localhost"), "", "See why it is not renewed", false},
		"an open key file":  {[]string{"--data", open}, "", "chmod 600", false},
		"a broken key file": {[]string{"--data", broken}, "", "cannot be used", false},
	} {
		t.Setenv("DISCORD_CLIENT_SECRET", c.secret)
		args := append([]string{"doctor", "--discord-api-url", s.sim.URL(), "--data", t.TempDir()}, c.args...)
		code, out, errs := shell(t, args...)
		if (code == 0) != c.ok || !strings.Contains(out, c.want) || strings.Contains(out+errs, "canary") {
			t.Errorf("%s: exit %d, want %q in: %s%s", name, code, c.want, out, errs)
		}
	}
}

func TestServeWithoutATokenSaysWhereToGetOne(t *testing.T) {
	t.Setenv("DISCORD_TOKEN", "")
	code, _, errs := shell(t, "serve", "--data", t.TempDir())
	if code != 1 || !strings.Contains(errs, "discord.com/developers") || !strings.Contains(errs, "guildwatch demo") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
