package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// The limits of what a guild may have: each is tried with every report, by guildwatch and at its operator's expense.
const (
	mostDestinations     = 10
	destinationNameLimit = 60
)

// Destination is where a guild wants to be told.
type Destination struct {
	Guild   snowflake.GuildID
	Number  int64 // within the guild
	Kind    string
	Name    string
	Shown   string // as much of the address as may be shown
	Reports Reports
	Stopped string    // why nothing is sent there any more, for people; empty: it is
	Failed  int       // attempts in a row that failed
	Rests   time.Time // nothing is tried before; zero: it does not rest
	Last    Attempt
	MadeBy  snowflake.UserID
	MadeAt  time.Time
}

// Attempt is what the last attempt to reach a destination came to.
type Attempt struct {
	At     time.Time // zero: there was none
	Detail string    // why it failed, for people; empty: it did not
}

// Reports are the cadences that go somewhere.
type Reports struct{ Daily, Weekly, Monthly bool }

// Has says whether one is among them.
func (r Reports) Has(c edition.Cadence) bool {
	return c == edition.Daily && r.Daily || c == edition.Weekly && r.Weekly || c == edition.Monthly && r.Monthly
}

// NewDestination is what somebody gives. The address is sealed and never read again but to call it.
type NewDestination struct {
	Kind, Name, Shown, Address string
	Reports                    Reports
}

// AddDestination keeps a destination and gives its number. It answers a *fault.Error: Invalid for a name that is none,
// Conflict when the guild has 10.
func (s *Store) AddDestination(
	ctx context.Context, grant access.Grant[access.UpdateSettings], n NewDestination,
) (number int64, err error) {
	d := deedOf(ctx, grant, "destination.added")
	n.Name = strings.TrimSpace(n.Name)
	if n.Name == "" || utf8.RuneCountInString(n.Name) > destinationNameLimit {
		return 0, fault.New(fault.Invalid, "Give it a name of at most %d characters.", destinationNameLimit)
	}
	err = s.write(ctx, func(t *tx) error {
		last, err := t.LastDestination(t.ctx, int64(d.guild))
		if err != nil {
			return err
		}
		have, err := t.ListDestinations(t.ctx, int64(d.guild))
		if err != nil {
			return err
		}
		if len(have) >= mostDestinations {
			return fault.New(fault.Conflict, "There are %d already. Remove one first.", mostDestinations)
		}
		number = last + 1
		if err := s.sealAddress(t, d, number, n.Address); err != nil {
			return err
		}
		err = t.InsertDestination(t.ctx, db.InsertDestinationParams{GuildID: int64(d.guild), Number: number, Kind: n.Kind,
			Name: n.Name, Shown: n.Shown, Daily: bit(n.Reports.Daily), Weekly: bit(n.Reports.Weekly),
			Monthly: bit(n.Reports.Monthly), MadeBy: int64(d.actor.User()), MadeAt: msOf(t.writer.clock())})
		if err != nil {
			return err
		}
		d.after = auditedDestination(n.Kind, n.Reports)
		return t.destinationChanged(d, number)
	})
	return number, err
}

// SetDestinationReports sets which reports go to a destination, and lets it be tried again if nothing was sent there
// any more.
func (s *Store) SetDestinationReports(
	ctx context.Context, grant access.Grant[access.UpdateSettings], number int64, reports Reports,
) error {
	d := deedOf(ctx, grant, "destination.changed")
	return s.write(ctx, func(t *tx) error {
		row, err := t.destination(d.guild, number)
		if err != nil {
			return err
		}
		old := reportsOf(&row)
		if old == reports && row.Stopped == "" && row.Failures == 0 {
			return nil
		}
		err = t.SetDestinationReports(t.ctx, db.SetDestinationReportsParams{Daily: bit(reports.Daily),
			Weekly: bit(reports.Weekly), Monthly: bit(reports.Monthly), GuildID: row.GuildID, Number: number})
		if err != nil {
			return err
		}
		if err := t.SetDestinationState(t.ctx, db.SetDestinationStateParams{LastAt: row.LastAt, LastDetail: row.LastDetail,
			GuildID: row.GuildID, Number: number}); err != nil {
			return err
		}
		d.before, d.after = auditedDestination(row.Kind, old), auditedDestination(row.Kind, reports)
		return t.destinationChanged(d, number)
	})
}

// RemoveDestination takes a destination and its address away, and gives up what waits for it.
func (s *Store) RemoveDestination(
	ctx context.Context, grant access.Grant[access.UpdateSettings], number int64,
) error {
	d := deedOf(ctx, grant, "destination.removed")
	return s.write(ctx, func(t *tx) error {
		row, err := t.destination(d.guild, number)
		if err != nil {
			return err
		}
		now := msOf(t.writer.clock())
		if err := t.DropDeliveries(t.ctx, db.DropDeliveriesParams{Detail: "It was removed.", SettledAt: now,
			GuildID: row.GuildID, Destination: number}); err != nil {
			return err
		}
		if err := t.DeleteSecret(t.ctx, db.DeleteSecretParams{GuildID: row.GuildID,
			Name: destinationName(number)}); err != nil {
			return err
		}
		if err := t.RemoveDestination(t.ctx, db.RemoveDestinationParams{RemovedAt: now, GuildID: row.GuildID,
			Number: number}); err != nil {
			return err
		}
		d.before = auditedDestination(row.Kind, reportsOf(&row))
		return t.destinationChanged(d, number)
	})
}

// DestinationAddress opens the address of a destination, to call it. An error is a *fault.Error that says what to do.
func (s *Store) DestinationAddress(ctx context.Context, guild snowflake.GuildID, number int64) (string, error) {
	return s.Secret(ctx, guild, destinationName(number))
}

// Destinations lists where a guild wants to be told, in the order in which they were made.
func (s *Snapshot) Destinations(guild snowflake.GuildID) []Destination {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListDestinations(s.ctx, int64(guild))
	s.ok("destinations", err)
	list := make([]Destination, len(rows))
	for i := range rows {
		list[i] = destinationOf(&rows[i])
	}
	return list
}

// Destination gives one of a guild's destinations.
func (s *Snapshot) Destination(guild snowflake.GuildID, number int64) (Destination, bool) {
	if s.err != nil {
		return Destination{}, false
	}
	row, err := s.q.GetDestination(s.ctx, db.GetDestinationParams{GuildID: int64(guild), Number: number})
	return destinationOf(&row), s.ok("destination", err)
}

func destinationOf(row *db.Destination) Destination {
	return Destination{Guild: snowflake.GuildID(row.GuildID), Number: row.Number, Kind: row.Kind, Name: row.Name,
		Shown: row.Shown, Reports: reportsOf(row), Stopped: row.Stopped, Failed: int(row.Failures), Rests: timeOf(row.RestsUntil),
		Last: Attempt{timeOf(row.LastAt), row.LastDetail}, MadeBy: snowflake.UserID(row.MadeBy), MadeAt: timeOf(row.MadeAt)}
}

func reportsOf(row *db.Destination) Reports {
	return Reports{row.Daily != 0, row.Weekly != 0, row.Monthly != 0}
}

func (t *tx) destination(guild snowflake.GuildID, number int64) (db.Destination, error) {
	row, err := t.GetDestination(t.ctx, db.GetDestinationParams{GuildID: int64(guild), Number: number})
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "There is no such destination here.")
	}
	return row, err
}

// sealAddress keeps an address as a secret of the guild.
func (s *Store) sealAddress(t *tx, d deed, number int64, address string) error {
	row := db.PutSecretParams{GuildID: int64(d.guild), Name: destinationName(number), SetBy: int64(d.actor.User()),
		UpdatedAt: msOf(t.writer.clock())}
	var err error
	if row.KeyID, row.Sealed, err = s.key.Seal(secretPlace(d.guild, row.Name), address); err != nil {
		return fault.Wrap(err, fault.Unavailable,
			"Addresses cannot be kept: guildwatch has no key for secrets. See its log, then start it again.")
	}
	return t.PutSecret(t.ctx, row)
}

// destinationChanged writes down what was done with a destination, and tells pages.
func (t *tx) destinationChanged(d deed, number int64) error {
	d.target = destinationName(number)
	return t.reportsChanged(d)
}

// reportsChanged writes down what was done with a guild's reports, and tells pages.
func (t *tx) reportsChanged(d deed) error {
	if err := t.audit(d); err != nil {
		return err
	}
	return t.announce(moderation.Change{Guild: d.guild, At: t.writer.clock(), Kind: moderation.ChangeConfig,
		Label: "reports", Actor: d.actor.User()})
}

// auditedDestination is what the audit log keeps: neither the name, which people choose, nor anything of the address.
func auditedDestination(kind string, r Reports) map[string]any {
	var list []edition.Cadence
	for _, c := range edition.Cadences() {
		if r.Has(c) {
			list = append(list, c)
		}
	}
	return map[string]any{"kind": kind, "reports": list}
}

func destinationName(number int64) string { return fmt.Sprintf("destination:%d", number) }
