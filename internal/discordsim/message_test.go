package discordsim

import (
	"encoding/json"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"
	"pgregory.net/rapid"
)

// The hand-written encoder must be read back as what was said, by discordgo's types.
func TestMessagesAreReadBack(t *testing.T) {
	author, member := encode(User{ID: 7, Username: "ada"}), encode(Member{JoinedAt: time.Unix(0, 0).UTC()})
	rapid.Check(t, func(t *rapid.T) {
		m := &Message{
			Content: Content{
				Text:   rapid.String().Draw(t, "text"),
				Embeds: rapid.SampledFrom([]json.RawMessage{nil, json.RawMessage(`[{"title":"x"}]`)}).Draw(t, "embeds"),
			},
			ID: 1, Channel: 2, Guild: 3, Type: rapid.IntRange(0, 50).Draw(t, "type"), Nonce: rapid.String().Draw(t, "nonce"),
			At: time.UnixMicro(rapid.Int64Range(0, 1<<50).Draw(t, "at")).UTC(), Everyone: rapid.Bool().Draw(t, "everyone"),
			author: author, member: member,
		}
		for _, blind := range []bool{false, true} {
			var got discordgo.MessageCreate
			if err := json.Unmarshal(m.appendJSON(nil, true, blind), &got); err != nil {
				t.Fatal(err)
			}
			text, embeds := m.Text, len(m.Embeds)/15
			if blind {
				text, embeds = "", 0
			}
			if got.Content != text || len(got.Embeds) != embeds || got.ID != "1" || got.ChannelID != "2" || got.GuildID != "3" ||
				got.Author.Username != "ada" || got.Member == nil || int(got.Type) != m.Type || !got.Timestamp.Equal(m.At) ||
				got.MentionEveryone != m.Everyone || got.EditedTimestamp != nil {
				t.Fatalf("%+v read back as %+v", m, got.Message)
			}
		}
	})
}

func FuzzQuoted(f *testing.F) {
	for _, text := range []string{"", "plain", "\"\\\n\x00\x7f", "\u2028\u202e\u200b", "\xff\xfe", "</script>"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var got string
		if err := json.Unmarshal(appendQuoted(nil, text), &got); err != nil {
			t.Fatal(err)
		}
		if utf8.ValidString(text) && got != text {
			t.Errorf("%q read back as %q", text, got)
		}
	})
}
