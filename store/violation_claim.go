package store

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const (
	// claimLife is how long a claim holds: whoever went away does not keep others from it.
	claimLife = 5 * time.Minute
	// noteText is how many characters a note beside a violation has at most, and mostNotes how many notes there are.
	noteText  = 1000
	mostNotes = 100
)

// ClaimViolation says that somebody is on a violation, for five minutes from now. It answers a *fault.Error: NotFound, and
// Conflict with the name of whoever is on it.
func (s *Store) ClaimViolation(ctx context.Context, grant access.Grant[access.ManageViolations], number int64) error {
	d := deedOf(ctx, grant, "violation.claimed")
	return s.write(ctx, func(t *tx) error { return t.claim(d, number) })
}

func (t *tx) claim(d deed, number int64) error {
	row, err := t.findViolation(d.guild, number)
	if err != nil {
		return err
	}
	now, me := t.writer.clock(), d.actor.User()
	held := row.ClaimedBy != 0 && row.ClaimedUntil > msOf(now)
	if held && row.ClaimedBy != int64(me) {
		who, err := t.nameOf(snowflake.UserID(row.ClaimedBy))
		if err != nil {
			return err
		}
		return fault.New(fault.Conflict, "%s is on it. In %s it is free again.", who,
			timeOf(row.ClaimedUntil).Sub(now).Round(time.Second))
	}
	return t.setClaim(d, &row, me, now.Add(claimLife), !held)
}

// ReleaseViolation ends a claim of one's own; that of another stays.
func (s *Store) ReleaseViolation(ctx context.Context, grant access.Grant[access.ManageViolations], number int64) error {
	d := deedOf(ctx, grant, "violation.released")
	return s.write(ctx, func(t *tx) error {
		row, err := t.findViolation(d.guild, number)
		if err != nil || row.ClaimedBy != int64(d.actor.User()) || row.ClaimedUntil <= msOf(t.writer.clock()) {
			return err
		}
		return t.setClaim(d, &row, 0, time.Time{}, true)
	})
}

// setClaim writes who is on a violation; a claim that only goes on is no line of the audit log.
func (t *tx) setClaim(d deed, row *db.Violation, who snowflake.UserID, until time.Time, fresh bool) error {
	if err := t.SetViolationClaim(t.ctx, db.SetViolationClaimParams{ClaimedBy: int64(who), ClaimedUntil: msOf(until),
		GuildID: row.GuildID, Number: row.Number}); err != nil {
		return err
	}
	if fresh {
		d.target = violationTarget(row.Number)
		if err := t.audit(d); err != nil {
			return err
		}
	}
	return t.violationChanged(d.guild, row.Number, snowflake.UserID(row.UserID), d.actor.User(), "claim")
}

// NoteViolation writes a note beside a violation. It answers a *fault.Error: NotFound, and Invalid for a text that is
// empty or over 1 000 characters, and for more than 100 notes.
func (s *Store) NoteViolation(
	ctx context.Context, grant access.Grant[access.ManageViolations], number int64, text string,
) error {
	d := deedOf(ctx, grant, "violation.noted")
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n == 0 || n > noteText {
		return fault.New(fault.Invalid, "A note has 1 to %d characters.", noteText)
	}
	return s.write(ctx, func(t *tx) error {
		row, err := t.findViolation(d.guild, number)
		if err != nil {
			return err
		}
		n, err := t.CountNotes(t.ctx, db.CountNotesParams{GuildID: row.GuildID, Number: number})
		if err != nil {
			return err
		}
		if n >= mostNotes {
			return fault.New(fault.Invalid, "A violation has at most %d notes.", mostNotes)
		}
		if err := t.InsertNote(t.ctx, db.InsertNoteParams{GuildID: row.GuildID, Number: number,
			At: msOf(t.writer.clock()), MadeBy: int64(d.actor.User()), Text: text}); err != nil {
			return err
		}
		d.target = violationTarget(number)
		if err := t.audit(d); err != nil {
			return err
		}
		return t.violationChanged(d.guild, number, snowflake.UserID(row.UserID), d.actor.User(), "note")
	})
}
