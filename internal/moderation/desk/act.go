package desk

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// reasonLength is what of a reason Discord's audit log takes beside what guildwatch puts before it.
const reasonLength = 400

// Act does what a person asks about a member or a message: on the dashboard and by a slash command alike, and from here
// on the same way as what a rule asks. It answers a *fault.Error with a sentence for that person: Invalid, Forbidden,
// NotFound, or Conflict when somebody else has just done it.
func (d *Desk) Act(
	ctx context.Context, grant access.Grant[access.ActOnMembers], order moderation.Order,
) (moderation.Opened, error) {
	order.Reason = strings.TrimSpace(order.Reason)
	if err := checkOrder(&order); err != nil {
		return moderation.Opened{}, err
	}
	if err := d.mayTouch(ctx, grant, &order); err != nil {
		return moderation.Opened{}, err
	}
	if err := d.mustBeThere(ctx, grant, &order); err != nil {
		return moderation.Opened{}, err
	}
	opened, err := d.docket.Order(ctx, grant, order)
	if err == nil {
		d.worker.Wake()
	}
	return opened, err
}

// Undo takes an action back: a timeout, a ban, a warning. It answers a *fault.Error: Invalid for what cannot be taken
// back, Conflict for what was already.
func (d *Desk) Undo(
	ctx context.Context, grant access.Grant[access.ActOnMembers], action int64, source moderation.Source,
) (moderation.Opened, error) {
	opened, err := d.docket.Undo(ctx, grant, action, source)
	if err == nil {
		d.worker.Wake()
	}
	return opened, err
}

func checkOrder(o *moderation.Order) error {
	switch o.Kind {
	case moderation.ActionDelete:
		if o.Message == 0 || o.Channel == 0 {
			return fault.New(fault.Invalid, "There is no message to delete.")
		}
		return nil
	case moderation.ActionWarn, moderation.ActionUntimeout, moderation.ActionKick, moderation.ActionBan, moderation.ActionUnban:
	case moderation.ActionTimeout:
		if o.Timeout < time.Minute || o.Timeout > 28*24*time.Hour {
			return fault.New(fault.Invalid, "A timeout takes from one minute to 28 days.")
		}
	default:
		return fault.New(fault.Invalid, "Choose what to do: warn, time out, kick, ban, delete.")
	}
	if o.Target == 0 {
		return fault.New(fault.Invalid, "Choose a member.")
	}
	if n := utf8.RuneCountInString(o.Reason); n > reasonLength {
		return fault.New(fault.Invalid, "The reason has %d characters; at most %d fit into Discord's audit log.", n, reasonLength)
	}
	return nil
}

// mayTouch refuses what would let a moderator act on themselves, on guildwatch, or on somebody who stands as high. What
// helps a member, and messages, may always be.
func (d *Desk) mayTouch(ctx context.Context, grant access.Grant[access.ActOnMembers], o *moderation.Order) error {
	switch o.Kind {
	case moderation.ActionDelete, moderation.ActionUntimeout, moderation.ActionUnban:
		return nil
	}
	switch {
	case o.Target == grant.Actor().User():
		return fault.New(fault.Forbidden, "You cannot act on yourself.")
	case o.Target == d.self():
		return fault.New(fault.Forbidden, "guildwatch does not act on itself.")
	}
	role, err := d.role(ctx, grant.Guild(), o.Target)
	if err != nil {
		return fault.Wrap(err, fault.Unavailable, "The member's role could not be checked just now. Please try again.")
	}
	if role >= grant.Role() && role > access.Viewer || role == access.Owner {
		return fault.New(fault.Forbidden, "You cannot act on somebody who is %s here: your own role is %s.", role, grant.Role())
	}
	return nil
}
