package desk

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
)

// Raids is where raids are kept. Every call is one transaction; it has committed when the call returns nil.
type Raids interface {
	// SeeRaid records what was noticed: it begins a raid, keeps one going, or is nothing. On says whether raid mode is.
	SeeRaid(ctx context.Context, report raid.Report) (r raid.Raid, on bool, err error)
	// DueRaids lists the raids for which there is something to do; PutOffRaid says when there is again.
	DueRaids(ctx context.Context, now time.Time) ([]raid.Work, error)
	PutOffRaid(ctx context.Context, w raid.Work, until time.Time) error
	// NoteRaid writes down a raid's levers and who was told.
	NoteRaid(ctx context.Context, r raid.Raid) error
	// MoveRaid takes a raid to its next state, CalmRaid ends it, both unless somebody has changed it meanwhile.
	MoveRaid(ctx context.Context, r raid.Raid, to raid.State) error
	CalmRaid(ctx context.Context, r raid.Raid) error
	SwitchRaidOn(ctx context.Context, grant access.Grant[access.SwitchRaidMode]) (raid.Raid, error)
	SwitchRaidOff(ctx context.Context, grant access.Grant[access.SwitchRaidMode]) (raid.Raid, error)
	// ActOnRaid plans what is done about many members; TakeSweep gives the bans to ask for together, and LeaveSweep leaves
	// them to the Worker.
	ActOnRaid(ctx context.Context, grant access.Grant[access.ActOnMembers], order raid.Order) (int, error)
	TakeSweep(ctx context.Context, w raid.Work) ([]moderation.Errand, error)
	LeaveSweep(ctx context.Context, w raid.Work, errands []moderation.Errand) error
}

// Gatekeeper asks Discord about what raid mode changes. The same twice must end as it does once.
type Gatekeeper interface {
	// Doors looks at what holds; it is refused where the bot may not look.
	Doors(ctx context.Context, guild snowflake.GuildID) (raid.Doors, moderation.Result)
	// PauseInvites pauses them until a time; zero opens them.
	PauseInvites(ctx context.Context, guild snowflake.GuildID, until time.Time, reason string) moderation.Result
	SetVerification(ctx context.Context, guild snowflake.GuildID, level int, reason string) moderation.Result
	// BanMany bans at most 200 users and gives those who are banned.
	BanMany(ctx context.Context, guild snowflake.GuildID, users []snowflake.UserID, reason string) ([]snowflake.UserID, moderation.Result)
	// SayOnce writes in a channel, with the same nonce once.
	SayOnce(ctx context.Context, channel snowflake.ChannelID, nonce, text string) moderation.Result
}

// RaidOptions is what raid mode stands on.
type RaidOptions struct {
	Raids  Raids
	Docket moderation.Docket
	Gate   Gatekeeper
	Page   func(snowflake.GuildID, int64) string // address of a raid's page; empty: nobody knows. Nil: always
	Clock  func() time.Time                      // nil: time.Now
	Logger *slog.Logger                          // nil: slog.Default()
}

// RaidMode notices raids, raises what keeps raiders out, and puts it back. It is safe for concurrent use.
type RaidMode struct {
	watch  *raid.Watch
	raids  Raids
	docket moderation.Docket
	gate   Gatekeeper
	page   func(snowflake.GuildID, int64) string
	clock  func() time.Time
	log    *slog.Logger

	wake    chan struct{}
	work    sync.WaitGroup
	missed  []raid.Report // what could not be recorded, to be tried again
	worker  *Worker       // of the desk that it belongs to
	panics  atomic.Int64
	patient time.Duration // for one request
}

// NewRaidMode makes raid mode for the desk that is given it. It must be run.
func NewRaidMode(o RaidOptions) *RaidMode {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Page == nil {
		o.Page = func(snowflake.GuildID, int64) string { return "" }
	}
	return &RaidMode{watch: raid.NewWatch(o.Clock), raids: o.Raids, docket: o.Docket, gate: o.Gate, page: o.Page,
		clock: o.Clock, log: o.Logger, wake: make(chan struct{}, 1), patient: 20 * time.Second}
}

// joined looks at somebody who came in. It costs no query.
func (m *RaidMode) joined(e *moderation.MemberJoined) {
	if m != nil && !e.Member.Bot {
		m.watch.Joined(e.Guild, e.Member.ID, e.At)
	}
}

// posted looks at a message: one that is like no other costs a hash.
func (m *RaidMode) posted(e *moderation.MessagePosted) {
	if m == nil || e.Late || e.Edit || e.Unfurl || e.Author.Bot || e.Webhook != 0 {
		return
	}
	m.watch.Posted(e.Guild, e.Author.ID, e.At, e.Texts)
}

// RaidMode is what notices raids and raises what keeps raiders out.
func (d *Desk) RaidMode() *RaidMode { return d.raids }

// SwitchRaid switches raid mode on, or keeps it on, or switches it off. It answers a *fault.Error: Conflict where it is off
// already.
func (d *Desk) SwitchRaid(
	ctx context.Context, grant access.Grant[access.SwitchRaidMode], on bool,
) (r raid.Raid, err error) {
	if on {
		r, err = d.raids.raids.SwitchRaidOn(ctx, grant)
	} else {
		r, err = d.raids.raids.SwitchRaidOff(ctx, grant)
	}
	if err == nil {
		d.raids.Wake()
	}
	return r, err
}

// ActOnRaid kicks or bans members of a raid and says how many: who may not be touched, as RaidTargets says, is left out.
func (d *Desk) ActOnRaid(
	ctx context.Context, grant access.Grant[access.ActOnMembers], order raid.Order,
) (planned int, err error) {
	targets, _ := d.RaidTargets(ctx, grant, order.Users)
	if order.Users = targets; len(targets) == 0 {
		return 0, fault.New(fault.Invalid, "Nobody is left of whom this could be done.")
	}
	planned, err = d.raids.raids.ActOnRaid(ctx, grant, order)
	if err == nil {
		d.raids.Wake()
		d.worker.Wake()
	}
	return planned, err
}

// RaidTargets leaves out whom nobody acts on in bulk: whoever asks, guildwatch, moderators and who is above, and whose role
// is not known now.
func (d *Desk) RaidTargets(
	ctx context.Context, grant access.Grant[access.ActOnMembers], users []snowflake.UserID,
) (targets, spared []snowflake.UserID) {
	for _, user := range users {
		role, err := d.role(ctx, grant.Guild(), user)
		if err != nil || role >= access.Moderator || user == d.self() || user == grant.Actor().User() {
			spared = append(spared, user)
			continue
		}
		targets = append(targets, user)
	}
	return targets, spared
}
