package desk

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store/storetest"
)

// Raid mode always restores, and never what it did not change: over raids that come, flare up and end, people who switch
// it and change the same settings, answers of Discord that are refused, fail, or get lost after they took effect, and
// processes that die between any two steps. What raid mode is about to change is in the database before Discord is asked.
func TestRaidModeAlwaysRestores(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	if before := checks.Value.String(); before == checks.DefValue { // each opens a store: 100 take a minute under load
		defer func() { _ = checks.Value.Set(before) }()
		_ = checks.Value.Set("15") // a number, as it wants
	}
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "run")
		if err != nil {
			t.Fatal(err)
		}
		run := &raidRun{T: r, now: time.Date(2026, 8, 14, 12, 0, 0, 0, time.UTC)}
		s, err := storetest.Open(dir, storetest.Clock(func() time.Time { return run.now }))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		run.s = s
		run.check(run.s.SeeGuild(run.ctx(), moderation.GuildSeen{Origin: moderation.Origin{Guild: harbour, At: run.now},
			Profile: moderation.Guild{ID: harbour, Name: "Harbour", Owner: owner, JoinedAt: run.now}}))
		run.level, run.ownLevel = 1, 1
		run.restart()
		r.Repeat(map[string]func(*rapid.T){
			"sign": run.sign, "on": run.on, "off": run.off, "wait": run.wait, "work": run.work, "crash": run.crash,
			"level": run.personLevel, "invites": run.personInvites, "mood": run.mood, "siege": run.siege, "": func(*rapid.T) {},
		})
		run.calm()
	})
}

// keeper is what the real store is to raid mode and to this test.
type keeper interface {
	Raids
	moderation.Docket
	SeeGuild(context.Context, moderation.GuildSeen) error
	NewestRaid(context.Context, snowflake.GuildID) (raid.Raid, error)
}

// raidRun is a guild in Discord, what its people have chosen there, and raid mode beside it.
type raidRun struct {
	*rapid.T
	s    keeper
	mode *RaidMode
	dead bool // the process has died: nothing it does reaches anybody
	fuse int  // steps until it does; 0: it does not
	now  time.Time

	level   int // in Discord
	invites time.Time
	// What its people have chosen last: what must hold once raid mode is over.
	ownLevel   int
	ownInvites time.Time

	answer string // how Discord answers: "" well, refused, fails, lost
	n      int
}

func (x *raidRun) ctx() context.Context { return context.Background() }

func (x *raidRun) check(err error) {
	if err != nil {
		x.Fatalf("%+v", err)
	}
}

func (x *raidRun) restart() {
	x.dead, x.fuse = false, 0
	x.mode = NewRaidMode(RaidOptions{Raids: mortal{x.s, x}, Docket: x.s, Gate: x, Clock: func() time.Time { return x.now },
		Logger: slog.New(slog.DiscardHandler)})
}

// mortal is the ledger of a process that may die.
type mortal struct {
	keeper
	run *raidRun
}

var errDead = errors.New("the process is dead")

// step says whether the process lives on.
func (x *raidRun) step() bool {
	if x.fuse > 0 {
		if x.fuse--; x.fuse == 0 {
			x.dead = true
		}
	}
	return !x.dead
}

func (m mortal) NoteRaid(ctx context.Context, r raid.Raid) error {
	if !m.run.step() {
		return errDead
	}
	return m.keeper.NoteRaid(ctx, r)
}

func (m mortal) MoveRaid(ctx context.Context, r raid.Raid, to raid.State) error {
	if !m.run.step() {
		return errDead
	}
	return m.keeper.MoveRaid(ctx, r, to)
}

func (m mortal) CalmRaid(ctx context.Context, r raid.Raid) error {
	if !m.run.step() {
		return errDead
	}
	return m.keeper.CalmRaid(ctx, r)
}

func (m mortal) PutOffRaid(ctx context.Context, w raid.Work, until time.Time) error {
	if !m.run.step() {
		return errDead
	}
	return m.keeper.PutOffRaid(ctx, w, until)
}

// Doors is Discord.
func (x *raidRun) Doors(context.Context, snowflake.GuildID) (raid.Doors, moderation.Result) {
	if !x.step() || x.answer == "fails" {
		return raid.Doors{}, moderation.Result{Again: time.Second}
	}
	return raid.Doors{InvitesUntil: x.invites, Level: x.level}, moderation.Result{Done: true}
}

// PauseInvites is Discord.
func (x *raidRun) PauseInvites(_ context.Context, _ snowflake.GuildID, until time.Time, _ string) moderation.Result {
	if until.After(x.now.Add(24 * time.Hour)) {
		x.Fatalf("invites are paused until %s, more than a day ahead", until)
	}
	return x.change(func(r raid.Raid) raid.Lever { return r.Invites }, raid.Paused(until, x.now), func() { x.invites = until })
}

// SetVerification is Discord.
func (x *raidRun) SetVerification(_ context.Context, _ snowflake.GuildID, level int, _ string) moderation.Result {
	return x.change(func(r raid.Raid) raid.Lever { return r.Verification }, int64(level), func() { x.level = level })
}

// change is one change in Discord, of which the database must know already.
func (x *raidRun) change(of func(raid.Raid) raid.Lever, to int64, do func()) moderation.Result {
	if !x.step() {
		return moderation.Result{Again: time.Second}
	}
	l := of(x.newest())
	if l.State != raid.Intended && l.State != raid.Held || l.Set != to && raid.Paused(time.Unix(l.Was, 0), x.now) != to && l.Was != to {
		x.Fatalf("Discord is asked for %d, and the database knows %+v", to, l)
	}
	switch x.answer {
	case "refused":
		return moderation.Result{Refused: "guildwatch lacks the permission Manage Server."}
	case "fails":
		return moderation.Result{Again: time.Second}
	case "lost":
		do()
		return moderation.Result{Again: time.Second}
	}
	do()
	return moderation.Result{Done: true}
}

// BanMany is not asked for here.
func (x *raidRun) BanMany(context.Context, snowflake.GuildID, []snowflake.UserID, string) ([]snowflake.UserID, moderation.Result) {
	return nil, moderation.Result{Refused: "nobody asks"}
}

// SayOnce is not asked for either: the guild has no log channel.
func (x *raidRun) SayOnce(context.Context, snowflake.ChannelID, string, string) moderation.Result {
	return moderation.Result{Done: true}
}

func (x *raidRun) newest() raid.Raid {
	r, err := x.s.NewestRaid(x.ctx(), harbour)
	x.check(err)
	return r
}

func (x *raidRun) sign(r *rapid.T) {
	_, _, err := x.s.SeeRaid(x.ctx(), raid.Report{Guild: harbour, At: x.now, Triggers: []raid.Trigger{raid.ByJoins}})
	x.check(err)
}

func (x *raidRun) grant() access.Grant[access.SwitchRaidMode] {
	grant, err := access.Check[access.SwitchRaidMode](x.ctx(), everybodyOwns{}, access.Person(owner, false), harbour)
	x.check(err)
	return grant
}

type everybodyOwns struct{}

// RoleIn makes everybody the owner.
func (everybodyOwns) RoleIn(context.Context, snowflake.GuildID, access.Actor) (access.Role, error) {
	return access.Owner, nil
}

func (x *raidRun) on(*rapid.T) {
	_, err := x.s.SwitchRaidOn(x.ctx(), x.grant())
	x.check(err)
}

func (x *raidRun) off(*rapid.T) {
	if r := x.newest(); r.On() {
		_, err := x.s.SwitchRaidOff(x.ctx(), x.grant())
		x.check(err)
	}
}

func (x *raidRun) wait(r *rapid.T) {
	x.now = x.now.Add(time.Duration(rapid.SampledFrom([]int{1, 5, 60, 400, 2400, 9000}).Draw(r, "seconds")) * time.Second)
}

// siege is a raid that goes on for an hour: pauses of invites run out and are prolonged.
func (x *raidRun) siege(r *rapid.T) {
	for range 7 {
		x.sign(r)
		x.now = x.now.Add(400 * time.Second)
		x.work(r)
	}
}

// work lets the process do what is due, and die on the way if a crash is coming.
func (x *raidRun) work(*rapid.T) {
	x.mode.record(x.ctx())
	x.mode.carryOn(x.ctx())
	if x.dead {
		x.restart()
	}
}

func (x *raidRun) crash(r *rapid.T) { x.fuse = rapid.IntRange(1, 12).Draw(r, "steps until the crash") }

func (x *raidRun) mood(r *rapid.T) {
	x.answer = rapid.SampledFrom([]string{"", "", "refused", "fails", "lost"}).Draw(r, "Discord")
}

// personLevel is a person who changes the verification level. One who chooses the very level that raid mode sets cannot be
// told from it and is left out.
func (x *raidRun) personLevel(r *rapid.T) {
	x.level = rapid.SampledFrom([]int{0, 1, 2, 4}).Draw(r, "level")
	x.ownLevel = x.level
}

func (x *raidRun) personInvites(r *rapid.T) {
	x.n++
	x.invites = time.Time{}
	if hours := rapid.IntRange(0, 3).Draw(r, "hours"); hours > 0 { // never the second at which raid mode would end it
		x.invites = x.now.Add(time.Duration(hours)*time.Hour - 7*time.Second - time.Duration(x.n%50)*time.Second).Truncate(time.Second)
	}
	x.ownInvites = x.invites
}

// calm lets everything go well, and looks at what holds then.
func (x *raidRun) calm() {
	x.answer, x.fuse = "", 0
	for range 14 {
		x.now = x.now.Add(raid.Calm)
		x.work(x.T)
	}
	if r := x.newest(); r.Number != 0 && (r.State != raid.Over || !r.Invites.Over() || !r.Verification.Over()) {
		x.Fatalf("raid mode is not over: %+v", r)
	}
	was, is := raid.Paused(x.ownInvites, x.now), raid.Paused(x.invites, x.now)
	if x.level != x.ownLevel || was != is {
		x.Fatalf("level %d and invites %d hold; its people had chosen %d and %d: %s", x.level, is, x.ownLevel, was,
			fmt.Sprintf("%+v", x.newest()))
	}
}
