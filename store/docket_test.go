package store_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

func broken(guild snowflake.GuildID, message snowflake.MessageID, response moderation.Response) moderation.Case {
	return moderation.Case{
		Violation: moderation.Violation{Guild: guild, At: noon, Source: moderation.SourceRule, User: 21, Channel: 32,
			Severity: moderation.SeverityHigh, Rule: "rule:1", RuleName: "No shouting", Message: message, Keyword: "LOUD",
			Content: "so LOUD here"},
		Version: 1, Surface: moderation.SurfaceContent, Evidence: "e", Detected: noon, Response: response,
	}
}

var timeout = moderation.Response{Kind: moderation.ActionTimeout, Timeout: time.Hour}

func openCase(t *testing.T, s *store.Store, c moderation.Case) moderation.Opened {
	t.Helper()
	opened, err := s.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func takeDue(t *testing.T, s *store.Store, most int, without ...snowflake.GuildID) []moderation.Errand {
	t.Helper()
	errands, err := s.TakeDue(t.Context(), noon, most, moderation.Busy{Guilds: without})
	if err != nil {
		t.Fatal(err)
	}
	return errands
}

func settle(t *testing.T, s *store.Store, result moderation.Result, errands ...moderation.Errand) {
	t.Helper()
	for _, e := range errands {
		if err := s.Settle(t.Context(), e, result); err != nil {
			t.Fatal(err)
		}
	}
}

func card(t *testing.T, s *store.Store, user snowflake.UserID) (card store.MemberCard) {
	t.Helper()
	if err := s.Read(t.Context(), func(snapshot *store.Snapshot) { card = snapshot.MemberCard(1, user) }); err != nil {
		t.Fatal(err)
	}
	return card
}

func violation(t *testing.T, s *store.Store, number int64) (detail store.ViolationDetail) {
	t.Helper()
	if err := s.Read(t.Context(), func(snapshot *store.Snapshot) { detail, _ = snapshot.Violation(1, number) }); err != nil {
		t.Fatal(err)
	}
	return detail
}

// An errand says all that Discord is asked, and a case all that was seen.
func TestACaseBecomesErrands(t *testing.T) {
	s := withStaff(t)
	opened := openCase(t, s, broken(1, 100, moderation.Response{Delete: true, Ladder: true}))
	errands := takeDue(t, s, 10)
	wants := []moderation.Errand{
		{Action: opened.Actions[0], Guild: 1, Kind: moderation.ActionDelete, Target: 21, Channel: 32, Message: 100,
			Reason: "guildwatch #1: No shouting", Severity: moderation.SeverityHigh, Detected: noon},
		{Action: opened.Actions[1], Guild: 1, Kind: moderation.ActionWarn, Target: 21, Channel: 32,
			Reason: "guildwatch #1: No shouting", Severity: moderation.SeverityHigh, Detected: noon},
	}
	if !slices.Equal(errands, wants) {
		t.Errorf("errands\n%+v\nwant\n%+v", errands, wants)
	}
	settle(t, s, moderation.Result{Done: true}, errands...)
	got := violation(t, s, 1)
	if got.Content != "so LOUD here" || got.Version != 1 || got.Response != 0 || len(got.Actions) != 2 || !got.Actions[1].CanUndo() ||
		got.Actions[0].CanUndo() {
		t.Errorf("the violation is %+v", got)
	}
	want(t, lines(t, s), "guild joined", "violation high No shouting #1", "action delete", "violation_changed action",
		"action warn", "violation_changed action")
	var shown []moderation.Change
	if err := s.Read(t.Context(), func(snapshot *store.Snapshot) { shown = snapshot.Newest(1, 10) }); err != nil {
		t.Fatal(err)
	}
	if len(shown) != 4 || slices.ContainsFunc(shown, func(c moderation.Change) bool {
		return c.Kind == moderation.ChangeViolationChanged
	}) {
		t.Errorf("the feed shows %+v", shown)
	}
}

// What Discord refuses is shown with the reason, counts in no figure, and is not asked for again.
func TestWhatDiscordRefuses(t *testing.T) {
	s := withStaff(t)
	openCase(t, s, broken(1, 100, timeout))
	settle(t, s, moderation.Result{Refused: "guildwatch lacks the permission Moderate Members."}, takeDue(t, s, 10)...)
	a := violation(t, s, 1).Actions[0]
	if a.Outcome != moderation.OutcomeFailed || a.Problem != "guildwatch lacks the permission Moderate Members." {
		t.Errorf("the action is %+v", a)
	}
	if n := len(takeDue(t, s, 10)); n != 0 {
		t.Errorf("%d errands are due again", n)
	}
	if violation(t, s, 1).Response >= 0 {
		t.Error("what was refused is a response")
	}
}

// Of the same severity, every guild's oldest comes before any guild's second; guilds that have their share are left out;
// what is graver comes first.
func TestErrandsAreFair(t *testing.T) {
	s := storetest.New(t, atNoon)
	for message := range snowflake.MessageID(20) {
		openCase(t, s, broken(1, 100+message, timeout))
	}
	openCase(t, s, broken(2, 200, timeout))
	openCase(t, s, broken(3, 300, timeout))
	grave := broken(1, 400, timeout)
	grave.Violation.Severity = moderation.SeverityCritical
	openCase(t, s, grave)
	guilds := func(errands []moderation.Errand) (texts []string) {
		for _, e := range errands {
			texts = append(texts, fmt.Sprint(int64(e.Guild), " ", e.Severity))
		}
		return texts
	}
	want(t, guilds(takeDue(t, s, 4)), "1 critical", "1 high", "2 high", "3 high")
	want(t, guilds(takeDue(t, s, 4, 1)))
	if n := len(takeDue(t, s, 100)); n != 19 {
		t.Errorf("%d errands are left", n)
	}
}

// However many ask at once, each errand is given to one of them.
func TestAnErrandIsGivenOnce(t *testing.T) {
	s := storetest.New(t, atNoon)
	for message := range snowflake.MessageID(40) {
		openCase(t, s, broken(snowflake.GuildID(1+message%3), 100+message, timeout))
	}
	var mu sync.Mutex
	given := map[int64]int{}
	var work sync.WaitGroup
	for range 8 {
		work.Go(func() {
			for {
				errands, err := s.TakeDue(t.Context(), noon, 3, moderation.Busy{})
				if err != nil {
					t.Error(err)
				}
				if len(errands) == 0 {
					return
				}
				mu.Lock()
				for _, e := range errands {
					given[e.Action]++
				}
				mu.Unlock()
			}
		})
	}
	work.Wait()
	for action, n := range given {
		if n != 1 {
			t.Errorf("action %d was given %d times", action, n)
		}
	}
	if len(given) != 40 {
		t.Errorf("%d of 40 errands were given", len(given))
	}
}

// Two moderators who act at once do it once, and the second is told who was faster; two who claim have one claim.
func TestTwoModeratorsAtOnce(t *testing.T) {
	s := withStaff(t)
	openCase(t, s, broken(1, 100, moderation.Response{}))
	if err := s.SeeMembers(t.Context(), 1, []moderation.Member{{User: moderation.User{ID: 71, Name: "mara"}},
		{User: moderation.User{ID: 72, Name: "otto"}}}); err != nil {
		t.Fatal(err)
	}
	names := map[snowflake.UserID]string{71: "otto", 72: "mara"} // by whom is refused
	for what, do := range map[string]func(snowflake.UserID) error{
		"a ban": func(by snowflake.UserID) error {
			_, err := s.Order(t.Context(), granted[access.ActOnMembers](t, 1, by), moderation.Order{Kind: moderation.ActionBan,
				Target: 21, Violation: 1, Source: moderation.SourceDashboard})
			return err
		},
		"a claim": func(by snowflake.UserID) error {
			return s.ClaimViolation(t.Context(), granted[access.ManageViolations](t, 1, by), 1)
		},
	} {
		var errs [2]error
		var work sync.WaitGroup
		for i, by := range []snowflake.UserID{71, 72} {
			work.Go(func() { errs[i] = do(by) })
		}
		work.Wait()
		first, second := errs[0], errs[1]
		loser := names[72]
		if first != nil {
			first, second, loser = second, first, names[71]
		}
		var refused *fault.Error
		if first != nil || !errors.As(second, &refused) || refused.Kind != fault.Conflict ||
			refused.Public[:4] != loser {
			t.Errorf("%s: %v and %v; want one, and a conflict with %s", what, errs[0], errs[1], loser)
		}
	}
	if n := len(takeDue(t, s, 10)); n != 1 {
		t.Errorf("%d bans are due", n)
	}
}

// A claim ends when it is released, by whoever holds it, or after five minutes.
func TestAClaimEnds(t *testing.T) {
	now := noon
	s := storetest.New(t, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	openCase(t, s, broken(1, 100, moderation.Response{}))
	seven, eight := granted[access.ManageViolations](t, 1, 7), granted[access.ManageViolations](t, 1, 8)
	step := func(what string, err error, kind fault.Kind, holder snowflake.UserID) {
		t.Helper()
		if (err != nil || kind != 0) && fault.Of(err) != kind || violation(t, s, 1).Claim.By != holder {
			t.Errorf("%s: %v, held by %d", what, err, violation(t, s, 1).Claim.By)
		}
	}
	step("a claim", s.ClaimViolation(t.Context(), seven, 1), 0, 7)
	step("another's release", s.ReleaseViolation(t.Context(), eight, 1), 0, 7)
	step("another's claim", s.ClaimViolation(t.Context(), eight, 1), fault.Conflict, 7)
	step("a release", s.ReleaseViolation(t.Context(), seven, 1), 0, 0)
	step("a claim of what is free", s.ClaimViolation(t.Context(), eight, 1), 0, 8)
	now = now.Add(5 * time.Minute)
	step("waiting", nil, 0, 0)
	step("a claim of what has become free", s.ClaimViolation(t.Context(), seven, 1), 0, 7)
	step("a claim of what is not there", s.ClaimViolation(t.Context(), seven, 2), fault.NotFound, 7)
}

// Discord's audit log tells of our own deeds too. Whether its entry comes before or after we have heard that it is done,
// there is one action; what the bot did without us is one as well.
func TestOurOwnDeedsInTheAuditLog(t *testing.T) {
	entry := func(id snowflake.EntryID, at time.Time) moderation.AuditEntry {
		return moderation.AuditEntry{Origin: moderation.Origin{Guild: 1, At: at}, Entry: id, Own: true,
			Action: moderation.Action{Kind: moderation.ActionTimeout, Target: 21, Actor: 4}}
	}
	for what, early := range map[string]bool{"the entry first": true, "the answer first": false} {
		t.Run(what, func(t *testing.T) {
			s := withStaff(t)
			openCase(t, s, broken(1, 100, timeout))
			errands := takeDue(t, s, 10)
			if !early {
				settle(t, s, moderation.Result{Done: true}, errands...)
			}
			for range 2 {
				if fresh, err := s.RecordAudit(t.Context(), entry(1, noon.Add(9*time.Second))); err != nil || fresh {
					t.Errorf("the entry is fresh: %v, %v", fresh, err)
				}
			}
			settle(t, s, moderation.Result{Done: true}, errands...)
			if actions := card(t, s, 21).Actions; len(actions) != 1 || actions[0].Outcome != moderation.OutcomeDone {
				t.Errorf("actions %+v", actions)
			}
			if fresh, err := s.RecordAudit(t.Context(), entry(2, noon.Add(time.Minute))); err != nil || !fresh {
				t.Errorf("what the bot did without us is fresh: %v, %v", fresh, err)
			}
		})
	}
}

// The ladder rises with each warning, decays by the clock, and a member who was kicked once is banned.
func TestTheLadderIsClimbed(t *testing.T) {
	now := noon
	s := storetest.New(t, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	message := snowflake.MessageID(100)
	next := func() moderation.ActionKind {
		t.Helper()
		message++
		openCase(t, s, broken(1, message, moderation.Response{Ladder: true}))
		errands, err := s.TakeDue(t.Context(), now, 10, moderation.Busy{})
		if err != nil || len(errands) != 1 {
			t.Fatal(errands, err)
		}
		settle(t, s, moderation.Result{Done: true}, errands...)
		return errands[0].Kind
	}
	own := ladder.Ladder{{Kind: moderation.ActionWarn}, {Kind: moderation.ActionKick}}
	if err := s.SaveLadder(t.Context(), granted[access.UpdateSettings](t, 1, 99), own); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for range 2 {
		kinds = append(kinds, string(next()))
		now = now.Add(25 * time.Hour)
	}
	kinds = append(kinds, string(next()), string(next()))
	want(t, kinds, "warn", "warn", "warn", "kick")
	if _, err := s.ClearWarnings(t.Context(), granted[access.ManageViolations](t, 1, 7), 21, ""); err != nil {
		t.Fatal(err)
	}
	if c := card(t, s, 21); c.Level != 0 || !c.KickedBefore || c.Next.Kind != moderation.ActionBan || len(c.Warnings) != 4 {
		t.Errorf("cleared, the card is %+v", c)
	}
	if kind := next(); kind != moderation.ActionBan {
		t.Errorf("after a kick comes %s", kind)
	}
	if err := s.SaveLadder(t.Context(), granted[access.UpdateSettings](t, 1, 99), ladder.Ladder{}); fault.Of(err) != fault.Invalid {
		t.Errorf("a ladder without steps: %v", err)
	}
}

// Undoing a timeout gives back the one that was there before.
func TestAnUndoneTimeoutGivesBackTheEarlierOne(t *testing.T) {
	s := withStaff(t)
	opened := openCase(t, s, broken(1, 100, timeout))
	earlier := noon.Add(20 * time.Minute)
	settle(t, s, moderation.Result{Done: true, Before: `{"timeout_until":"` + earlier.Format(time.RFC3339) + `"}`}, takeDue(t, s, 10)...)
	if _, err := s.Undo(t.Context(), granted[access.ActOnMembers](t, 1, 7), opened.Actions[0], moderation.SourceCommand); err != nil {
		t.Fatal(err)
	}
	errands := takeDue(t, s, 10)
	if len(errands) != 1 || errands[0].Kind != moderation.ActionUntimeout || !errands[0].Until.Equal(earlier) {
		t.Errorf("the undo asks for %+v", errands)
	}
}

// F39: a clock that is set back does not lower anybody's level, and one that was a day ahead for a while leaves it as it
// would have been.
func TestF39TheLadderOutlivesAWrongClock(t *testing.T) {
	now := noon
	s := storetest.New(t, func(o *store.Options) { o.Clock = func() time.Time { return now } })
	level := func(at time.Time) int {
		t.Helper()
		now = at
		return card(t, s, 21).Level
	}
	warn := func(message snowflake.MessageID, at time.Time) {
		t.Helper()
		now = at
		openCase(t, s, broken(1, message, moderation.Response{Ladder: true}))
	}
	warn(100, noon)
	warn(101, noon.Add(time.Minute))
	for name, c := range map[string]struct {
		at   time.Time
		want int
	}{"now": {noon.Add(2 * time.Minute), 2}, "set back": {noon.Add(-time.Hour), 2}, "a day ahead": {noon.Add(25 * time.Hour), 1}} {
		if got := level(c.at); got != c.want {
			t.Errorf("%s: level %d, want %d", name, got, c.want)
		}
	}
	if got := level(noon.Add(2 * time.Minute)); got != 2 {
		t.Errorf("set right again: level %d", got)
	}
	warn(102, noon.Add(-time.Hour))
	if got := level(noon.Add(2 * time.Minute)); got != 3 {
		t.Errorf("warned while the clock was behind: level %d, want 3", got)
	}
}
