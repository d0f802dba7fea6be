package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// good is what the flags' defaults give.
func good() Settings {
	return Settings{Listen: "127.0.0.1:8080", LogLevel: "info", LogFormat: "text", APIURL: "https://discord.com/api",
		StreamsPerUser: 5, StreamsTotal: 10000}
}

func TestDefaultsAreValid(t *testing.T) {
	s := good()
	s.Operators, s.PublicURL = "81384788765712384, 80351110224678912", "https://mod.example.org/"
	c, err := s.Validate()
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Operators) != 2 || c.PublicURL.Host != "mod.example.org" || c.APIURL != "https://discord.com/api" {
		t.Errorf("got %+v", c)
	}
}

func TestEveryProblemIsListedAtOnce(t *testing.T) {
	s := Settings{Listen: "8080", LogLevel: "loud", LogFormat: "xml", PublicURL: "mod.example.org",
		APIURL:    "https://discord.com/api/v10",
		Operators: "me", StreamsPerUser: 0, StreamsTotal: -1, TLSKey: "key.pem", TrustedProxies: "proxy"}
	s = s.WithSecrets(environment{"DISCORD_TOKEN_FILE": "/none", "GUILDWATCH_KEY": "canary",
		"DISCORD_CLIENT_SECRET": "canary", "DISCORD_CLIENT_SECRET_FILE": "/none"}.get)
	_, err := s.Validate()
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 13 || strings.Contains(err.Error(), "canary") {
		t.Fatalf("want 13 problems, got %d: %v", len(problems), err)
	}
	for _, p := range problems {
		if p.Field == "" || p.Want == "" || !strings.Contains(err.Error(), p.Field) {
			t.Errorf("problem without field or remedy: %+v", p)
		}
	}
}

func TestSecretsNeverShow(t *testing.T) {
	key := strings.Repeat("0fca", 16)
	s := good().WithSecrets(environment{"DISCORD_TOKEN": "canary-token\n", "DISCORD_CLIENT_SECRET": "canary-secret",
		"GUILDWATCH_KEY": key}.get)
	c, err := s.Validate()
	if err != nil {
		t.Fatal(err)
	}
	data, _ := json.Marshal(c)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", c, "token", c.Token)
	for _, text := range []string{string(data), log.String(), fmt.Sprintf("%v %+v %#v %s", c, c, c, c.Token)} {
		if strings.Contains(text, "canary") || strings.Contains(text, key) {
			t.Errorf("a secret shows in %s", text)
		}
	}
	if c.Token.Reveal() != "canary-token" || c.ClientSecret.Reveal() != "canary-secret" {
		t.Error("a secret is lost")
	}
}

// environment is what getenv reads.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }

func TestSecretsComeFromFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	for content, ok := range map[string]bool{"canary-token\n": true, " \n": false} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := good().WithSecrets(environment{"DISCORD_TOKEN_FILE": file}.get).Validate()
		if (err == nil) != ok || ok && c.Token.Reveal() != "canary-token" {
			t.Errorf("%q: %v, %v", content, c.Token.IsSet(), err)
		}
	}
}
