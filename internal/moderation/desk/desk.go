// Package desk is where every event ends and every deed begins. An event is judged by its guild's rules, recorded through
// the ledger with what is to follow, or counted; what is to follow is carried out by the Worker. What people ask for on
// the dashboard or by a command goes the same way.
//
//	event -> Handle -> judge: a hit -> Clerk, guilds in turn -> Docket.OpenAll (one transaction)
//	                                    -> Worker -> Enforcer (Discord) -> Docket.Settle
//	                          none  -> counted in the lane's tally, no query
//	order -> Act    ------------------> Docket.Order -----------------> Worker
package desk

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

// Options is what a desk stands on.
type Options struct {
	Ledger   moderation.Ledger
	Docket   moderation.Docket
	Enforcer moderation.Enforcer
	// Rules gives a guild's compiled rules. It costs no query when they are known.
	Rules func(context.Context, snowflake.GuildID) (*rule.Set, error)
	// SwitchOff switches a rule off whose expression took too long. nil: it goes on.
	SwitchOff func(context.Context, access.Grant[access.UpdateRules], *rule.Overrun) error
	// Role gives what somebody is on a guild's dashboard: rules do not touch moderators.
	Role func(context.Context, snowflake.GuildID, snowflake.UserID) (access.Role, error)
	// Met is told who broke a rule, as their message says it, before Role is asked. nil: nobody wants to know.
	Met func(context.Context, snowflake.GuildID, moderation.Member, time.Time) error
	// Above gives the channel that a thread is in, or the category of a channel: who exempts one exempts what is in it. It
	// is asked for what breaks a rule with exempt channels.
	Above func(context.Context, snowflake.ChannelID) (snowflake.ChannelID, error)
	// There asks Discord whether somebody is in a guild, for what moderators order. nil: nobody asks.
	There func(context.Context, snowflake.GuildID, snowflake.UserID) (bool, error)
	Raids *RaidMode // nil: nobody looks for raids
	// Appeals is where appeals are kept; nil where nobody decides any.
	Appeals moderation.Appeals
	// Self is the bot's own user, 0 before it is known.
	Self   func() snowflake.UserID
	Clock  func() time.Time // nil: time.Now
	Logger *slog.Logger     // nil: slog.Default()
}

// Desk decides and records. It is safe for concurrent use by lanes with a tally each.
type Desk struct {
	ledger moderation.Ledger
	docket moderation.Docket
	rules  func(context.Context, snowflake.GuildID) (*rule.Set, error)
	role   func(context.Context, snowflake.GuildID, snowflake.UserID) (access.Role, error)
	met    func(context.Context, snowflake.GuildID, moderation.Member, time.Time) error
	above  func(context.Context, snowflake.ChannelID) (snowflake.ChannelID, error)
	there  func(context.Context, snowflake.GuildID, snowflake.UserID) (bool, error)
	self   func() snowflake.UserID
	clock  func() time.Time
	log    *slog.Logger
	memory *rule.Memory

	switchOff func(context.Context, access.Grant[access.UpdateRules], *rule.Overrun) error
	names     *names
	clerk     *Clerk
	worker    *Worker
	raids     *RaidMode

	appeals moderation.Appeals
}

// New makes a desk. Its Clerk and its Worker must be run.
func New(o Options) *Desk {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	worker := newWorker(o)
	if o.Raids != nil {
		o.Raids.worker = worker
	}
	return &Desk{ledger: o.Ledger, docket: o.Docket, rules: o.Rules, role: o.Role, met: o.Met, above: o.Above, there: o.There, self: o.Self, clock: o.Clock, log: o.Logger,
		memory: rule.NewMemory(), switchOff: o.SwitchOff, names: newNames(), clerk: newClerk(o, worker), worker: worker, raids: o.Raids,
		appeals: o.Appeals}
}

// Clerk has recorded what the desk finds.
func (d *Desk) Clerk() *Clerk { return d.clerk }

// Worker carries out what the desk plans.
func (d *Desk) Worker() *Worker { return d.worker }

// Handle takes one event. A clean message costs no query: it is counted in the tally, which the lane's owner flushes.
// A broken rule is filed with the clerk, and Settled says when it is recorded; everything else is recorded before Handle
// returns. An error means that the event is not recorded; the caller may hand it in again.
func (d *Desk) Handle(ctx context.Context, tally *moderation.Tally, event moderation.Event) error {
	switch e := event.(type) {
	case moderation.MessagePosted:
		if err := d.judgeMessage(ctx, &e); err != nil {
			return err
		}
		tally.Message(&e)
		d.raids.posted(&e)
	case moderation.ThreadTitled:
		return d.judgeTitle(ctx, &e)
	case moderation.MessagesDeleted:
		tally.Deleted(&e)
	case moderation.LatencyMeasured:
		tally.Beat(&e)
	case moderation.HistoryRead:
		tally.Progress(&e)
	case moderation.MemberJoined:
		d.raids.joined(&e) // before it waits for the ledger: a raid is noticed at once
		if _, err := d.ledger.Join(ctx, e); err != nil {
			return err
		}
		return d.judgeName(ctx, e.Origin, &e.Member)
	case moderation.MemberChanged:
		if err := d.ledger.ChangeMember(ctx, e); err != nil {
			return err
		}
		return d.judgeName(ctx, e.Origin, &e.Member)
	default:
		return d.record(ctx, event)
	}
	return nil
}

// Settled returns once every case that was filed before is recorded or given up; it fails when ctx ends before.
func (d *Desk) Settled(ctx context.Context) error { return d.clerk.backlog.settled(ctx) }

// Missed hands out what was given up since it was last asked.
func (d *Desk) Missed() []Missed { return d.clerk.backlog.missed() }

// record hands the ledger what needs no judgement.
func (d *Desk) record(ctx context.Context, event moderation.Event) error {
	switch e := event.(type) {
	case moderation.MemberLeft:
		return second(d.ledger.Leave(ctx, e))
	case moderation.MemberLost:
		return d.ledger.LoseMember(ctx, e.Guild, e.User, e.At)
	case moderation.MembersListed:
		return d.ledger.SeeMembers(ctx, e.Guild, e.Members)
	case moderation.MembersComplete:
		return d.ledger.KeepMembers(ctx, e)
	case moderation.GuildSeen:
		return d.ledger.SeeGuild(ctx, e)
	case moderation.GuildLost:
		return d.ledger.LoseGuild(ctx, e)
	case moderation.RoleSeen:
		return d.ledger.SeeRole(ctx, e)
	case moderation.ChannelSeen:
		return d.ledger.SeeChannel(ctx, e)
	case moderation.ChannelsSeen:
		return d.ledger.PlanReadings(ctx, e)
	case moderation.AuditEntry:
		return second(d.ledger.RecordAudit(ctx, e))
	case moderation.AutoModExecution:
		return second(d.ledger.RecordExecution(ctx, e))
	case moderation.CommandRun:
		return second(d.ledger.RecordCommand(ctx, e))
	case moderation.NativeRuleSeen:
		return d.ledger.SeeNativeRule(ctx, e)
	case moderation.NativeRulesListed:
		return d.ledger.KeepNativeRules(ctx, e)
	}
	return fmt.Errorf("desk: no path for event %T", event)
}

// exempt says whether rules leave somebody alone.
func (d *Desk) exempt(ctx context.Context, guild snowflake.GuildID, user snowflake.UserID) (bool, error) {
	if user == d.self() {
		return true, nil
	}
	role, err := d.role(ctx, guild, user)
	return role >= access.Moderator, err
}

func second(_ bool, err error) error { return err }
