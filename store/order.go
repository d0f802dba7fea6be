package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// justNow is how long after an action the same to the same member is taken for a second moderator who has not seen the
// first: a page is as old as half a second, a person needs some more.
const justNow = 10 * time.Second

// Order plans what a person asked for; see moderation.Docket.
func (s *Store) Order(
	ctx context.Context, grant access.Grant[access.ActOnMembers], order moderation.Order,
) (opened moderation.Opened, err error) {
	d := deedOf(ctx, grant, "member."+string(order.Kind))
	err = s.write(ctx, func(t *tx) error { opened, err = t.order(d, order); return err })
	return opened, err
}

func (t *tx) order(d deed, o moderation.Order) (opened moderation.Opened, err error) {
	if err := t.checkAnswer(d.guild, &o); err != nil {
		return opened, err
	}
	if err := t.refuseTwin(d.guild, &o); err != nil {
		return opened, err
	}
	now := t.writer.clock()
	p := plan{guild: d.guild, kind: o.Kind, source: o.Source, target: o.Target, actor: d.actor.User(), channel: o.Channel,
		message: o.Message, violation: o.Violation, reason: o.Reason, priority: orderPriority}
	if o.Kind == moderation.ActionTimeout {
		p.until = now.Add(o.Timeout)
	}
	id, err := t.plan(p)
	if err != nil {
		return opened, err
	}
	if o.Kind == moderation.ActionWarn {
		if err := t.warn(p, id, now); err != nil {
			return opened, err
		}
	}
	if o.Violation != 0 {
		d.target = violationTarget(o.Violation)
	}
	d.person, d.after = o.Target, map[string]int64{"action": id}
	if err := t.audit(d); err != nil {
		return opened, err
	}
	opened = moderation.Opened{Violation: o.Violation, Fresh: true, Actions: []int64{id}}
	return opened, t.violationChanged(d.guild, o.Violation, o.Target, p.actor, "action")
}

// checkAnswer makes sure that an order answers a violation of its own guild, and its own member.
func (t *tx) checkAnswer(guild snowflake.GuildID, o *moderation.Order) error {
	if o.Violation == 0 {
		return nil
	}
	v, err := t.findViolation(guild, o.Violation)
	if err != nil {
		return err
	}
	if o.Target == 0 && o.Kind == moderation.ActionDelete {
		o.Target = snowflake.UserID(v.UserID)
	}
	if o.Target != snowflake.UserID(v.UserID) {
		return fault.New(fault.Invalid, "Violation %d is another member's.", o.Violation)
	}
	return nil
}

// refuseTwin keeps two moderators who press at the same moment from punishing twice.
func (t *tx) refuseTwin(guild snowflake.GuildID, o *moderation.Order) error {
	now := t.writer.clock()
	twin, err := t.FindTwin(t.ctx, db.FindTwinParams{GuildID: int64(guild), TargetID: int64(o.Target),
		Since: msOf(now.Add(-justNow)), Kind: string(o.Kind), MessageID: int64(o.Message)})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	} else if err != nil {
		return err
	}
	who := "A rule"
	switch {
	case twin.ActorID != 0:
		if who, err = t.nameOf(snowflake.UserID(twin.ActorID)); err != nil {
			return err
		}
	case twin.Source == string(moderation.SourceAutoMod):
		who = "Discord AutoMod"
	case twin.Source == string(moderation.SourceAudit):
		who = "Somebody in Discord"
	}
	return fault.New(fault.Conflict, "%s has just done this. Nothing was done a second time.", who)
}

// nameOf is what people call a user, for a sentence to a person.
func (t *tx) nameOf(user snowflake.UserID) (string, error) {
	rows, err := t.ListUsers(t.ctx, jsonIDs([]snowflake.UserID{user}))
	if err != nil || len(rows) == 0 || rows[0].Name == "" && rows[0].GlobalName == "" {
		return "Somebody", err
	}
	if rows[0].GlobalName != "" {
		return rows[0].GlobalName, nil
	}
	return rows[0].Name, nil
}
