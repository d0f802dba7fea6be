package rule

import (
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule/scam"
	"guildwatch/internal/snowflake"
)

func message(text string) *Message {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	return &Message{ID: 1, Channel: 5, Author: snowflake.At[snowflake.UserID](now.Add(-1000*time.Hour), 0), At: now,
		Texts: []moderation.Text{{Surface: moderation.SurfaceContent, Value: text}}}
}

func compile(t testing.TB, rules ...Rule) *Set {
	t.Helper()
	for i := range rules {
		r := &rules[i]
		r.Number = int64(i + 1)
		if r.Name == "" {
			r.Name = string(r.Kind)
		}
		if r.Mode == "" {
			r.Mode = Enforce
		}
		if r.Severity == "" {
			r.Severity = moderation.SeverityMedium
		}
		if r.Respond == "" {
			r.Respond = RespondLadder
		}
	}
	s, problems := Compile(42, rules, scam.Known())
	for _, p := range problems {
		t.Fatalf("%s: %s", p.Rule.Name, p.Text)
	}
	return s
}

func TestFirst(t *testing.T) {
	s := compile(t, Rule{Kind: Words, Spec: Spec{Words: []string{"blorp", "free nitro", "zugg*", "*wump*"}}},
		Rule{Kind: Links, Spec: Spec{Deny: []string{"evil.example.com"}, Scams: true, Masked: true}},
		Rule{Kind: Invites}, Rule{Kind: Regex, Spec: Spec{Pattern: `send \d+ coins`}})
	for text, want := range map[string]int{
		"blorp": 1, "BLORP!": 1, "bl0rp": 1, "b l o r p": 1, "blоrp": 1, "b​lorp": 1, "blooooorp": 1, "b.l.o.r.p": 1, "ⓑⓛⓞⓡⓟ": 1, "𝖇𝖑𝖔𝖗𝖕": 1,
		"b|0rp": 1, "blorping": 0, "a blorp a day": 1, "FREE  n1tro": 1, "free-nitro": 1, "zugging": 1, "xwumpy": 1, "e.g. this": 0, "see main.go": 0,
		"https://1000-rewards.xyz/x": 1, "1000-rewards[.]xyz": 1, "[discord.com](https://foo.example.org)": 1, "discord.gg/abc": 1, "discord . gg / abc": 0,
		"join .gg/abc": 1, "https://discord.com/invite/AbC": 1, "please send 50 coins": 1, "b̶l̶o̶r̶p̶": 1, "🇧🇱🇴🇷🇵": 1,
	} {
		hits := s.Judge(message(text), nil)
		if len(hits) != want {
			t.Errorf("%q: %d hits, want %d: %+v", text, len(hits), want, hits)
		}
	}
}
