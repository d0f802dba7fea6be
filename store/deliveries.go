package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const (
	// mostWaiting is how much may wait for one destination: what is tried in vain for weeks is not wanted any more.
	mostWaiting = 20
	// deliveriesKept is how long it is told what became of a delivery.
	deliveriesKept = 30 * day
)

// Delivery is something on its way to a destination.
type Delivery struct {
	Guild       snowflake.GuildID
	ID          int64 // within the guild
	Destination int64
	Subject     string // what is to be told: "report:daily:2026-11-20"
	MadeAt      time.Time
	Attempts    int    // so far
	State       string // "waiting", "sent", "failed"
	Detail      string // why the last attempt failed, for people
}

// Settled is what an attempt came to.
type Settled struct {
	Sent    bool
	Detail  string        // why not, for people
	Again   time.Duration // the next attempt is after so long; 0: this was the last
	Stopped string        // nothing is sent to the destination any more, and why; empty: it is
	Failed  int           // attempts to reach the destination that failed in a row, this one included
	Rests   time.Duration // nothing is sent to the destination for so long; 0: it does not rest
}

// TryDestination puts something into the outbox for one destination, to be tried at once, and gives its id. It answers
// a *fault.Error: NotFound, and TooMany while too much waits for it.
func (s *Store) TryDestination(
	ctx context.Context, grant access.Grant[access.UpdateSettings], number int64, subject string,
) (id int64, err error) {
	d := deedOf(ctx, grant, "destination.tried")
	err = s.write(ctx, func(t *tx) error {
		row, err := t.destination(d.guild, number)
		if err != nil {
			return err
		}
		if id, err = t.file(&row, subject, t.writer.clock()); err != nil {
			return err
		}
		d.target = destinationName(number)
		return t.audit(d)
	})
	return id, err
}

// file puts something into the outbox, not to be tried before it is due.
func (t *tx) file(to *db.Destination, subject string, due time.Time) (id int64, err error) {
	waiting, err := t.CountWaiting(t.ctx, db.CountWaitingParams{GuildID: to.GuildID, Destination: to.Number})
	if err != nil {
		return 0, err
	}
	if waiting >= mostWaiting {
		return 0, fault.New(fault.TooMany, "Too much waits for this destination. Remove it, or wait until it can be reached.")
	}
	now := t.writer.clock()
	if err := t.DeleteSettledDeliveries(t.ctx, db.DeleteSettledDeliveriesParams{GuildID: to.GuildID,
		Before: msOf(now.Add(-deliveriesKept))}); err != nil {
		return 0, err
	}
	last, err := t.LastDelivery(t.ctx, to.GuildID)
	if err != nil {
		return 0, err
	}
	return last + 1, t.InsertDelivery(t.ctx, db.InsertDeliveryParams{GuildID: to.GuildID, DeliveryID: last + 1,
		Destination: to.Number, Subject: subject, MadeAt: msOf(now), DueAt: msOf(due)})
}

// DueDeliveries lists what is to be sent now, in all guilds, the longest due first, at most so many.
func (s *Store) DueDeliveries(ctx context.Context, now time.Time, most int) ([]Delivery, error) {
	rows, err := s.reads.ListDueDeliveries(ctx, db.ListDueDeliveriesParams{Now: msOf(now), Max: int64(most)})
	list := make([]Delivery, len(rows))
	for i := range rows {
		list[i] = deliveryOf(&rows[i])
	}
	return list, unreadable(err)
}

// NextDelivery is when the next delivery is due after now; the zero time when none waits.
func (s *Store) NextDelivery(ctx context.Context, now time.Time) (time.Time, error) {
	due, err := s.reads.NextDelivery(ctx, msOf(now))
	return timeOf(due), unreadable(err)
}

// Delivery gives one of a guild's deliveries.
func (s *Snapshot) Delivery(guild snowflake.GuildID, id int64) (Delivery, bool) {
	if s.err != nil {
		return Delivery{}, false
	}
	row, err := s.q.GetDelivery(s.ctx, db.GetDeliveryParams{GuildID: int64(guild), DeliveryID: id})
	return deliveryOf(&row), s.ok("delivery", err)
}

// SettleDelivery notes what an attempt came to, with the delivery and with its destination. What was removed meanwhile
// stays removed.
func (s *Store) SettleDelivery(ctx context.Context, d Delivery, was Settled) error {
	return s.write(ctx, func(t *tx) error {
		now := t.writer.clock()
		row, err := t.GetDelivery(t.ctx, db.GetDeliveryParams{GuildID: int64(d.Guild), DeliveryID: d.ID})
		if errors.Is(err, sql.ErrNoRows) || err == nil && row.State != "waiting" {
			return nil
		} else if err != nil {
			return err
		}
		set := db.SetDeliveryParams{DueAt: msOf(now), Attempts: row.Attempts + 1, State: "sent", Detail: was.Detail,
			SettledAt: msOf(now), GuildID: row.GuildID, DeliveryID: row.DeliveryID}
		switch {
		case was.Sent:
		case was.Again > 0 && was.Stopped == "":
			set.State, set.SettledAt, set.DueAt = "waiting", 0, msOf(now.Add(was.Again))
		default:
			set.State = "failed"
		}
		if err := t.SetDelivery(t.ctx, set); err != nil {
			return err
		}
		return t.settleDestination(&row, was, now)
	})
}

func (t *tx) settleDestination(row *db.Delivery, was Settled, now time.Time) error {
	to, err := t.GetDestination(t.ctx, db.GetDestinationParams{GuildID: row.GuildID, Number: row.Destination})
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	} else if err != nil {
		return err
	}
	state := db.SetDestinationStateParams{Stopped: was.Stopped, Failures: int64(was.Failed), LastAt: msOf(now),
		LastDetail: was.Detail, GuildID: to.GuildID, Number: to.Number}
	switch {
	case was.Stopped != "":
		err = t.DropDeliveries(t.ctx, db.DropDeliveriesParams{Detail: was.Stopped, SettledAt: msOf(now), GuildID: to.GuildID,
			Destination: to.Number})
	case was.Rests > 0:
		state.RestsUntil = msOf(now.Add(was.Rests))
		err = t.HoldDeliveries(t.ctx, db.HoldDeliveriesParams{Until: state.RestsUntil, GuildID: to.GuildID,
			Destination: to.Number})
	}
	if err != nil {
		return err
	}
	return t.SetDestinationState(t.ctx, state)
}

func deliveryOf(row *db.Delivery) Delivery {
	return Delivery{Guild: snowflake.GuildID(row.GuildID), ID: row.DeliveryID, Destination: row.Destination,
		Subject: row.Subject, MadeAt: timeOf(row.MadeAt), Attempts: int(row.Attempts), State: row.State, Detail: row.Detail}
}
