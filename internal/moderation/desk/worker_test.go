package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

var (
	done    = moderation.Result{Done: true}
	later   = moderation.Result{Again: time.Second}
	refused = moderation.Result{Refused: "guildwatch lacks a permission."}
)

// skip sets the clock forward and lets the worker look again.
func (o *office) skip(d time.Duration) {
	o.ahead.Add(int64(d))
	o.Worker().Wake()
}

func TestF28APanicCostsOneAttemptAndTheOthersGoOn(t *testing.T) {
	o := newOffice(t)
	o.ruled("bad", nil)
	var once sync.Once
	o.answering(func(_ context.Context, e moderation.Errand) (r moderation.Result) {
		r = done
		if e.Target == ada {
			once.Do(func() { panic("failpoint") })
		}
		return r
	})
	o.work()
	o.event(said(1, ada, "bad"))
	o.event(said(2, bob, "bad"))
	o.settled(2)
	o.skip(2 * time.Second)
	o.settled(3)
	if f := o.Worker().Figures(); o.did() != "warn 14, warn 14, warn 15" || f.Panics != 1 || f.Retried != 1 || f.Failed != 0 {
		t.Errorf("did %s, %+v", o.did(), f)
	}
}

func TestWhatDiscordDoesNotAnswerIsAskedAgainEightTimesAndThenGivenUp(t *testing.T) {
	o := newOffice(t)
	o.ruled("bad", nil)
	o.answering(func(context.Context, moderation.Errand) moderation.Result { return later })
	o.work()
	o.event(said(1, ada, "bad"))
	for n := range int64(attempts) {
		o.settled(n + 1)
		o.skip(6 * time.Minute)
	}
	o.idle()
	o.skip(time.Hour)
	if f := o.Worker().Figures(); len(o.errands()) != attempts || f.Failed != 1 || f.Retried != attempts-1 {
		t.Errorf("asked %d times, %+v", len(o.errands()), f)
	}
}

func TestARefusalIsNotAskedAgain(t *testing.T) {
	o := newOffice(t)
	o.ruled("bad", nil)
	o.answering(func(context.Context, moderation.Errand) moderation.Result { return refused })
	o.work()
	o.event(said(1, ada, "bad"))
	o.settled(1)
	o.skip(time.Hour)
	o.event(said(2, bob, "bad")) // behind what would be asked again
	o.settled(2)
	if f := o.Worker().Figures(); o.did() != "warn 14, warn 15" || f.Failed != 2 {
		t.Errorf("did %s, %+v", o.did(), f)
	}
}

// One guild in which hundreds misbehave does not keep another waiting.
func TestF30ARaidLeavesPlacesToOtherGuilds(t *testing.T) {
	o := newOffice(t)
	const quiet = harbour + 1
	o.open(quiet)
	o.ruled("bad", nil)
	grant, err := access.Check[access.UpdateRules](t.Context(), o, access.Person(owner, false), quiet)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.SaveRule(t.Context(), grant, rule.Rule{Name: "Quiet", Kind: rule.Words, Mode: rule.Enforce,
		Severity: moderation.SeverityLow, Respond: rule.RespondWarn, Spec: rule.Spec{Words: []string{"bad"}}}, ""); err != nil {
		t.Fatal(err)
	}
	hold, served := make(chan struct{}), make(chan struct{})
	o.answering(func(_ context.Context, e moderation.Errand) moderation.Result {
		if e.Guild == quiet {
			close(served)
		} else {
			<-hold
		}
		return done
	})
	for i := range snowflake.UserID(60) {
		o.event(said(snowflake.MessageID(100+i), 1000+i, "bad"))
	}
	o.work()
	o.await(perGuild)
	e := said(1, ada, "bad")
	e.Guild = quiet
	o.event(e)
	select {
	case <-served:
	case <-time.After(time.Minute):
		t.Fatal("the quiet guild waits for the raid")
	}
	if n := o.Worker().Figures().Flying; n > 2*perGuild {
		t.Errorf("%d errands of one guild are under way", n)
	}
	close(hold)
	o.settled(61)
}

func TestTheGravestIsAskedForFirst(t *testing.T) {
	o := newOffice(t)
	for i, severity := range moderation.Severities() {
		o.ruled(fmt.Sprint("bad", i), func(r *rule.Rule) { r.Severity = severity })
	}
	for i := range snowflake.UserID(8) {
		o.event(said(snowflake.MessageID(1+i), 100+i, fmt.Sprint("bad", i%4)))
	}
	hold := make(chan struct{})
	o.answering(func(context.Context, moderation.Errand) moderation.Result { <-hold; return done })
	o.work()
	o.await(perGuild)
	for _, e := range o.errands() {
		if e.Severity != moderation.SeverityHigh && e.Severity != moderation.SeverityCritical {
			t.Errorf("%s comes among the first four", e.Severity)
		}
	}
	close(hold)
	o.settled(8)
}

// Whenever the process dies, each action is in Discord once, and known to be.
func TestACrashAtAnyPointLosesAndDoublesNothing(t *testing.T) {
	o := newOffice(t)
	o.ruled("bad", func(r *rule.Rule) { r.Delete = true })
	o.Worker().grace = time.Millisecond
	const messages = 12
	for i := range snowflake.UserID(messages) {
		o.event(said(snowflake.MessageID(1+i), 100+i, "bad"))
	}
	var mu sync.Mutex
	inDiscord, calls := map[int64]int{}, 0
	o.answering(func(ctx context.Context, e moderation.Errand) moderation.Result {
		mu.Lock()
		calls++
		crash := calls%3 == 0
		before := calls%2 == 0
		if !crash || !before {
			inDiscord[e.Action] = 1 // the same twice is as once
		}
		mu.Unlock()
		if crash { // the process ends before it hears the answer
			<-ctx.Done()
			return later
		}
		return done
	})
	for round := 0; o.Worker().Figures().Settled < 2*messages; round++ {
		if round > 100 {
			t.Fatalf("%+v", o.Worker().Figures())
		}
		stop := o.work()
		o.await(1)
		stop()
	}
	if len(inDiscord) != 2*messages {
		t.Errorf("%d actions of %d are in Discord", len(inDiscord), 2*messages)
	}
	if f := o.Worker().Figures(); f.Settled != 2*messages || f.Failed != 0 {
		t.Errorf("%+v", f)
	}
}

func TestAnOrderGoesTheSameWayAndIsUndone(t *testing.T) {
	o := newOffice(t)
	o.work()
	grant := granted[access.ActOnMembers](o, mod)
	opened, err := o.Act(t.Context(), grant, moderation.Order{Kind: moderation.ActionTimeout, Target: ada, Timeout: time.Hour,
		Reason: "  enough  ", Source: moderation.SourceDashboard})
	if err != nil || len(opened.Actions) != 1 {
		t.Fatal(opened, err)
	}
	o.settled(1)
	if e := o.errands()[0]; e.Kind != moderation.ActionTimeout || e.Target != ada || time.Until(e.Until) < 59*time.Minute ||
		!strings.HasSuffix(e.Reason, "enough") {
		t.Errorf("%+v", e)
	}
	if _, err := o.Act(t.Context(), granted[access.ActOnMembers](o, admin), moderation.Order{Kind: moderation.ActionTimeout, Target: ada,
		Timeout: time.Hour, Source: moderation.SourceDashboard}); fault.Of(err) != fault.Conflict {
		t.Errorf("the same by another moderator gives %v", err)
	}
	if _, err := o.Desk.Undo(t.Context(), grant, opened.Actions[0], moderation.SourceDashboard); err != nil {
		t.Fatal(err)
	}
	o.settled(2)
	if e := o.errands()[1]; e.Kind != moderation.ActionUntimeout || e.Target != ada {
		t.Errorf("%+v", e)
	}
	if _, err := o.Desk.Undo(t.Context(), grant, opened.Actions[0], moderation.SourceDashboard); fault.Of(err) != fault.Conflict {
		t.Errorf("undone twice: %v", err)
	}
}

func TestAnUndoneTimeoutBringsBackWhatWasThere(t *testing.T) {
	o := newOffice(t)
	earlier := time.Now().Add(3 * time.Hour).UTC().Truncate(time.Millisecond)
	o.answering(func(context.Context, moderation.Errand) moderation.Result {
		return moderation.Result{Done: true, Before: `{"timeout_until":"` + earlier.Format(time.RFC3339Nano) + `"}`}
	})
	o.work()
	grant := granted[access.ActOnMembers](o, mod)
	opened, err := o.Act(t.Context(), grant, moderation.Order{Kind: moderation.ActionTimeout, Target: ada, Timeout: 5 * time.Hour,
		Source: moderation.SourceDashboard})
	if err != nil {
		t.Fatal(err)
	}
	o.settled(1)
	if _, err := o.Desk.Undo(t.Context(), grant, opened.Actions[0], moderation.SourceDashboard); err != nil {
		t.Fatal(err)
	}
	o.settled(2)
	if e := o.errands()[1]; e.Kind != moderation.ActionUntimeout || !e.Until.Equal(earlier) {
		t.Errorf("%+v, want until %s", e, earlier)
	}
}

func TestOrdersThatMakeNoSenseOrReachTooHighAreRefused(t *testing.T) {
	o := newOffice(t)
	o.work()
	for name, c := range map[string]struct {
		by    snowflake.UserID
		order moderation.Order
		want  fault.Kind
	}{
		"no kind":               {mod, moderation.Order{Target: ada}, fault.Invalid},
		"a note":                {mod, moderation.Order{Kind: moderation.ActionNote, Target: ada}, fault.Invalid},
		"nobody":                {mod, moderation.Order{Kind: moderation.ActionWarn}, fault.Invalid},
		"no message":            {mod, moderation.Order{Kind: moderation.ActionDelete, Target: ada}, fault.Invalid},
		"too short":             {mod, moderation.Order{Kind: moderation.ActionTimeout, Target: ada, Timeout: time.Second}, fault.Invalid},
		"too long":              {mod, moderation.Order{Kind: moderation.ActionTimeout, Target: ada, Timeout: 29 * 24 * time.Hour}, fault.Invalid},
		"too much to say":       {mod, moderation.Order{Kind: moderation.ActionWarn, Target: ada, Reason: strings.Repeat("ü", 401)}, fault.Invalid},
		"oneself":               {mod, moderation.Order{Kind: moderation.ActionWarn, Target: mod}, fault.Forbidden},
		"the bot":               {mod, moderation.Order{Kind: moderation.ActionKick, Target: self}, fault.Forbidden},
		"the owner":             {admin, moderation.Order{Kind: moderation.ActionBan, Target: owner}, fault.Forbidden},
		"a higher one":          {mod, moderation.Order{Kind: moderation.ActionKick, Target: admin}, fault.Forbidden},
		"the owner, by herself": {owner, moderation.Order{Kind: moderation.ActionBan, Target: owner}, fault.Forbidden},
	} {
		c.order.Source = moderation.SourceDashboard
		if _, err := o.Act(t.Context(), granted[access.ActOnMembers](o, c.by), c.order); fault.Of(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	grant := granted[access.ActOnMembers](o, mod)
	o.unsure.Store(true)
	if _, err := o.Act(t.Context(), grant, moderation.Order{Kind: moderation.ActionKick, Target: ada}); fault.Of(err) != fault.Unavailable ||
		!errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("where nobody knows who it is: %v", err)
	}
	o.unsure.Store(false)
	if _, err := o.Act(t.Context(), granted[access.ActOnMembers](o, admin), moderation.Order{Kind: moderation.ActionWarn, Target: mod,
		Reason: strings.Repeat("ü", 400), Source: moderation.SourceDashboard}); err != nil {
		t.Error(err)
	}
	o.settled(1)
	if o.did() != "warn 13" {
		t.Errorf("did %s", o.did())
	}
}

// F39: a clock that is set back by an hour puts nothing off by an hour, and one that is set forward by a day gives up
// nothing.
func TestF39TheClockIsSetAndEverythingIsDone(t *testing.T) {
	for name, off := range map[string]time.Duration{"back an hour": -time.Hour, "forward a day": 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.ruled("bad", func(r *rule.Rule) { r.Severity = moderation.SeverityHigh })
			o.ruled("worse", func(r *rule.Rule) { r.Severity = moderation.SeverityCritical })
			var once sync.Once
			o.answering(func(_ context.Context, e moderation.Errand) (r moderation.Result) {
				r = done
				if e.Target == ada {
					once.Do(func() { r = later })
				}
				return r
			})
			o.event(said(1, ada, "bad"))
			o.work()
			o.settled(1) // put off by a second
			o.event(said(2, bob, "worse"))
			o.settled(2)
			o.skip(off)
			o.settled(3)
			o.event(said(3, 16, "bad"))
			o.settled(4)
			if o.did() != "warn 14, warn 14, warn 15, warn 16" {
				t.Errorf("did %s", o.did())
			}
		})
	}
}

// F39: an action that is on its way while the clock is set is asked for once, although the docket gives it out again.
func TestF39TheClockIsSetWhileAnActionIsOnItsWay(t *testing.T) {
	for name, off := range map[string]time.Duration{"back an hour": -time.Hour, "forward a day": 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.ruled("bad", nil)
			asked, answer := make(chan struct{}), make(chan struct{})
			o.answering(func(_ context.Context, e moderation.Errand) moderation.Result {
				if e.Target == ada {
					close(asked) // panics when it is asked for twice
					<-answer
				}
				return done
			})
			o.work()
			o.event(said(1, ada, "bad"))
			<-asked
			o.skip(off)
			o.event(said(2, bob, "bad")) // behind what would be asked again
			o.settled(1)
			close(answer)
			o.settled(2)
			if f := o.Worker().Figures(); o.did() != "warn 14, warn 15" || f.Panics != 0 || f.Failed != 0 {
				t.Errorf("did %s, %+v", o.did(), f)
			}
		})
	}
}
