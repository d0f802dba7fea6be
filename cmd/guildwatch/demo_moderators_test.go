package main

import (
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/demo"
	"guildwatch/internal/moderation"
	"guildwatch/store"
)

func TestTheDemosStaffChangesRulesAndMarksFalseAlarms(t *testing.T) {
	ctx, dir, now := t.Context(), t.TempDir(), time.Now()
	town, err := demo.Open(ctx, dir, 4, now)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	club, owner := town.Guilds[1], access.Person(town.Owner, true)
	if err := setUpRules(ctx, club, owner, st); err != nil {
		t.Fatal(err)
	}
	team, err := access.Check[access.ManageRoles](ctx, standings{st}, owner, club.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range club.Moderators() {
		if err := st.AssignRole(ctx, team, access.Member(who.ID), access.Moderator); err != nil {
			t.Fatal(err)
		}
	}
	found := func(content string, detected time.Time) int64 {
		opened, err := st.Open(ctx, moderation.Case{Detected: detected, Evidence: content, Version: 1, Violation: moderation.Violation{
			Guild: club.ID, At: detected, Source: moderation.SourceRule, Severity: moderation.SeverityMedium, Rule: "rule:3",
			RuleName: "Phone numbers", User: club.People[20].ID, Channel: club.Channels[0], Content: content}})
		if err != nil {
			t.Fatal(err)
		}
		return opened.Violation
	}
	const alarm = "order code 100-220-4700, the blue one"
	want := map[int64]moderation.ViolationState{
		found(alarm, now.Add(-time.Minute)):                   moderation.StateFalsePositive,
		found("call me: 202-555-0123", now.Add(-time.Minute)): moderation.StateCounted,
		found(alarm, now): moderation.StateCounted, // seen by nobody yet
	}
	if err := markAlarms(ctx, club, now.Add(-rounds), st); err != nil {
		t.Fatal(err)
	}
	err = st.Read(ctx, func(now *store.Snapshot) {
		for number, state := range want {
			if v, known := now.Violation(club.ID, number); !known || v.State != state ||
				(len(v.Notes) > 0) != (state == moderation.StateFalsePositive) {
				t.Errorf("#%d is %q with %d notes, want %q", number, v.State, len(v.Notes), state)
			}
		}
		if rules := now.RuleList(club.ID); len(rules) != len(club.OwnRules())+1 || rules[0].Rule.Version != 2 {
			t.Errorf("the owner left %d rules, the first in version %d", len(rules), rules[0].Rule.Version)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheDemosStaffDecidesAppeals(t *testing.T) {
	ctx, dir, now := t.Context(), t.TempDir(), time.Now()
	town, err := demo.Open(ctx, dir, 4, now)
	if err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	club := town.Guilds[1]
	team, err := access.Check[access.ManageRoles](ctx, standings{st}, access.Person(town.Owner, true), club.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, who := range club.Moderators() {
		if err := st.AssignRole(ctx, team, access.Member(who.ID), access.Moderator); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 4 {
		who := club.People[20+i].ID
		opened, err := st.Open(ctx, moderation.Case{Detected: now, Evidence: "e", Version: 1, Violation: moderation.Violation{
			Guild: club.ID, At: now, Source: moderation.SourceRule, Severity: moderation.SeverityMedium, Rule: "rule:3",
			RuleName: "Phone numbers", User: who, Channel: club.Channels[0]}, Response: moderation.Response{Kind: moderation.ActionWarn}})
		if err == nil {
			_, err = st.MakeAppeal(ctx, club.ID, opened.Actions[0], who, "please")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, before := range []time.Duration{-time.Minute, time.Minute} { // what nobody has seen yet is not decided
		if err := hearAppeals(ctx, club, now.Add(before), st); err != nil {
			t.Fatal(err)
		}
		var open, approved int
		if err := st.Read(ctx, func(now *store.Snapshot) {
			open = len(now.Appeals(club.ID, moderation.AppealOpen, 0, 10))
			approved = len(now.Appeals(club.ID, moderation.AppealApproved, 0, 10))
		}); err != nil {
			t.Fatal(err)
		}
		if before < 0 && open != 4 || before > 0 && (open != 1 || approved != 1) {
			t.Errorf("before %s: %d are open, %d approved", before, open, approved)
		}
	}
	if err := lookAround(ctx, club, now.Add(-time.Minute), st); err != nil {
		t.Fatal(err)
	}
}
