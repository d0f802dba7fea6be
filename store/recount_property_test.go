package store_test

import (
	"context"
	"fmt"
	"os"
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

// Whatever happens in a store, and in whatever order, its counters are what its rows add up to: told late or ahead of the
// clock, settled out of order, taken back, called wrong, taken over from elsewhere, erased, or deleted as too old.
func TestAHealthyHistoryHasNothingToMend(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "run")
		if err != nil {
			t.Fatal(err)
		}
		// The month is nearly over: a moment ahead of the clock is in the next.
		run := &recountRun{T: r, now: time.Date(2026, 5, 31, 23, 0, 0, 0, time.UTC)}
		if run.s, err = storetest.Open(dir, storetest.Clock(func() time.Time { return run.now })); err != nil {
			t.Fatal(err)
		}
		defer run.s.Close()
		run.begin()
		r.Repeat(map[string]func(*rapid.T){
			"case": run.newCase, "settle": run.settle, "order": run.order, "undo": run.undo, "mark": run.mark,
			"entry": run.entry, "hit": run.hit, "write": run.write, "import": run.takeOver, "erase": run.erase,
			"wait": run.wait, "age": run.age, "": run.check,
		})
		nothingToMend(run, run.s)
	})
}

type recountRun struct {
	*rapid.T
	now     time.Time
	s       *store.Store
	ids     int64
	actions []moderation.Errand // all that Discord was asked for
	held    []moderation.Errand // those that are not settled
	cases   []modelCase
}

// begin has guild 1 keep rows for 90 days, and guild 2 for ever.
func (l *recountRun) begin() {
	for guild := snowflake.GuildID(1); guild <= 2; guild++ {
		l.must(l.s.SeeGuild(context.Background(), moderation.GuildSeen{Origin: moderation.Origin{Guild: guild, At: l.now},
			Profile: moderation.Guild{ID: guild, Owner: 99}}))
	}
	l.must(l.s.SetRetention(context.Background(), granted[access.UpdateSettings](l, 1, 99), store.Retention{Rows: 90}))
}

// must fails unless an error is none, or one that says why somebody may not do this now.
func (l *recountRun) must(err error) {
	if kind := fault.Of(err); err != nil && kind != fault.Conflict && kind != fault.Invalid && kind != fault.NotFound {
		l.Fatal(err)
	}
}

// at is a moment of which Discord tells now: of some time ago, or ahead of the clock.
func (l *recountRun) at(r *rapid.T) time.Time {
	return l.now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 2, -3, -30, -700, -3000}).Draw(r, "hours")) * time.Hour)
}

// who is one of the members: two who break rules, and 99, who owns both guilds.
func (l *recountRun) who(r *rapid.T) snowflake.UserID {
	return rapid.SampledFrom([]snowflake.UserID{21, 22, 99}).Draw(r, "who")
}

func (l *recountRun) newCase(r *rapid.T) {
	l.ids++
	c := broken(guildOf(r), snowflake.MessageID(l.ids), rapid.SampledFrom([]moderation.Response{{}, {Ladder: true, Delete: true},
		{Kind: moderation.ActionWarn}, timeout, {Kind: moderation.ActionBan}}).Draw(r, "response"))
	rule := rapid.IntRange(0, 3).Draw(r, "rule")
	c.Violation.At, c.Violation.User, c.Detected = l.at(r), targetOf(r), l.now
	c.Violation.Rule, c.Violation.Severity = fmt.Sprint("rule:", rule), moderation.Severities()[rule]
	c.Shadow = rule == 2
	opened, err := l.s.Open(context.Background(), c)
	l.must(err)
	l.cases = append(l.cases, modelCase{c.Violation.Guild, opened.Violation})
}

// settle has some of what is due asked for, and any of that done or refused.
func (l *recountRun) settle(r *rapid.T) {
	due, err := l.s.TakeDue(context.Background(), l.now, rapid.IntRange(1, 5).Draw(r, "due"), moderation.Busy{})
	l.must(err)
	l.held, l.actions = append(l.held, due...), append(l.actions, due...)
	for len(l.held) > 0 && rapid.IntRange(0, 3).Draw(r, "more") > 0 {
		i := rapid.IntRange(0, len(l.held)-1).Draw(r, "errand")
		result := rapid.SampledFrom([]moderation.Result{{Done: true}, {Done: true}, {Refused: "No permission."}}).Draw(r, "result")
		l.must(l.s.Settle(context.Background(), l.held[i], result))
		l.held = append(l.held[:i:i], l.held[i+1:]...)
	}
}

// order is a moderator's own, or the answer to a violation, which may be one that is deleted.
func (l *recountRun) order(r *rapid.T) {
	o := moderation.Order{Kind: rapid.SampledFrom([]moderation.ActionKind{moderation.ActionWarn, moderation.ActionTimeout,
		moderation.ActionKick, moderation.ActionBan}).Draw(r, "kind"), Target: targetOf(r), Timeout: time.Hour,
		Source: moderation.SourceDashboard}
	guild := guildOf(r)
	if len(l.cases) > 0 && rapid.Bool().Draw(r, "answers") {
		at := rapid.SampledFrom(l.cases).Draw(r, "case")
		guild, o.Violation = at.guild, at.number
	}
	_, err := l.s.Order(context.Background(), granted[access.ActOnMembers](l, guild, moderatorOf(r)), o)
	l.must(err)
}

func (l *recountRun) undo(r *rapid.T) {
	if len(l.actions) == 0 {
		r.Skip("nothing was done")
	}
	e := rapid.SampledFrom(l.actions).Draw(r, "action")
	_, err := l.s.Undo(context.Background(), granted[access.ActOnMembers](l, e.Guild, moderatorOf(r)), e.Action,
		moderation.SourceDashboard)
	l.must(err)
}

func (l *recountRun) mark(r *rapid.T) {
	if len(l.cases) == 0 {
		r.Skip("no violation")
	}
	at := rapid.SampledFrom(l.cases).Draw(r, "case")
	l.must(l.s.MarkFalsePositive(context.Background(), granted[access.ManageViolations](l, at.guild, moderatorOf(r)), at.number,
		rapid.Bool().Draw(r, "wrong")))
}

// entry is something that a moderator did in Discord.
func (l *recountRun) entry(r *rapid.T) {
	l.ids++
	_, err := l.s.RecordAudit(context.Background(), moderation.AuditEntry{Entry: snowflake.EntryID(l.ids),
		Origin: moderation.Origin{Guild: guildOf(r), At: l.at(r)},
		Action: moderation.Action{Kind: rapid.SampledFrom(moderation.ActionKinds()).Draw(r, "kind"), Target: l.who(r),
			Actor: moderatorOf(r)}})
	l.must(err)
}

// hit is one of Discord's own AutoMod.
func (l *recountRun) hit(r *rapid.T) {
	l.ids++
	_, err := l.s.RecordExecution(context.Background(), moderation.AutoModExecution{
		Origin: moderation.Origin{Guild: guildOf(r), At: l.at(r)}, Rule: 5, Trigger: moderation.TriggerSpam, User: l.who(r),
		Message: snowflake.MessageID(l.ids), Did: moderation.ActionDelete})
	l.must(err)
}

// write has somebody write a message, or run a command.
func (l *recountRun) write(r *rapid.T) {
	o, user := moderation.Origin{Guild: guildOf(r), At: l.at(r)}, l.who(r)
	if rapid.Bool().Draw(r, "command") {
		l.ids++
		_, err := l.s.RecordCommand(context.Background(), moderation.CommandRun{Origin: o,
			Interaction: snowflake.InteractionID(l.ids), Command: "guildwatch", User: moderation.User{ID: user}})
		l.must(err)
		return
	}
	tally := moderation.NewTally()
	tally.Counts[moderation.Spot{Guild: o.Guild, Bucket: moderation.BucketOf(o.At).UnixMilli()}] = moderation.Counts{Messages: 1}
	tally.Active[moderation.Presence{Guild: o.Guild, User: user}] = o.At.UnixMilli()
	l.must(l.s.Flush(context.Background(), tally, moderation.Position{}))
}

// takeOver takes over what another bot did, and may take it back.
func (l *recountRun) takeOver(r *rapid.T) {
	l.ids++
	guild := guildOf(r)
	grant := granted[access.UpdateSettings](l, guild, 99)
	number, err := l.s.DraftImport(context.Background(), grant, "table", "x.csv", []byte("x"))
	l.must(err)
	_, err = l.s.TakeOver(context.Background(), grant, number, nil, []store.Deed{{Key: fmt.Sprint(l.ids),
		Kind: rapid.SampledFrom(moderation.ActionKinds()).Draw(r, "kind"), User: targetOf(r), By: moderatorOf(r), At: l.at(r)}}, 0)
	l.must(err)
	if rapid.Bool().Draw(r, "back") {
		l.must(l.s.UndoImport(context.Background(), grant, number))
	}
}

func (l *recountRun) erase(r *rapid.T) {
	_, err := l.s.EraseMember(context.Background(), granted[access.EraseMember](l, guildOf(r), 99),
		rapid.SampledFrom([]snowflake.UserID{21, 22, 7, 8}).Draw(r, "member"))
	l.must(err)
}

func (l *recountRun) wait(r *rapid.T) {
	l.now = l.now.Add(time.Duration(rapid.SampledFrom([]int{1, 20, 300, 1000}).Draw(r, "hours")) * time.Hour)
	l.must(l.s.SweepWindows(context.Background(), l.now))
}

// age deletes what is too old, of which the windows have long been rid.
func (l *recountRun) age(*rapid.T) {
	l.must(l.s.SweepWindows(context.Background(), l.now))
	_, err := l.s.DropOldRows(context.Background(), l.now)
	l.must(err)
}

// check counts anew after every fifth step, so that a difference is found near its cause.
func (l *recountRun) check(r *rapid.T) {
	if rapid.IntRange(0, 4).Draw(r, "look") == 0 {
		nothingToMend(l, l.s)
	}
}
