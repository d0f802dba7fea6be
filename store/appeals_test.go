package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

// punished makes a violation of member 21 that was answered and done, and gives the action that weighs on them.
func punished(t *testing.T, s *store.Store, message snowflake.MessageID, response moderation.Response) int64 {
	t.Helper()
	opened := openCase(t, s, broken(1, message, response))
	settle(t, s, moderation.Result{Done: true}, takeDue(t, s, 10)...)
	return opened.Actions[len(opened.Actions)-1]
}

func decider(t interface{ Fatal(...any) }, user snowflake.UserID) access.Grant[access.DecideAppeals] {
	return granted[access.DecideAppeals](t, 1, user)
}

func appealRow(t *testing.T, s *store.Store, number int64) (row store.AppealRow) {
	t.Helper()
	if err := s.Read(t.Context(), func(now *store.Snapshot) { row, _ = now.Appeal(1, number) }); err != nil {
		t.Fatal(err)
	}
	return row
}

// sentence is what a person reads of an error.
func sentence(err error) string {
	var public *fault.Error
	if errors.As(err, &public) {
		return public.Public
	}
	return fmt.Sprint(err)
}

func TestWhoMayAppealAgainstWhat(t *testing.T) {
	s := withStaff(t)
	warned := punished(t, s, 100, moderation.Response{Kind: moderation.ActionWarn})
	deleted := openCase(t, s, broken(1, 101, moderation.Response{Delete: true})).Actions[0]
	refused := openCase(t, s, broken(1, 102, timeout)).Actions[0]
	settle(t, s, moderation.Result{Refused: "no"}, takeDue(t, s, 10)...)
	for what, try := range map[string]struct {
		guild  snowflake.GuildID
		action int64
		user   snowflake.UserID
		text   string
		kind   fault.Kind
	}{
		"somebody else's":     {1, warned, 7, "x", fault.NotFound},
		"nobody's":            {1, warned, 0, "x", fault.NotFound},
		"another guild":       {2, warned, 21, "x", fault.NotFound},
		"no such action":      {1, 999, 21, "x", fault.NotFound},
		"a deleted message":   {1, deleted, 21, "x", fault.NotFound},
		"what Discord denied": {1, refused, 21, "x", fault.Invalid},
		"nothing to say":      {1, warned, 21, " \n", fault.Invalid},
		"too much to say":     {1, warned, 21, strings.Repeat("ä", 1001), fault.Invalid},
	} {
		if _, err := s.MakeAppeal(t.Context(), try.guild, try.action, try.user, try.text); fault.Of(err) != try.kind {
			t.Errorf("%s: %v", what, err)
		}
	}
	if appeal, err := s.MakeAppeal(t.Context(), 1, warned, 21, strings.Repeat("ä", 1000)); err != nil || appeal.Number != 1 ||
		appeal.Violation != 1 || appeal.State != moderation.AppealOpen {
		t.Errorf("%+v, %v", appeal, err)
	}
	if err := s.UpdateSettings(t.Context(), granted[access.UpdateSettings](t, 1, 98),
		store.Settings{TimeZone: "UTC", NoAppeals: true}); err != nil {
		t.Fatal(err)
	}
	if err := s.MayAppeal(t.Context(), 1, punished(t, s, 103, timeout), 21); sentence(err) != "The server takes no appeals." {
		t.Errorf("a server that takes none: %v", err)
	}
}

// However many press at once, a violation has one open appeal, and an action one that was not withdrawn; a member has
// three that wait.
func TestOneAppealForEachViolation(t *testing.T) {
	s := withStaff(t)
	both := openCase(t, s, broken(1, 100, moderation.Response{Kind: moderation.ActionWarn})).Actions[0]
	opened, err := s.Order(t.Context(), granted[access.ActOnMembers](t, 1, 99),
		moderation.Order{Kind: moderation.ActionBan, Target: 21, Violation: 1, Source: moderation.SourceDashboard})
	if err != nil {
		t.Fatal(err)
	}
	settle(t, s, moderation.Result{Done: true}, takeDue(t, s, 10)...)
	var tries sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		tries.Go(func() {
			action := both
			if i%2 == 1 {
				action = opened.Actions[0]
			}
			_, errs[i] = s.MakeAppeal(t.Context(), 1, action, 21, "please")
		})
	}
	tries.Wait()
	made := 0
	for _, err := range errs {
		if err == nil {
			made++
		} else if !strings.Contains(sentence(err), "have your appeal #1 about this") {
			t.Error(err)
		}
	}
	if made != 1 {
		t.Errorf("%d appeals were made", made)
	}
	if err := s.WithdrawAppeal(t.Context(), 1, 1, 7); fault.Of(err) != fault.NotFound {
		t.Errorf("somebody else withdrew it: %v", err)
	}
	for range 2 {
		if err := s.WithdrawAppeal(t.Context(), 1, 1, 21); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.MakeAppeal(t.Context(), 1, both, 21, "after all"); err != nil {
		t.Errorf("anew after it was withdrawn: %v", err)
	}
	for message := range snowflake.MessageID(3) {
		_, err = s.MakeAppeal(t.Context(), 1, punished(t, s, 200+message, moderation.Response{Kind: moderation.ActionWarn}), 21, "more")
	}
	if fault.Of(err) != fault.TooMany {
		t.Errorf("the fourth: %v", err)
	}
	if _, err := s.DecideAppeal(t.Context(), decider(t, 99), moderation.Decision{Number: 2}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.MakeAppeal(t.Context(), 1, both, 21, "again"); sentence(err) != "Your appeal #2 about this was denied. The decision stands." {
		t.Errorf("after it was denied: %v", err)
	}
	if _, err := s.MakeAppeal(t.Context(), 1, opened.Actions[0], 21, "the ban, too"); err != nil {
		t.Errorf("against what else was done: %v", err)
	}
}

// Of two moderators one decides, and the other hears who it was.
func TestAnAppealIsDecidedOnce(t *testing.T) {
	s := withStaff(t)
	banned := punished(t, s, 100, moderation.Response{Kind: moderation.ActionBan})
	if _, err := s.MakeAppeal(t.Context(), 1, banned, 21, "it was my brother"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DecideAppeal(t.Context(), decider(t, 21), moderation.Decision{Number: 1, Approve: true}); fault.Of(err) != fault.Forbidden {
		t.Errorf("one's own: %v", err)
	}
	if _, err := s.DecideAppeal(t.Context(), decider(t, 7), moderation.Decision{Number: 2}); fault.Of(err) != fault.NotFound {
		t.Errorf("none: %v", err)
	}
	before := len(auditRows(t, s))
	var tries sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		tries.Go(func() {
			_, errs[i] = s.DecideAppeal(t.Context(), decider(t, 7),
				moderation.Decision{Number: 1, Approve: true, Answer: " welcome back ", Source: moderation.SourceDashboard})
		})
	}
	tries.Wait()
	decided := 0
	for _, err := range errs {
		if err == nil {
			decided++
		} else if sentence(err) != "user7 has approved this appeal already." || fault.Of(err) != fault.Conflict {
			t.Error(err)
		}
	}
	row := appealRow(t, s, 1)
	if decided != 1 || row.State != moderation.AppealApproved || row.DecidedBy != 7 || row.Answer != "welcome back" ||
		row.Told.State != moderation.NoticeDue {
		t.Errorf("%d decisions, %+v", decided, row)
	}
	errands := takeDue(t, s, 10)
	if len(errands) != 1 || errands[0].Kind != moderation.ActionUnban || errands[0].Target != 21 {
		t.Fatalf("errands %+v", errands)
	}
	settle(t, s, moderation.Result{Done: true}, errands...)
	if a := violation(t, s, 1).Actions; a[0].Outcome != moderation.OutcomeUndone || len(a) != 2 {
		t.Errorf("actions %+v", a)
	}
	var deeds []string
	for _, row := range auditRows(t, s)[:len(auditRows(t, s))-before] {
		deeds = append(deeds, fmt.Sprint(row.Action, " ", row.Target, " ", row.Actor.User, " ", row.Person.User))
	}
	want(t, deeds, "appeal.approved appeal:1 7 21", fmt.Sprint("action.undone action:", banned, " 7 21"))
}

// An approval leaves the member where they were before, whatever was done and however much time has passed; a denial
// changes nothing.
func TestAnApprovalRestoresTheLadderExactly(t *testing.T) {
	responses := []moderation.Response{{Ladder: true}, {Kind: moderation.ActionWarn}, timeout, {Kind: moderation.ActionKick},
		{Kind: moderation.ActionBan}}
	now, runs := noon, 0
	s := storetest.New(t, storetest.Clock(func() time.Time { return now }))
	seeGuild(t, s)
	rapid.Check(t, func(r *rapid.T) {
		runs++ // each run has a member of its own: a store for each would take most of the time
		user := snowflake.UserID(1000 + runs)
		stands := func() string {
			c := card(t, s, user)
			return fmt.Sprint(c.Level, c.KickedBefore, c.Next)
		}
		punish := func(message int) moderation.Opened {
			c := broken(1, snowflake.MessageID(runs*1000+message), rapid.SampledFrom(responses).Draw(r, "response"))
			c.Violation.User = user
			opened := openCase(t, s, c)
			errands, err := s.TakeDue(t.Context(), now, 10, moderation.Busy{})
			if err != nil {
				t.Fatal(err)
			}
			settle(t, s, moderation.Result{Done: true}, errands...)
			now = now.Add(time.Duration(rapid.IntRange(0, 30).Draw(r, "hours")) * time.Hour)
			return opened
		}
		for i := range rapid.IntRange(0, 3).Draw(r, "earlier") {
			punish(1 + i)
		}
		pause := time.Duration(rapid.IntRange(30, 80).Draw(r, "pause")) * time.Hour
		began := now
		now = began.Add(pause)
		without := stands() // then, if nothing more had happened
		now = began
		opened := punish(100)
		now = began.Add(pause)
		with := stands()
		appeal, err := s.MakeAppeal(t.Context(), 1, opened.Actions[len(opened.Actions)-1], user, "no")
		if err != nil {
			t.Fatal(err)
		}
		approve := rapid.Bool().Draw(r, "approve")
		decision := moderation.Decision{Number: appeal.Number, Approve: approve}
		if _, err := s.DecideAppeal(t.Context(), decider(t, 7), decision); err != nil {
			t.Fatal(err)
		}
		wanted := with
		if approve {
			wanted = without
		}
		if got := stands(); got != wanted {
			t.Fatalf("approved %v: stands at %s, before %s, with it %s", approve, got, without, with)
		}
		decision.Approve = !approve
		told := s.LastSeq()
		if _, err := s.DecideAppeal(t.Context(), decider(t, 99), decision); fault.Of(err) != fault.Conflict {
			t.Fatal(err)
		}
		if got := stands(); got != wanted || s.LastSeq() != told {
			t.Fatalf("the second decision changed something: %s", got)
		}
	})
}

// A notice is said once: a second word on it changes nothing.
func TestNoticesAreSettledOnce(t *testing.T) {
	s := withStaff(t)
	warned := punished(t, s, 100, moderation.Response{Kind: moderation.ActionWarn})
	due, err := s.DueNotices(t.Context(), noon, 10)
	if err != nil || len(due) != 1 || due[0].Ref != warned || due[0].User != 21 || due[0].Kind != moderation.NoticeAction {
		t.Fatalf("due: %+v, %v", due, err)
	}
	if err := s.PutOffNotice(t.Context(), due[0], noon.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if early, err := s.DueNotices(t.Context(), noon, 10); err != nil || len(early) != 0 {
		t.Errorf("due too early: %+v, %v", early, err)
	}
	said := due[0]
	said.State, said.Place = moderation.NoticeSaid, moderation.Place{Channel: 5, Message: 6}
	refused := due[0]
	refused.State, refused.Problem = moderation.NoticeRefused, "no"
	for _, n := range []moderation.Notice{said, refused} {
		if err := s.SettleNotice(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	got, known, err := s.FindNotice(t.Context(), 1, moderation.NoticeAction, warned)
	if err != nil || !known || got.State != moderation.NoticeSaid || got.Place != said.Place || got.Attempts != 1 {
		t.Errorf("%+v, %v, %v", got, known, err)
	}
	if err := s.UpdateSettings(t.Context(), granted[access.UpdateSettings](t, 1, 98),
		store.Settings{TimeZone: "UTC", Silent: true}); err != nil {
		t.Fatal(err)
	}
	punished(t, s, 101, moderation.Response{Kind: moderation.ActionWarn})
	if due, err := s.DueNotices(t.Context(), noon.Add(time.Hour), 10); err != nil || len(due) != 0 {
		t.Errorf("a server that says nothing: %+v, %v", due, err)
	}
}

// What a member wrote in an appeal is kept while it is open, and then as long as what they wrote elsewhere.
func TestTextsOfAppealsAreForgotten(t *testing.T) {
	now := noon
	s := storetest.New(t, storetest.Clock(func() time.Time { return now }))
	seeGuild(t, s)
	for message := range snowflake.MessageID(2) {
		opened := openCase(t, s, broken(1, 100+message, moderation.Response{Kind: moderation.ActionWarn}))
		if _, err := s.MakeAppeal(t.Context(), 1, opened.Actions[0], 21, "private"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.DecideAppeal(t.Context(), decider(t, 7), moderation.Decision{Number: 1, Answer: "no"}); err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{6 * 24 * time.Hour, 8 * 24 * time.Hour} {
		now = noon.Add(after)
		if _, err := s.Prune(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		kept := appealRow(t, s, 1)
		if forgotten := kept.Text+kept.Answer == ""; forgotten != (after > 7*24*time.Hour) || appealRow(t, s, 2).Text != "private" {
			t.Errorf("after %s: %+v", after, kept)
		}
	}
}
