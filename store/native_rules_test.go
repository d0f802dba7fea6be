package store_test

import (
	"reflect"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

func nativeSeen(id snowflake.RuleID, at time.Time, words ...string) moderation.NativeRuleSeen {
	return moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: 1, At: at}, Rule: id, Name: "Words",
		Trigger: moderation.TriggerKeyword, Enabled: true, Spec: &moderation.NativeSpec{Keywords: words,
			Actions: []moderation.NativeAction{{Kind: moderation.NativeTimeout, Timeout: time.Minute}}, ExemptRoles: []snowflake.RoleID{1 << 60}}}
}

func natives(t *testing.T, s *store.Store) (list []moderation.NativeRuleSeen) {
	t.Helper()
	if err := s.Read(t.Context(), func(now *store.Snapshot) { list = now.NativeRules(1) }); err != nil {
		t.Fatal(err)
	}
	return list
}

func seeNative(t *testing.T, s *store.Store, e moderation.NativeRuleSeen) {
	t.Helper()
	if err := s.SeeNativeRule(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

func TestTheMirrorOfNativeRulesIsTheNewestThatWasTold(t *testing.T) {
	s := storetest.New(t)
	first := nativeSeen(5, noon, "blorp")
	seeNative(t, s, first)
	first.Live = false
	if got := natives(t, s); len(got) != 1 || !reflect.DeepEqual(got[0], first) {
		t.Fatalf("kept %+v, want %+v", got, first)
	}
	seeNative(t, s, nativeSeen(5, noon.Add(-time.Second), "older"))
	bare := nativeSeen(5, noon.Add(time.Second))
	bare.Spec = nil // as an old version of guildwatch, or a list without definitions, would tell it
	seeNative(t, s, bare)
	if got := natives(t, s); got[0].Spec == nil || got[0].Spec.Keywords[0] != "blorp" {
		t.Errorf("after what was older, and what says less: %+v", got[0].Spec)
	}
	want(t, lines(t, s)) // a list that is read is no news
	changed := nativeSeen(5, noon.Add(2*time.Second), "florp")
	seeNative(t, s, changed)
	seeNative(t, s, changed)
	made := nativeSeen(6, noon.Add(3*time.Second), "new")
	made.Live = true
	seeNative(t, s, made)
	want(t, lines(t, s), "config automod", "config automod")
}

func TestNativeRulesThatAreNotListedAnyMoreAreGone(t *testing.T) {
	s := storetest.New(t)
	for id, at := range map[snowflake.RuleID]time.Time{5: noon, 6: noon, 7: noon.Add(2 * time.Second)} {
		seeNative(t, s, nativeSeen(id, at, "blorp"))
	}
	keep := func(at time.Time, ids ...snowflake.RuleID) {
		t.Helper()
		if err := s.KeepNativeRules(t.Context(), moderation.NativeRulesListed{
			Origin: moderation.Origin{Guild: 1, At: at}, Rules: ids}); err != nil {
			t.Fatal(err)
		}
	}
	keep(noon.Add(time.Second), 5)
	if got := natives(t, s); len(got) != 2 || got[0].Rule+got[1].Rule != 12 {
		t.Errorf("6 is gone, 7 was heard of after the list was asked for: %+v", got)
	}
	keep(noon.Add(time.Minute))
	if got := natives(t, s); len(got) != 0 {
		t.Errorf("an empty list: %+v", got)
	}
	gone := moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: 1, At: noon.Add(time.Hour)}, Rule: 5, Deleted: true}
	seeNative(t, s, gone)
	if _, err := s.RecordExecution(t.Context(), moderation.AutoModExecution{Origin: gone.Origin, Rule: 5,
		Trigger: moderation.TriggerKeyword, Message: 1, Did: moderation.ActionDelete}); err != nil {
		t.Fatal(err)
	}
	if texts := lines(t, s); texts[len(texts)-2] != "violation medium Words #1" {
		t.Errorf("a rule that is gone keeps its name: %v", texts)
	}
}

func TestChangesOfNativeRulesAreAudited(t *testing.T) {
	s := withStaff(t)
	before := moderation.NativeRule{ID: 5, Name: "Words", Trigger: moderation.TriggerKeyword, Enabled: true,
		Spec: moderation.NativeSpec{Keywords: []string{"somebody's name"}}}
	after := before
	after.Enabled = false
	if err := s.NoteNativeRule(t.Context(), granted[access.UpdateRules](t, 1, 98), &before, after); err != nil {
		t.Fatal(err)
	}
	if got := natives(t, s); len(got) != 1 || got[0].Enabled {
		t.Errorf("the mirror: %+v", got)
	}
	if err := s.NoteNativeRuleGone(t.Context(), granted[access.DeleteRules](t, 1, 99), after); err != nil {
		t.Fatal(err)
	}
	if got := natives(t, s); len(got) != 0 {
		t.Errorf("the mirror after it was deleted: %+v", got)
	}
}

func TestSeveritiesOfNativeHitsAreTheGuildsOwn(t *testing.T) {
	s := withStaff(t)
	admin := granted[access.UpdateRules](t, 1, 98)
	slurs := moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: 1, At: noon}, Rule: 5, Name: "Lists",
		Trigger: moderation.TriggerKeywordPreset, Spec: &moderation.NativeSpec{Presets: []moderation.NativePreset{moderation.PresetSlurs}}}
	seeNative(t, s, slurs)
	hit := func(message snowflake.MessageID, guild snowflake.GuildID, trigger moderation.Trigger) moderation.Severity {
		t.Helper()
		if _, err := s.RecordExecution(t.Context(), moderation.AutoModExecution{Origin: moderation.Origin{Guild: guild, At: noon},
			Rule: 5, Trigger: trigger, User: 7, Message: message, Did: moderation.ActionDelete}); err != nil {
			t.Fatal(err)
		}
		var found []store.ViolationRow
		if err := s.Read(t.Context(), func(now *store.Snapshot) {
			found = now.Violations(guild, store.ViolationFilter{}, 1)
		}); err != nil || len(found) == 0 {
			t.Fatal(err)
		}
		return found[0].Severity
	}
	if got := hit(1, 1, moderation.TriggerKeywordPreset); got != moderation.SeverityHigh {
		t.Errorf("slurs are %s by default", got)
	}
	defaults := moderation.DefaultSeverities()
	if err := s.SaveNativeSeverities(t.Context(), admin, defaults,
		moderation.NativeSeverities{moderation.CatchSlurs: moderation.SeverityCritical}); err != nil {
		t.Fatal(err)
	}
	if got := hit(2, 1, moderation.TriggerKeywordPreset); got != moderation.SeverityCritical {
		t.Errorf("after the change: %s", got)
	}
	if got := hit(3, 1, moderation.TriggerSpam); got != moderation.SeverityMedium {
		t.Errorf("spam, which nobody changed: %s", got)
	}
	if got := hit(4, 2, moderation.TriggerKeywordPreset); got != moderation.SeverityLow {
		t.Errorf("another guild's word lists: %s", got)
	}
	err := s.SaveNativeSeverities(t.Context(), admin, defaults, moderation.NativeSeverities{moderation.CatchSpam: "low"})
	if fault.Of(err) != fault.Conflict {
		t.Errorf("from a table that does not hold any more: %v", err)
	}
	err = s.SaveNativeSeverities(t.Context(), admin, defaults, moderation.NativeSeverities{"weather": "low"})
	if fault.Of(err) != fault.Invalid {
		t.Errorf("a catch that there is not: %v", err)
	}
}
