package store

import (
	"fmt"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// orderPriority is that of what people ask for: they are waiting.
const orderPriority = 3

// plan is an action that Discord is to be asked for.
type plan struct {
	guild     snowflake.GuildID
	kind      moderation.ActionKind
	source    moderation.Source
	target    snowflake.UserID
	actor     snowflake.UserID // 0: a rule
	channel   snowflake.ChannelID
	message   snowflake.MessageID
	violation int64
	reason    string
	until     time.Time
	undoes    int64
	priority  int64
}

// plan writes an action down and puts it into the outbox, due at once. It counts, and is a line of the feed, once it is
// done.
func (t *tx) plan(p plan) (id int64, err error) {
	now := msOf(t.writer.clock())
	origin := fmt.Sprintf("order:%d", randomID())
	if p.actor == 0 {
		origin = fmt.Sprintf("%s:%d:%s", p.source, p.violation, p.kind)
	}
	id, err = t.PlanAction(t.ctx, db.PlanActionParams{
		GuildID: int64(p.guild), At: now, Kind: string(p.kind), Source: string(p.source), TargetID: int64(p.target),
		ActorID: int64(p.actor), ChannelID: int64(p.channel), MessageID: int64(p.message), Violation: p.violation,
		Reason: p.reason, Until: msOf(p.until), Origin: origin, Undoes: p.undoes,
	})
	if err != nil {
		return 0, err
	}
	return id, t.enqueue(id, &p, now)
}
