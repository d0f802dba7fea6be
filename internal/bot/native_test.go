package bot

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// words is a native rule with all that a keyword rule can have.
func words(channel snowflake.ChannelID) moderation.NativeRule {
	return moderation.NativeRule{Name: "Words", Trigger: moderation.TriggerKeyword, Enabled: true, Spec: moderation.NativeSpec{
		Keywords: []string{"blorp*", "*ana*"}, Patterns: []string{`(?i)fr[e3]e`}, Allow: []string{"banana"},
		Actions: []moderation.NativeAction{{Kind: moderation.NativeBlock, Message: "Not here."},
			{Kind: moderation.NativeAlert, Channel: channel}, {Kind: moderation.NativeTimeout, Timeout: 10 * time.Minute}},
		ExemptRoles: []snowflake.RoleID{5, 7}, ExemptChannels: []snowflake.ChannelID{channel}}}
}

func TestANativeRuleIsMadeChangedAndDeletedAsItIsMeant(t *testing.T) {
	sim := discord(t)
	guild := sim.AddGuild(discordsim.Guild{Name: "Harbour", BotPermissions: discordsim.PermissionsModerator})
	channel := sim.AddChannel(guild, discordsim.Channel{Name: "log"})
	b := offline(t, sim)
	ctx := t.Context()
	made, err := b.MakeNativeRule(ctx, guild, words(channel), "by the user 7")
	if err != nil {
		t.Fatal(err)
	}
	if want := words(channel); made.ID == 0 || !reflect.DeepEqual(made.Spec, want.Spec) || made.Name != want.Name {
		t.Errorf("made %+v\nwant %+v", made, want)
	}
	to := made
	to.Enabled, to.Spec.Keywords = false, []string{"florp"}
	saved, err := b.ChangeNativeRule(ctx, guild, made, to, "by the user 7")
	if err != nil || !reflect.DeepEqual(saved, to) {
		t.Errorf("changed to %+v, want %+v: %v", saved, to, err)
	}
	if now, err := b.NativeRule(ctx, guild, made.ID); err != nil || !reflect.DeepEqual(now, to) {
		t.Errorf("Discord has %+v: %v", now, err)
	}
	profile, err := b.MakeNativeRule(ctx, guild, moderation.NativeRule{Name: "Names", Trigger: moderation.TriggerMemberProfile,
		Spec: moderation.NativeSpec{Keywords: []string{"blorp"}, Actions: []moderation.NativeAction{{Kind: moderation.NativeMute}}}}, "")
	if err != nil || profile.Enabled {
		t.Errorf("a rule for profiles: %+v, %v", profile, err)
	}
	if list, err := b.NativeRules(ctx, guild); err != nil || len(list) != 2 {
		t.Errorf("%d rules: %v", len(list), err)
	}
	for range 2 { // one that is gone is deleted
		if err := b.DeleteNativeRule(ctx, guild, made.ID, ""); err != nil {
			t.Error(err)
		}
	}
	if _, err := b.NativeRule(ctx, guild, made.ID); fault.Of(err) != fault.NotFound {
		t.Errorf("a rule that is gone: %v", err)
	}
}

// What guildwatch does not send stays as Discord has it.
func TestOnlyWhatDiffersIsSent(t *testing.T) {
	from := words(9)
	to := from
	to.Name = "More words"
	if body := nativeBody(&from, &to); len(body) != 1 || body["name"] != "More words" {
		t.Errorf("sent: %v", body)
	}
	to.Spec.Actions = to.Spec.Actions[:1]
	if body := nativeBody(&from, &to); len(body) != 2 || len(body["actions"].([]map[string]any)) != 1 {
		t.Errorf("sent: %v", body)
	}
	if body := nativeBody(nil, &to); body["trigger_type"] != 1 || body["event_type"] != 1 || body["trigger_metadata"] == nil {
		t.Errorf("a new one: %v", body)
	}
}

func TestARefusalOfARuleSaysWhatIsMissing(t *testing.T) {
	sim := discord(t)
	guild := sim.AddGuild(discordsim.Guild{Name: "Harbour", BotPermissions: discordsim.PermissionsEveryone})
	b := offline(t, sim)
	rule := words(0)
	rule.Spec.Actions = rule.Spec.Actions[:1]
	refused := func(want fault.Kind, parts ...string) {
		t.Helper()
		_, err := b.MakeNativeRule(t.Context(), guild, rule, "")
		var public *fault.Error
		if !errors.As(err, &public) || public.Kind != want {
			t.Fatalf("%v, want kind %v", err, want)
		}
		for _, part := range parts {
			if !strings.Contains(public.Public, part) {
				t.Errorf("%q lacks %q", public.Public, part)
			}
		}
	}
	refused(fault.Forbidden, "Manage Server")
	guild = sim.AddGuild(discordsim.Guild{Name: "Cove", BotPermissions: discordsim.PermissionsModerator})
	rule.Spec.Keywords = []string{"fine", strings.Repeat("x", 61)}
	refused(fault.Unprocessable, "keyword filter, 1: Must be between 1 and 60")
	rule.Spec.Keywords = []string{"fine"}
	for range 6 {
		if _, err := b.MakeNativeRule(t.Context(), guild, rule, ""); err != nil {
			t.Fatal(err)
		}
	}
	refused(fault.Unprocessable, "Max rules of this type exceeded")
}

// A permission that is known to be missing costs no request: refusals are counted by Discord.
func TestAMissingPermissionIsSaidWithoutAsking(t *testing.T) {
	sim := discord(t)
	guild := sim.AddGuild(discordsim.Guild{Name: "Harbour",
		BotPermissions: discordsim.PermissionsModerator &^ discordsim.PermissionModerateMembers})
	r := start(t, sim, nil)
	waitEvents[moderation.GuildSeen](t, r, 1)
	rule := words(0)
	rule.Spec.Actions = rule.Spec.Actions[2:]
	_, err := r.MakeNativeRule(t.Context(), guild, rule, "")
	var public *fault.Error
	if !errors.As(err, &public) || !strings.Contains(public.Public, "Timeout Members") {
		t.Error(err)
	}
	if rules := sim.AutoModRules(guild); len(rules) != 0 {
		t.Errorf("Discord was asked: %+v", rules)
	}
}

// SeeNativeRule notes that it was called.
func (l *ledger) SeeNativeRule(ctx context.Context, e moderation.NativeRuleSeen) error {
	return l.note("SeeNativeRule", l.Store.SeeNativeRule(ctx, e), nil)
}

// KeepNativeRules notes that it was called.
func (l *ledger) KeepNativeRules(ctx context.Context, e moderation.NativeRulesListed) error {
	return l.note("KeepNativeRules", l.Store.KeepNativeRules(ctx, e), nil)
}

// The mirror has what a rule looks for, follows what happens, and forgets what went while nobody heard of it.
func TestTheMirrorFollowsTheRules(t *testing.T) {
	sim := discord(t)
	guild := sim.AddGuild(discordsim.Guild{Name: "Harbour", BotPermissions: discordsim.PermissionsModerator})
	kept := sim.CreateAutoModRule(guild, sim.OwnerID(), discordsim.AutoModRule{Name: "kept", Enabled: true,
		Metadata: []byte(`{"keyword_filter":["blorp"]}`)})
	s := storetest.New(t)
	gone := moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: guild, At: time.Now().Add(-time.Hour)}, Rule: 77, Name: "gone"}
	if err := s.SeeNativeRule(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	r := start(t, sim, newLedger(s))
	r.ledger.waitCalls(t, "KeepNativeRules", 1)
	mirror := func() (rules []moderation.NativeRuleSeen) {
		t.Helper()
		if err := s.Read(t.Context(), func(now *store.Snapshot) { rules = now.NativeRules(guild) }); err != nil {
			t.Fatal(err)
		}
		return rules
	}
	if rules := mirror(); len(rules) != 1 || rules[0].Rule != kept || !reflect.DeepEqual(rules[0].Spec.Keywords, []string{"blorp"}) {
		t.Fatalf("at the start: %+v", rules)
	}
	sim.EditAutoModRule(guild, sim.OwnerID(), kept, func(rule *discordsim.AutoModRule) {
		rule.Enabled, rule.Metadata = false, []byte(`{"keyword_filter":["blorp","florp"]}`)
	})
	r.ledger.waitCalls(t, "SeeNativeRule", 2)
	if rules := mirror(); len(rules) != 1 || rules[0].Enabled || len(rules[0].Spec.Keywords) != 2 {
		t.Errorf("after a change: %+v", rules)
	}
	sim.DeleteAutoModRule(guild, sim.OwnerID(), kept)
	r.ledger.waitCalls(t, "SeeNativeRule", 3)
	if rules := mirror(); len(rules) != 0 {
		t.Errorf("after it was deleted: %+v", rules)
	}
}
