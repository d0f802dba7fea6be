package rule

import (
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

func TestNewAccountsMayWriteWithoutLinks(t *testing.T) {
	template, _ := TemplateOf("new-accounts-with-links")
	template.Rule.Number = 1
	set, problems := Compile(42, []Rule{template.Rule}, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		age     time.Duration
		surface moderation.Surface
		text    string
		broken  bool
	}{
		{time.Hour, moderation.SurfaceContent, "see https://site.example.com/x", true},
		{time.Hour, moderation.SurfaceContent, "see site[.]com", true},
		{time.Hour, moderation.SurfaceContent, "join discord.gg/abc", true},
		{time.Hour, moderation.SurfaceContent, "type .gg/abcd", true},
		{time.Hour, moderation.SurfaceForward, "http://192.0.2.7/x", true},
		{time.Hour, moderation.SurfaceContent, "hello. how are you?", false},
		{time.Hour, moderation.SurfaceAttachment, "notes.zip", false},
		{8 * 24 * time.Hour, moderation.SurfaceContent, "see https://site.example.com/x", false},
	} {
		m := &Message{Author: snowflake.At[snowflake.UserID](now.Add(-c.age), 0), At: now,
			Texts: []moderation.Text{{Surface: c.surface, Value: c.text}}}
		if hits := set.Judge(m, nil); (len(hits) > 0) != c.broken {
			t.Errorf("%s on %s at %s: %d hits", c.text, c.surface, c.age, len(hits))
		}
	}
}

func TestEveryKindHasATemplateAndABlank(t *testing.T) {
	for _, kind := range Kinds() {
		if firstOf(kind).Kind != kind {
			t.Errorf("%s has no template", kind)
		}
		if blank := Blank(kind); blank.Kind != kind || blank.Mode != Shadow || len(blank.Spec.Words) > 0 || blank.Spec.Pattern != "" {
			t.Errorf("%s begins with %+v", kind, blank)
		}
	}
	if Blank(NewAccount).Spec.Linked {
		t.Error("a rule for new accounts begins with links alone")
	}
}
