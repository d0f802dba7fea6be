package store

import (
	"context"
	"sync/atomic"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// The bounds of the outbox, for each step of severity: of a guild so many actions wait, of all guilds so many. Discord
// takes some 40 requests a second, so the mildest wait half a minute in a guild and two minutes behind all, the gravest
// four times that. What a rule would add beyond is written down as failed, with the reason: an hour later it would help
// nobody, and a list that only grows is never done. What people ask for is always taken.
const (
	guildWaits    = 1_000
	instanceWaits = 5_000
)

const outboxFull = "So many actions wait for Discord already that this one was left out."

// outboxSize is how many actions wait for Discord, by guild and in all.
type outboxSize struct {
	guilds map[snowflake.GuildID]int
	sum    int
	shown  atomic.Int64 // the sum as committed; all else is the writer's goroutine's
}

// load counts what an earlier process has left.
func (o *outboxSize) load(ctx context.Context, queries *db.Queries) error {
	o.guilds = map[snowflake.GuildID]int{}
	guild, err := queries.NextOutboxGuild(ctx, 0)
	for ; guild != 0 && err == nil; guild, err = queries.NextOutboxGuild(ctx, guild) {
		n, err := queries.CountErrands(ctx, guild)
		if err != nil {
			return err
		}
		o.add(snowflake.GuildID(guild), int(n))
	}
	o.shown.Store(int64(o.sum))
	return err
}

func (o *outboxSize) add(guild snowflake.GuildID, n int) {
	o.sum += n
	if o.guilds[guild] += n; o.guilds[guild] == 0 {
		delete(o.guilds, guild)
	}
}

// full says whether a rule may add nothing more of a priority in a guild.
func (o *outboxSize) full(guild snowflake.GuildID, priority int64) bool {
	step := int(priority) + 1
	return o.guilds[guild] >= step*guildWaits || o.sum >= step*instanceWaits
}

// enqueue puts a planned action into the outbox.
func (t *tx) enqueue(action int64, p *plan, now int64) error {
	if p.actor == 0 && t.writer.memory.outbox.full(p.guild, p.priority) {
		return t.leaveOut(action, p, now)
	}
	t.outboxGrew(p.guild, 1)
	// Due since ever, not since now: then a clock that is set back does not put it off.
	return t.InsertErrand(t.ctx, db.InsertErrandParams{ActionID: action, GuildID: int64(p.guild), Priority: p.priority})
}

// dequeue takes an action out of the outbox.
func (t *tx) dequeue(row *db.Action) error {
	n, err := t.DeleteErrand(t.ctx, db.DeleteErrandParams{GuildID: row.GuildID, ActionID: row.ActionID})
	t.outboxGrew(snowflake.GuildID(row.GuildID), -int(n))
	return err
}

func (t *tx) outboxGrew(guild snowflake.GuildID, n int) {
	size := &t.writer.memory.outbox
	size.add(guild, n)
	t.undo = append(t.undo, func() { size.add(guild, -n) })
	t.after = append(t.after, func() { size.shown.Add(int64(n)) })
}

// leaveOut writes down that a planned action will not be asked for.
func (t *tx) leaveOut(action int64, p *plan, now int64) error {
	if err := t.SettleAction(t.ctx, db.SettleActionParams{Outcome: string(moderation.OutcomeFailed), Problem: outboxFull,
		SettledAt: now, GuildID: int64(p.guild), ActionID: action}); err != nil {
		return err
	}
	return t.announce(moderation.Change{Guild: p.guild, At: timeOf(now), Kind: moderation.ChangeAction,
		Source: p.source, Action: p.kind, Outcome: moderation.OutcomeFailed, Ref: action, User: p.target, Channel: p.channel,
		Detail: outboxFull})
}

// Errands says how many actions wait for Discord, or are on their way to it.
func (s *Store) Errands() int64 { return s.writer.memory.outbox.shown.Load() }
