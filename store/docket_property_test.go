package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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

// The docket against a model: whatever is opened, asked for, settled, taken back, marked and cleared in whatever order,
// sums agree with rows, levels with the model, each errand is given to one caller, none is lost when the process dies,
// and a replayed case changes nothing in any table.
func TestDocketAgreesWithTheModel(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "run")
		if err != nil {
			t.Fatal(err)
		}
		run := &docketRun{T: r, m: newDocketModel(), dir: dir}
		run.open()
		defer func() { run.s.Close() }()
		raw, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "guildwatch.db")+"?mode=ro")
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		run.raw = raw
		r.Repeat(map[string]func(*rapid.T){
			"case": run.newCase, "replay": run.replay, "take": run.take, "settle": run.settle, "crash": run.crash,
			"order": run.order, "undo": run.undo, "mark": run.mark, "clear": run.clear, "claim": run.claim,
			"wait": run.wait, "": run.check,
		})
		sumsAgree(run, raw)
		nothingToMend(run, run.s)
		sameRows(run, raw, "audit", `SELECT count(*) FROM audit`, fmt.Sprint("SELECT ", run.m.acts))
	})
}

type docketRun struct {
	*rapid.T
	m    *docketModel
	dir  string
	s    *store.Store
	raw  *sql.DB
	held []moderation.Errand
}

func (l *docketRun) open() {
	s, err := storetest.Open(l.dir, func(o *store.Options) { o.Clock = func() time.Time { return l.m.now } })
	if err != nil {
		l.Fatal(err)
	}
	l.s = s
}

func guildOf(r *rapid.T) snowflake.GuildID {
	return snowflake.GuildID(rapid.IntRange(1, 2).Draw(r, "guild"))
}

func targetOf(r *rapid.T) snowflake.UserID {
	return snowflake.UserID(rapid.IntRange(21, 22).Draw(r, "target"))
}

func moderatorOf(r *rapid.T) snowflake.UserID {
	return snowflake.UserID(rapid.IntRange(7, 8).Draw(r, "by"))
}

func (l *docketRun) newCase(r *rapid.T) {
	rule := rapid.IntRange(1, 3).Draw(r, "rule")
	c := moderation.Case{
		Violation: moderation.Violation{
			Guild: guildOf(r), At: l.m.now, Source: moderation.SourceRule, User: targetOf(r), Channel: 5,
			Severity: moderation.Severities()[rule], Rule: fmt.Sprint("rule:", rule), RuleName: fmt.Sprint("Rule ", rule),
			Message: snowflake.MessageID(rapid.IntRange(100, 110).Draw(r, "message")), Keyword: "word", Content: "a word",
		},
		Version: 1, Shadow: rule == 3, Surface: moderation.SurfaceContent, Detected: l.m.now,
		Evidence: rapid.SampledFrom([]string{"a", "b"}).Draw(r, "evidence"),
		Response: rapid.SampledFrom([]moderation.Response{{}, {Ladder: true}, {Ladder: true, Delete: true}, {Delete: true},
			{Kind: moderation.ActionWarn}, {Kind: moderation.ActionTimeout, Timeout: time.Hour}, {Kind: moderation.ActionKick},
		}).Draw(r, "response"),
	}
	fresh := !slices.ContainsFunc(l.m.cases, func(old moderation.Case) bool {
		a, b := old.Violation, c.Violation
		return a.Guild == b.Guild && a.Message == b.Message && a.Rule == b.Rule && old.Evidence == c.Evidence
	})
	kinds, warned := l.m.follows(&c)
	opened, err := l.s.Open(context.Background(), c)
	if err != nil || opened.Fresh != fresh || fresh && len(opened.Actions) != len(kinds) || !fresh && len(opened.Actions) > 0 {
		l.Fatalf("opened %+v, %v; want fresh %v, %v", opened, err, fresh, kinds)
	}
	if !fresh {
		return
	}
	l.m.cases = append(l.m.cases, c)
	l.m.violations[modelCase{c.Violation.Guild, opened.Violation}] = &modelViolation{Violation: c.Violation, shadow: c.Shadow}
	for i, id := range opened.Actions {
		a := &modelAction{guild: c.Violation.Guild, user: c.Violation.User, kind: kinds[i], outcome: moderation.OutcomePlanned,
			violation: opened.Violation, at: l.m.now, due: l.m.now}
		if a.kind == moderation.ActionDelete {
			a.message = c.Violation.Message
		}
		l.m.actions[id] = a
		if warned && i == len(kinds)-1 {
			l.m.warn(a, id)
		}
	}
}

func (l *docketRun) replay(r *rapid.T) {
	if len(l.m.cases) == 0 {
		r.Skip("nothing to replay")
	}
	c := rapid.SampledFrom(l.m.cases).Draw(r, "case")
	before := l.dump()
	if opened, err := l.s.Open(context.Background(), c); err != nil || opened.Fresh || len(opened.Actions) > 0 {
		l.Fatalf("a replay opened %+v: %v", opened, err)
	}
	if after := l.dump(); after != before {
		l.Fatalf("a replay changed\n%s\nto\n%s", before, after)
	}
}

func (l *docketRun) take(r *rapid.T) {
	most := rapid.SampledFrom([]int{1, 2, 100}).Draw(r, "most")
	due := l.m.due()
	errands, err := l.s.TakeDue(context.Background(), l.m.now, most, moderation.Busy{})
	if err != nil || len(errands) != min(most, len(due)) {
		l.Fatalf("%d errands, %v; %d are due", len(errands), err, len(due))
	}
	for i, e := range errands {
		a := l.m.actions[e.Action]
		if !slices.Contains(due, e.Action) || a.kind != e.Kind || a.user != e.Target || a.message != e.Message {
			l.Fatalf("errand %+v is %+v, due %v", e, a, due)
		}
		if i > 0 && rankOf(e.Severity) > rankOf(errands[i-1].Severity) {
			l.Fatalf("errand %d is graver than the one before: %+v", i, errands)
		}
		a.outcome, a.due = moderation.OutcomeSent, l.m.now.Add(15*time.Minute)
	}
	l.held = append(l.held, errands...)
}

func rankOf(s moderation.Severity) int { return slices.Index(moderation.Severities(), s) }

func (l *docketRun) settle(r *rapid.T) {
	if len(l.held) == 0 {
		r.Skip("nothing is under way")
	}
	i := rapid.IntRange(0, len(l.held)-1).Draw(r, "errand")
	result := rapid.SampledFrom([]moderation.Result{{Done: true}, {Done: true}, {Refused: "No permission."},
		{Again: time.Second}}).Draw(r, "result")
	if err := l.s.Settle(context.Background(), l.held[i], result); err != nil {
		l.Fatal(err)
	}
	l.m.settle(l.held[i].Action, result)
	if rapid.Bool().Draw(r, "forget") { // else its outcome may come a second time
		l.held = slices.Delete(l.held, i, i+1)
	}
}

// crash ends the process: what was under way is unknown to the next, which is given all of it.
func (l *docketRun) crash(r *rapid.T) {
	if rapid.IntRange(0, 2).Draw(r, "luck") > 0 {
		r.Skip("opening a database takes as long as ten other steps")
	}
	if err := l.s.Close(); err != nil {
		l.Fatal(err)
	}
	l.open()
	l.held = nil
	if err := l.s.Recover(context.Background()); err != nil {
		l.Fatal(err)
	}
	for _, a := range l.m.actions {
		if a.outcome == moderation.OutcomePlanned || a.outcome == moderation.OutcomeSent {
			if a.due.After(l.m.now) {
				a.due = l.m.now
			}
		}
	}
}

func (l *docketRun) order(r *rapid.T) {
	guild, by := guildOf(r), moderatorOf(r)
	o := moderation.Order{Kind: rapid.SampledFrom([]moderation.ActionKind{moderation.ActionWarn, moderation.ActionTimeout,
		moderation.ActionBan}).Draw(r, "kind"), Target: targetOf(r), Timeout: time.Minute, Source: moderation.SourceDashboard}
	twin := l.m.twin(guild, &o)
	opened, err := l.s.Order(context.Background(), granted[access.ActOnMembers](l, guild, by), o)
	if twin {
		if fault.Of(err) != fault.Conflict {
			l.Fatalf("a second %s within seconds: %v", o.Kind, err)
		}
		return
	}
	if err != nil || len(opened.Actions) != 1 {
		l.Fatalf("ordered %+v: %v", opened, err)
	}
	a := &modelAction{guild: guild, user: o.Target, kind: o.Kind, outcome: moderation.OutcomePlanned, at: l.m.now, due: l.m.now}
	l.m.actions[opened.Actions[0]] = a
	if o.Kind == moderation.ActionWarn {
		l.m.warn(a, opened.Actions[0])
	}
	l.m.acts++
}

func (l *docketRun) undo(r *rapid.T) {
	if len(l.m.actions) == 0 {
		r.Skip("nothing was done")
	}
	id := rapid.SampledFrom(l.m.ids()).Draw(r, "action")
	a := l.m.actions[id]
	opened, err := l.s.Undo(context.Background(), granted[access.ActOnMembers](l, a.guild, moderatorOf(r)), id,
		moderation.SourceDashboard)
	inverse, wants := moderation.ActionNote, fault.Kind(-1)
	switch {
	case a.undoneBy != 0 || a.outcome == moderation.OutcomeUndone || a.outcome == moderation.OutcomeSent:
		wants = fault.Conflict
	case a.outcome == moderation.OutcomeFailed:
		wants = fault.Invalid
	case a.outcome == moderation.OutcomePlanned || a.kind == moderation.ActionWarn:
	case a.kind == moderation.ActionTimeout:
		inverse = moderation.ActionUntimeout
	case a.kind == moderation.ActionBan:
		inverse = moderation.ActionUnban
	default:
		wants = fault.Invalid
	}
	if wants >= 0 {
		if fault.Of(err) != wants {
			l.Fatalf("undoing %+v: %v", a, err)
		}
		return
	}
	if err != nil || len(opened.Actions) != 1 {
		l.Fatalf("undoing %+v: %+v, %v", a, opened, err)
	}
	l.m.acts++
	a.undoneBy = opened.Actions[0]
	taken := &modelAction{guild: a.guild, user: a.user, kind: inverse, outcome: moderation.OutcomePlanned, undoes: id,
		violation: a.violation, at: l.m.now, due: l.m.now}
	if inverse == moderation.ActionNote {
		taken.outcome = moderation.OutcomeDone
		if a.outcome == moderation.OutcomeDone {
			l.m.undone(id)
		} else {
			a.outcome = moderation.OutcomeFailed
			l.m.clearOf(id)
		}
	}
	l.m.actions[opened.Actions[0]] = taken
}

func (l *docketRun) mark(r *rapid.T) {
	at, v := l.violation(r)
	wrong := rapid.Bool().Draw(r, "wrong")
	grant := granted[access.ManageViolations](l, at.guild, moderatorOf(r))
	if err := l.s.MarkFalsePositive(context.Background(), grant, at.number, wrong); err != nil {
		l.Fatal(err)
	}
	if v.wrong == wrong {
		return
	}
	v.wrong = wrong
	l.m.acts++
	for _, w := range l.m.warnings {
		if w.guild == at.guild && w.violation == at.number {
			w.wrong = wrong
		}
	}
}

func (l *docketRun) violation(r *rapid.T) (modelCase, *modelViolation) {
	if len(l.m.violations) == 0 {
		r.Skip("no violation")
	}
	at := rapid.SampledFrom(l.m.numbers()).Draw(r, "violation")
	return at, l.m.violations[at]
}

func (l *docketRun) clear(r *rapid.T) {
	if len(l.m.warnings) == 0 {
		r.Skip("no warning")
	}
	w := rapid.SampledFrom(l.m.warnings).Draw(r, "warning")
	err := l.s.ClearWarning(context.Background(), granted[access.ManageViolations](l, w.guild, 7), w.number, "fine again")
	if !w.counts() {
		if fault.Of(err) != fault.Conflict {
			l.Fatalf("clearing what is cleared: %v", err)
		}
		return
	}
	if err != nil {
		l.Fatal(err)
	}
	w.person = true
	l.m.acts++
}

// claim has at most one of several moderators on a violation.
func (l *docketRun) claim(r *rapid.T) {
	at, v := l.violation(r)
	by := moderatorOf(r)
	err := l.s.ClaimViolation(context.Background(), granted[access.ManageViolations](l, at.guild, by), at.number)
	free := v.holder == 0 || !v.until.After(l.m.now)
	if !free && v.holder != by {
		if fault.Of(err) != fault.Conflict {
			l.Fatalf("claiming what %d holds: %v", v.holder, err)
		}
		return
	}
	if err != nil {
		l.Fatal(err)
	}
	if free {
		l.m.acts++
	}
	v.holder, v.until = by, l.m.now.Add(5*time.Minute)
}

func (l *docketRun) wait(r *rapid.T) {
	l.m.now = l.m.now.Add(time.Duration(rapid.OneOf(rapid.Int64Range(1, 20_000), rapid.Int64Range(1, 30*3600_000)).
		Draw(r, "ms")) * time.Millisecond)
	if err := l.s.SweepWindows(context.Background(), l.m.now); err != nil {
		l.Fatal(err)
	}
}

// check compares what pages show of one member and of one violation with the model, after every fourth step: a card is a
// dozen queries.
func (l *docketRun) check(r *rapid.T) {
	if rapid.IntRange(0, 3).Draw(r, "look") > 0 {
		return
	}
	guild, user := guildOf(r), targetOf(r)
	err := l.s.Read(context.Background(), func(s *store.Snapshot) {
		card := s.MemberCard(guild, user)
		if level := l.m.level(guild, user); card.Level != level || card.KickedBefore != l.m.kicked(guild, user) {
			l.Fatalf("member %d of %d is at level %d, kicked %v; want %d, %v", user, guild, card.Level, card.KickedBefore,
				level, l.m.kicked(guild, user))
		}
		if len(l.m.violations) > 0 {
			at, v := l.violation(r)
			l.checkViolation(s, at, v)
		}
	})
	if err != nil {
		l.Fatal(err)
	}
}

func (l *docketRun) checkViolation(s *store.Snapshot, at modelCase, v *modelViolation) {
	row, known := s.Violation(at.guild, at.number)
	holder := v.holder
	if !v.until.After(l.m.now) {
		holder = 0
	}
	if !known || row.Claim.By != holder || (row.State == moderation.StateFalsePositive) != v.wrong {
		l.Fatalf("violation %+v is %+v, want %+v", at, row, v)
	}
	for _, a := range row.Actions {
		if want := l.m.actions[a.ID]; want == nil || a.Outcome != want.outcome || a.UndoneBy != want.undoneBy {
			l.Fatalf("action %+v, want %+v", a, want)
		}
	}
}

func (l *docketRun) dump() string {
	all := ""
	for _, table := range rowsOf(l, l.raw, `SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite_%'`) {
		table = table[:len(table)-1]
		all += fmt.Sprintln(table, rowsOf(l, l.raw, "SELECT * FROM "+table))
	}
	return all
}
