package rule

import (
	"testing"
	"time"

	"guildwatch/internal/moderation"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func sample(text string) Sample {
	return Sample{Text: text, Surface: moderation.SurfaceContent, Age: 1000 * time.Hour}
}

// A trial says what was read and what would follow, again and again the same: nothing is remembered.
func TestATrialCountsNothing(t *testing.T) {
	s := compile(t,
		Rule{Kind: Words, Spec: Spec{Words: []string{"blorp"}}, Severity: moderation.SeverityLow, Respond: RespondWarn,
			Delete: true},
		Rule{Kind: Words, Spec: Spec{Words: []string{"blorp"}}, Severity: moderation.SeverityCritical, Mode: Shadow},
		Rule{Kind: Words, Spec: Spec{Words: []string{"blorp"}}, Severity: moderation.SeverityHigh, Respond: RespondKick},
		Rule{Kind: Flood, Spec: Spec{Most: 1, Within: time.Minute}},
		Rule{Kind: Mentions, Spec: Spec{Most: 2, Within: time.Minute}})
	for range 5 {
		v := s.Try(sample("Bl\u200b0rp <@1> (@mara, mail@example.org"), noon)
		if v.Read != "bl0rp <@1> (@mara, mail@example.org" {
			t.Fatalf("read as %q", v.Read)
		}
		if len(v.Hits) != 3 || v.Decides == nil || v.Decides.Number != 3 || !v.Delete || v.Hits[0].Rule.Number != 2 {
			t.Fatalf("%+v", v)
		}
		if len(v.Untested) != 1 || v.Untested[0].Kind != Flood {
			t.Fatalf("untested are %v", v.Untested)
		}
	}
	if v := s.Try(sample("a fine day @everyone"), noon); len(v.Hits) != 1 || v.Hits[0].Rule.Kind != Mentions {
		t.Errorf("%+v", v)
	}
	if v := s.Try(sample("fine"), noon); v.Hits != nil || v.Decides != nil || v.Delete {
		t.Errorf("%+v", v)
	}
}

// Each template can be saved as it is, and each kind's blank rule lacks at most what only its author knows.
func TestTemplatesCanBeSaved(t *testing.T) {
	seen := map[string]bool{}
	for _, template := range Templates() {
		if err := template.Rule.Check(); err != nil || seen[template.ID] || template.About == "" {
			t.Errorf("%s: %v", template.ID, err)
		}
		seen[template.ID] = true
		if found, ok := TemplateOf(template.ID); !ok || found.Rule.Name != template.Rule.Name {
			t.Errorf("%s is not found", template.ID)
		}
	}
	if _, ok := TemplateOf("none"); ok {
		t.Error("a template that there is not is found")
	}
	for _, kind := range Kinds() {
		for _, flaw := range ptr(Blank(kind)).Flaws() {
			switch flaw.Field {
			case FieldName, FieldWords, FieldPattern:
			default:
				t.Errorf("a blank %s: %s: %s", kind, flaw.Field, flaw.Text)
			}
		}
	}
}

func ptr(r Rule) *Rule { return &r }

// What the templates are for, they find.
func TestTemplatesFindWhatTheyAreFor(t *testing.T) {
	var rules []Rule
	at := map[string]int64{}
	for i, template := range Templates() {
		rules = append(rules, template.Rule)
		at[template.ID] = int64(i + 1)
	}
	s := compile(t, rules...)
	for text, want := range map[string]string{
		"join discord.gg/abcdef now":                            "invites",
		"[https://discord.com](https://example.org/nitro) free": "scam-links",
		"WHY DOES NOBODY EVER LISTEN":                           "shouting",
		"<@1> <@2> <@3> <@4> <@5> <@6> <@7> look":               "mention-spam",
	} {
		if hits := s.Try(sample(text), noon).Hits; len(hits) != 1 || hits[0].Rule.Number != at[want] {
			t.Errorf("%q: %+v, want %s", text, hits, want)
		}
	}
	if hits := s.Try(Sample{Text: "hello", Surface: moderation.SurfaceContent, Age: time.Hour},
		noon).Hits; len(hits) != 1 ||
		hits[0].Rule.Number != at["new-accounts"] {
		t.Errorf("a new account: %+v", hits)
	}
	if hits := s.Try(Sample{Text: "photo.png.exe", Surface: moderation.SurfaceAttachment, Age: 1000 * time.Hour},
		noon).Hits; len(hits) != 1 ||
		hits[0].Rule.Number != at["programs"] {
		t.Errorf("a program: %+v", hits)
	}
	if hits := s.Try(sample("Good morning, how is everybody? See https://example.org/a"), noon).Hits; len(hits) != 0 {
		t.Errorf("an ordinary message: %+v", hits)
	}
}
