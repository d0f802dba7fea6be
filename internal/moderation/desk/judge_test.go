package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

// did is what Discord was asked for, as "delete 14, warn 14".
func (o *office) did() string {
	var list []string
	for _, e := range o.errands() {
		list = append(list, fmt.Sprint(e.Kind, " ", e.Target))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// flushed waits until everything planned has been asked for: an errand of the mildest kind behind it has.
func (o *office) flushed() string {
	o.Helper()
	o.ruled("lastword", func(r *rule.Rule) { r.Severity = moderation.SeverityLow })
	o.work()
	o.event(said(9999, bob, "lastword"))
	deadline := time.After(time.Minute)
	for !strings.Contains(o.did(), "warn 15") {
		select {
		case <-o.told:
		case <-deadline:
			o.Fatalf("Discord was asked for %s", o.did())
		}
	}
	o.idle()
	return strings.Trim(strings.Replace(", "+o.did(), ", warn 15", "", 1), ", ")
}

func TestTheGravestRuleAlonePunishesAndTheMessageGoesOnce(t *testing.T) {
	o := newOffice(t)
	o.ruled("mild", func(r *rule.Rule) { r.Delete = true })
	o.ruled("grave", func(r *rule.Rule) { r.Severity, r.Respond = moderation.SeverityCritical, rule.RespondKick })
	o.ruled("silent", func(r *rule.Rule) {
		r.Severity, r.Respond, r.Delete, r.Mode = moderation.SeverityCritical, rule.RespondBan, true, rule.Shadow
	})
	o.event(said(1, ada, "mild grave silent"))
	if got := o.flushed(); got != "delete 14, kick 14" {
		t.Errorf("did %q", got)
	}
}

func TestEachResponseBecomesItsAction(t *testing.T) {
	for respond, want := range map[rule.Response]string{
		rule.RespondLadder: "warn 14", rule.RespondWarn: "warn 14", rule.RespondTimeout: "timeout 14", rule.RespondKick: "kick 14",
		rule.RespondBan: "ban 14", rule.RespondNothing: "",
	} {
		o := newOffice(t)
		o.ruled("bad", func(r *rule.Rule) {
			if r.Respond = respond; respond == rule.RespondTimeout {
				r.Timeout = 5 * time.Minute
			}
		})
		o.event(said(1, ada, "bad"))
		if got := o.flushed(); got != want {
			t.Errorf("%s: did %q, want %q", respond, got, want)
		}
	}
}

func TestWhoAndWhatIsNotPunished(t *testing.T) {
	const bad = "bad"
	for name, c := range map[string]struct {
		event func() moderation.MessagePosted
		want  string
	}{
		"a member":           {func() moderation.MessagePosted { return said(1, ada, bad) }, "delete 14, warn 14"},
		"a moderator":        {func() moderation.MessagePosted { return said(1, mod, bad) }, ""},
		"the owner":          {func() moderation.MessagePosted { return said(1, owner, bad) }, ""},
		"the bot itself":     {func() moderation.MessagePosted { return said(1, self, bad) }, ""},
		"a clean message":    {func() moderation.MessagePosted { return said(1, ada, "good") }, ""},
		"a bot":              {func() moderation.MessagePosted { e := said(1, ada, bad); e.Author.Bot = true; return e }, ""},
		"what was read back": {func() moderation.MessagePosted { e := said(1, ada, bad); e.Late = true; return e }, ""},
		"a direct message":   {func() moderation.MessagePosted { e := said(1, ada, bad); e.Guild = 0; return e }, ""},
		"an edit":            {func() moderation.MessagePosted { e := said(1, ada, bad); e.Edit = true; return e }, "delete 14, warn 14"},
		"an embed that came": {func() moderation.MessagePosted { e := said(1, ada, bad); e.Unfurl = true; return e }, "delete 14, warn 14"},
		"an exempt role": {func() moderation.MessagePosted {
			e := said(1, ada, "spared")
			e.Author.Roles = []snowflake.RoleID{5}
			return e
		}, ""},
		"another role": {func() moderation.MessagePosted {
			e := said(1, ada, "spared")
			e.Author.Roles = []snowflake.RoleID{6}
			return e
		}, "warn 14"},
		"roles nobody knows": {func() moderation.MessagePosted {
			e := said(1, ada, "spared")
			e.Author.JoinedAt = time.Time{}
			return e
		}, ""},
		"roles, a plain rule": {func() moderation.MessagePosted { e := said(1, ada, bad); e.Author.JoinedAt = time.Time{}; return e }, "delete 14, warn 14"},
		"a thread elsewhere":  {func() moderation.MessagePosted { e := said(1, ada, "memes"); e.Channel = 89; return e }, "warn 14"},
		"a thread, exempt":    {func() moderation.MessagePosted { e := said(1, ada, "memes"); e.Channel = 88; return e }, ""},
		"a thread, who knows": {func() moderation.MessagePosted { e := said(1, ada, "memes"); e.Channel = 99; return e }, ""},
		"a webhook":           {func() moderation.MessagePosted { e := said(1, 300, bad); e.Author.Bot, e.Webhook = true, 300; return e }, "delete 0"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.ruled(bad, func(r *rule.Rule) { r.Delete = true })
			o.ruled("spared", func(r *rule.Rule) { r.ExemptRoles = []snowflake.RoleID{5} })
			o.ruled("memes", func(r *rule.Rule) { r.ExemptChannels = []snowflake.ChannelID{80} })
			o.event(c.event())
			if got := o.flushed(); got != c.want {
				t.Errorf("did %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhereNobodyKnowsWhoItIsOnlyTheMessageGoes(t *testing.T) {
	o := newOffice(t)
	o.ruled("bad", func(r *rule.Rule) { r.Delete, r.Respond = true, rule.RespondBan })
	o.unsure.Store(true)
	o.event(said(1, ada, "bad"))
	o.unsure.Store(false)
	if got := o.flushed(); got != "delete 14" {
		t.Errorf("did %q", got)
	}
}

func TestF16AReplayPunishesNobodyTwice(t *testing.T) {
	o := newOffice(t)
	o.ruled("bad", func(r *rule.Rule) { r.Delete = true })
	for range 3 {
		e := said(1, ada, "so BAD")
		o.event(e)
		e.Edit, e.Texts[0].Value = true, "b a d!"
		o.event(e)
	}
	if got := o.flushed(); got != "delete 14, warn 14" {
		t.Errorf("did %q", got)
	}
}

func TestNamesAreJudgedOnceUntilTheyChange(t *testing.T) {
	o := newOffice(t)
	o.ruled("bad", func(r *rule.Rule) { r.Kind = rule.Names })
	member := func(nick, global string) moderation.Member {
		return moderation.Member{User: moderation.User{ID: ada, Name: "ada", Global: global}, Nick: nick, JoinedAt: time.Now()}
	}
	origin := moderation.Origin{Guild: harbour, At: time.Now()}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if o.Handle(ended, moderation.NewTally(), moderation.MemberJoined{Origin: origin, Member: member("", "bad")}) == nil {
		t.Error("what could not be recorded is no error")
	}
	o.event(moderation.MemberJoined{Origin: origin, Member: member("", "bad")})
	for range 3 {
		o.event(moderation.MemberChanged{Origin: origin, Member: member("", "bad")})
	}
	o.event(moderation.MemberChanged{Origin: origin, Member: member("good", "good")})
	if got := o.flushed(); got != "warn 14" {
		t.Errorf("did %q", got)
	}
}

func TestATitleIsItsOpeners(t *testing.T) {
	o := newOffice(t)
	o.ruled("bad", func(r *rule.Rule) { r.Delete = true })
	title := moderation.ThreadTitled{Origin: moderation.Origin{Guild: harbour, At: time.Now()}, Thread: 500, Owner: ada, Title: "bad"}
	o.event(title)
	o.event(title)
	first := said(500, ada, "hello")
	first.Channel, first.Texts = 500, append(first.Texts, moderation.Text{Surface: moderation.SurfaceThread, Value: "bad"})
	o.event(first)
	title.Thread, title.Owner = 501, mod
	o.event(title)
	if got := o.flushed(); got != "delete 14, warn 14" {
		t.Errorf("did %q", got)
	}
	for _, e := range o.errands() {
		if e.Kind == moderation.ActionDelete && (e.Channel != 500 || e.Message != 500) {
			t.Errorf("%+v", e)
		}
	}
}

func TestACleanMessageCostsNoQuery(t *testing.T) {
	o := newOffice(t)
	for i := range 20 {
		o.ruled(fmt.Sprint("bad", i), nil)
	}
	o.event(said(1, ada, "the rules are compiled with the first one"))
	before, tally := o.Reads(), moderation.NewTally()
	for i := range snowflake.MessageID(1000) {
		if err := o.Handle(t.Context(), tally, said(2+i, ada, "nothing at all")); err != nil {
			t.Fatal(err)
		}
	}
	if n := o.Reads() - before; n != 0 || len(tally.Active) != 1 {
		t.Errorf("%d queries, %+v", n, tally)
	}
}

func TestAnEventWithoutAPathIsAnErrorAndNotLostInSilence(t *testing.T) {
	type unheard struct{ moderation.Origin }
	if err := newOffice(t).Handle(t.Context(), moderation.NewTally(), unheard{}); err == nil {
		t.Error("no error")
	}
}
