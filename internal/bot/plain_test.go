package bot

import (
	"context"
	"strings"
	"testing"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// hostile are names and texts that would do something if Discord read them as its own.
var hostile = map[string]string{
	"@everyone":                          `\@everyone`,
	"<@&81384788765712384>":              `\<\@&81384788765712384\>`,
	"<@81384788765712384> <#5>":          `\<\@81384788765712384\> \<\#5\>`,
	"[free nitro](https://evil.example)": `\[free nitro\]\(https://evil.example\)`,
	"**bold** __under__ ~~no~~ ||x||":    `\*\*bold\*\* \_\_under\_\_ \~\~no\~\~ \|\|x\|\|`,
	"`code` \\* # head":                  "\\`code\\` \\\\\\* \\# head",
	"> quote\n# head":                    `\> quote \# head`,
	"evil\u202egnp.exe\u200b":            "evil⟨U+202E⟩gnp.exe⟨U+200B⟩",
	"two\r\nlines\u2028three":            "two  lines three",
	"bell\a and \xff":                    "bell⟨U+0007⟩ and \ufffd",
	"Müller-Lüdenscheidt 海 👋":            "Müller-Lüdenscheidt 海 👋",
}

func TestF20HostileTextIsShownAsItIs(t *testing.T) {
	for text, want := range hostile {
		if got := Plain(text); got != want {
			t.Errorf("Plain(%q) is %q, want %q", text, got, want)
		}
	}
}

// Whatever a member is called and whatever a refusal says, nothing that the bot sends mentions anybody or hides a link.
func TestF20NothingThatTheBotSendsMentionsAnybody(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	failing := make(chan error, 1)
	r := start(t, sim, nil, withCommands(
		DashboardCommand(func(ctx context.Context, g snowflake.GuildID, m moderation.Member) (Reply, error) {
			if err := <-failing; err != nil {
				return Reply{}, err
			}
			return linking(ctx, g, m)
		})))
	registered(t, sim)
	want := 0
	for text, plain := range hostile {
		if !strings.HasPrefix(text, "bell") { // Discord takes no such name
			sim.RenameUser(ada, "", text)
			failing <- nil
			if use := asked(t, sim, channel, ada); use.Original.Text != "For "+plain {
				t.Errorf("to %q the bot says %q", text, use.Original.Text)
			}
			want++
		}
		failing <- fault.New(fault.Forbidden, "%s may not.", text)
		if use := asked(t, sim, channel, ada); use.Original.Text != plain+" may not." {
			t.Errorf("of %q the bot says %q", text, use.Original.Text)
		}
		if err := r.Say(within(t), channel, text); err != nil {
			t.Fatal(err)
		}
		want += 2
	}
	sent := 0
	for _, request := range sim.Requests() {
		body := request.Body
		switch {
		case discordsim.To("POST", "/interactions/")(request):
			_, data, _ := strings.Cut(string(body), `"data":`)
			body = []byte(strings.TrimSuffix(strings.TrimSpace(data), "}"))
		case !discordsim.To("POST", "/channels/")(request):
			continue
		}
		if sent++; !mentionsNobody(t, body) {
			t.Errorf("%s %s: %s", request.Method, request.Path, request.Body)
		}
	}
	if sent != want {
		t.Errorf("%d messages were looked at, want %d", sent, want)
	}
	for _, m := range sim.Messages(channel) {
		if m.Everyone {
			t.Errorf("%q mentions everyone in guild %d", m.Text, guild)
		}
	}
}
