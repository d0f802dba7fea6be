package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
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
	s := Settings{Listen: "0.0.0.0:8080", LogLevel: "loud", LogFormat: "xml", PublicURL: "mod.example.org", APIURL: "https://discord.com/api/v10",
		Operators: "me", StreamsPerUser: 0, StreamsTotal: -1}
	_, err := s.Validate()
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 8 {
		t.Fatalf("want 8 problems, got %v", err)
	}
	for _, p := range problems {
		if p.Field == "" || p.Want == "" || !strings.Contains(err.Error(), p.Field) {
			t.Errorf("problem without field or remedy: %+v", p)
		}
	}
}

func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	for listen, ok := range map[string]bool{"127.0.0.1:0": true, "[::1]:8080": true, "localhost:80": true, ":8080": false,
		"192.168.1.4:80": false, "8080": false, "example.org:80": false} {
		s := good()
		s.Listen = listen
		if _, err := s.Validate(); (err == nil) != ok {
			t.Errorf("%s: %v", listen, err)
		}
	}
}

func TestSecretsNeverShow(t *testing.T) {
	s := good()
	s.Token = "canary-token"
	c, err := s.Validate()
	if err != nil {
		t.Fatal(err)
	}
	data, _ := json.Marshal(c)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", c, "token", c.Token)
	for _, text := range []string{string(data), log.String(), fmt.Sprintf("%v %+v %#v %s", c, c, c, c.Token)} {
		if strings.Contains(text, "canary") {
			t.Errorf("the token shows in %s", text)
		}
	}
	if c.Token.Reveal() != "canary-token" {
		t.Error("the token is lost")
	}
}
