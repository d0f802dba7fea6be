package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/moderation/rule/scam"
	"guildwatch/internal/snowflake"
)

// inForce are a guild's rules once its owner has saved the changes.
func inForce(t *testing.T, g *Guild) *rule.Set {
	t.Helper()
	rules := g.OwnRules()
	for _, change := range g.Changes() {
		if at := slices.IndexFunc(rules, func(r rule.Rule) bool { return r.Number == change.Rule.Number }); at >= 0 {
			rules[at] = change.Rule
			continue
		}
		change.Rule.Number = int64(len(rules) + 1)
		rules = append(rules, change.Rule)
	}
	set, problems := rule.Compile(g.ID, rules, scam.Known())
	for _, p := range problems {
		t.Errorf("%s: %s: %s", g.name, p.Rule.Name, p.Text)
	}
	return set
}

// reader reads what members of a guild write and are called, as the desk does.
type reader struct {
	set    *rule.Set
	memory *rule.Memory
	at     time.Time
	last   snowflake.MessageID
}

func (r *reader) broken(author snowflake.UserID, channel snowflake.ChannelID, texts ...moderation.Text) (names []string) {
	r.last++
	r.at = r.at.Add(400 * time.Millisecond)
	m := rule.Message{ID: r.last, Channel: channel, Author: author, Texts: texts, At: r.at}
	for _, text := range texts {
		m.Mentions += strings.Count(text.Value, "<@")
	}
	for _, hit := range r.set.Judge(&m, r.memory) {
		names = append(names, hit.Rule.Name)
	}
	return names
}

func TestWhatBreaksARuleIsFoundInEveryDisguise(t *testing.T) {
	for _, g := range NewTown(1, noon).Guilds {
		r := reader{set: inForce(t, g), memory: rule.NewMemory(), at: noon}
		ids := snowflake.UserID(1000)
		m := &mouth{rand.New(rand.NewPCG(1, 2)), func() snowflake.UserID { ids++; return ids }}
		for _, o := range g.offences() {
			for range 200 {
				ids++ // somebody else each time, so that only this offence counts
				who, broken := ids, []string(nil)
				if o.nick != nil {
					broken = r.broken(who, 0, moderation.Text{Surface: moderation.SurfaceName, Value: o.nick(m)})
				} else {
					for _, message := range o.say(m) {
						broken = append(broken, r.broken(who, g.Channels[0], textsOf(message)...)...)
					}
				}
				if !slices.Contains(broken, o.rule) {
					t.Errorf("%s: an offence against %q breaks %q", g.name, o.rule, broken)
					break
				}
			}
		}
		for _, word := range append(slices.Clone(unkind), lateWord) {
			for i, disguise := range disguises {
				text := moderation.Text{Surface: moderation.SurfaceContent, Value: "you " + disguise(word) + " there"}
				ids++
				if broken := r.broken(ids, g.Channels[0], text); !slices.Equal(broken, []string{bannedWords}) {
					t.Errorf("%s: %q in disguise %d breaks %q", g.name, text.Value, i, broken)
				}
			}
		}
	}
}

func TestEveryOffenceHappensSomewhere(t *testing.T) {
	known := map[string]bool{}
	for _, g := range NewTown(1, noon).Guilds {
		for _, o := range g.offences() {
			known[o.rule] = true
		}
	}
	for _, o := range offences {
		if !known[o.rule] {
			t.Errorf("no guild has the rule %q", o.rule)
		}
	}
}

func TestOrdinaryTalkBreaksNoRule(t *testing.T) {
	for _, g := range NewTown(1, noon).Guilds {
		r := reader{set: inForce(t, g), memory: rule.NewMemory(), at: noon}
		who := snowflake.UserID(1)
		say := func(surface moderation.Surface, text string) {
			who++ // each by somebody else, as in life
			if broken := r.broken(who, g.Channels[0], moderation.Text{Surface: surface, Value: text}); broken != nil {
				t.Errorf("%s: %q breaks %q", g.name, text, broken)
			}
		}
		for _, remark := range remarks {
			for _, topic := range g.topics {
				if strings.Contains(remark, "%s") {
					say(moderation.SurfaceContent, fmt.Sprintf(remark, topic))
				} else {
					say(moderation.SurfaceContent, remark)
				}
			}
		}
		for _, adjective := range adjectives {
			for _, animal := range animals {
				say(moderation.SurfaceName, adjective+" "+animal)
			}
		}
	}
}

func TestFalseAlarmsAreKnownAndOthersAreNone(t *testing.T) {
	g := NewTown(1, noon).Guilds[1]
	m := &mouth{rand.New(rand.NewPCG(1, 2)), func() snowflake.UserID { return 1 }}
	for _, o := range g.offences() {
		if o.nick != nil || o.rule == mentionSpam {
			continue
		}
		for range 50 {
			for _, message := range o.say(m) {
				if FalseAlarm(message.Text) != o.alarm {
					t.Errorf("%q is a false alarm: %v", message.Text, !o.alarm)
				}
			}
		}
	}
}

// textsOf is what the bot reads of a message.
func textsOf(m discordsim.Content) []moderation.Text {
	texts := []moderation.Text{{Surface: moderation.SurfaceContent, Value: m.Text}}
	if m.Attachments != nil {
		_, after, _ := strings.Cut(string(m.Attachments), `"filename":"`)
		name, _, _ := strings.Cut(after, `"`)
		texts = append(texts, moderation.Text{Surface: moderation.SurfaceAttachment, Value: name})
	}
	return texts
}
