package stats_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// oneOwner makes user 7 the owner everywhere.
type oneOwner struct{}

func (oneOwner) RoleIn(_ context.Context, _ snowflake.GuildID, actor access.Actor) (access.Role, error) {
	if actor.User() == 7 {
		return access.Owner, nil
	}
	return access.None, nil
}

// Each step says what to do in the words of who has to do it, ticks itself off with the commit that does it, and comes
// back when that is undone. Once nothing is left the list is empty.
func TestTheChecklistTicksItselfOff(t *testing.T) {
	s, ctx := storetest.New(t), t.Context()
	gateway := stats.Gateway{State: "connected", Missing: []string{"message content"}}
	figures := stats.New(s, stats.Options{Gateway: func() stats.Gateway { return gateway }})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	at := time.Now().Add(-time.Hour)
	origin := func() moderation.Origin { at = at.Add(time.Second); return moderation.Origin{Guild: 5, At: at} }
	see := func(permissions moderation.Permissions) {
		t.Helper()
		must(s.SeeGuild(ctx, moderation.GuildSeen{Origin: origin(), Channels: []moderation.Channel{{ID: 50, Name: "logs"}},
			Roles:   []moderation.DiscordRole{{ID: 60, Name: "mods"}},
			Profile: moderation.Guild{ID: 5, Name: "new", Owner: 7, JoinedAt: time.Unix(1, 0), Permissions: permissions}}))
	}
	see(moderation.PermViewChannel | moderation.PermReadHistory | moderation.PermSendMessages | moderation.PermViewAuditLog |
		moderation.PermManageGuild | moderation.PermManageMessages | moderation.PermModerateMembers)
	must(s.SeeMembers(ctx, 5, []moderation.Member{{User: moderation.User{ID: 8}, JoinedAt: at, Roles: []snowflake.RoleID{60}}}))
	open := func(want ...string) []stats.Check {
		t.Helper()
		g, err := figures.Guild(ctx, 5, stats.Last(stats.PeriodDay))
		must(err)
		var keys []string
		for _, step := range g.Checklist {
			if step.Done != (step.Fix == "") {
				t.Errorf("%s: done %t, but says %q", step.Key, step.Done, step.Fix)
			}
			if !step.Done {
				keys = append(keys, step.Key)
			}
		}
		if !slices.Equal(keys, want) {
			t.Fatalf("open are %v, want %v", keys, want)
		}
		return g.Checklist
	}
	all := open("permissions", "intents", "log_channel", "first_rule", "team")
	for i, part := range []string{"switch on: Kick Members, Ban Members.", "does not work: message content."} {
		if !strings.HasSuffix(all[i].Fix, part) {
			t.Errorf("%s says %q", all[i].Key, all[i].Fix)
		}
	}
	see(moderation.PermAdministrator)
	open("intents", "log_channel", "first_rule", "team")
	gateway.Missing = nil
	open("log_channel", "first_rule", "team")

	roles, err := access.Check[access.ManageRoles](ctx, oneOwner{}, access.Person(7, false), 5)
	must(err)
	settings, err := access.Check[access.UpdateSettings](ctx, oneOwner{}, access.Person(7, false), 5)
	must(err)
	must(s.UpdateSettings(ctx, settings, store.Settings{TimeZone: "UTC", LogChannel: 50}))
	open("first_rule", "team")
	native := moderation.NativeRuleSeen{Origin: origin(), Rule: 70, Name: "spam", Enabled: true}
	must(s.SeeNativeRule(ctx, native))
	open("team")
	must(s.AssignRole(ctx, roles, access.HoldersOf(60), access.Moderator))
	if list := open(); list != nil {
		t.Errorf("with everything done: %v", list)
	}

	native.Origin, native.Enabled = origin(), false
	must(s.SeeNativeRule(ctx, native))
	open("first_rule")
	rules, err := access.Check[access.UpdateRules](ctx, oneOwner{}, access.Person(7, false), 5)
	must(err)
	own := rule.Templates()[0].Rule
	own.Mode = rule.Shadow
	own, err = s.SaveRule(ctx, rules, own, "")
	must(err)
	open()
	_, err = s.SetRuleMode(ctx, rules, own.Number, rule.Off)
	must(err)
	open("first_rule")
	_, err = s.Leave(ctx, moderation.MemberLeft{Origin: moderation.Origin{Guild: 5, At: time.Now()}, User: moderation.User{ID: 8}})
	must(err)
	open("first_rule", "team") // nobody who is there has the role any more
}
