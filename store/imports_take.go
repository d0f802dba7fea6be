package store

import (
	"context"
	"encoding/json"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// importBatch is how many deeds one job takes over: some 20 ms, so that nobody waits for an import.
const importBatch = 250

// importKey names an import that somebody is at.
type importKey struct {
	guild  snowflake.GuildID
	number int64
}

// holdImport keeps everybody else from an import until release. It answers a Conflict while somebody is at it.
func (s *Store) holdImport(guild snowflake.GuildID, number int64) (release func(), err error) {
	key := importKey{guild, number}
	if _, held := s.imports.LoadOrStore(key, struct{}{}); held {
		return nil, fault.New(fault.Conflict, "This file is just being worked on. Look again in a moment.")
	}
	return func() { s.imports.Delete(key) }, nil
}

// ImportHeld says whether an import is being taken over, or taken back, at this moment.
func (s *Store) ImportHeld(guild snowflake.GuildID, number int64) bool {
	_, held := s.imports.Load(importKey{guild, number})
	return held
}

// TakeOver takes deeds over that belong to a draft, and settles it: what is known already is left as it is, so the same
// file a second time changes nothing. Nothing is done in Discord. A process that dies meanwhile leaves the import running;
// then TakeOver goes on, and counts as if it had never stopped. It answers a *fault.Error: NotFound, or Conflict for one
// that is done or undone, or that somebody else is at.
func (s *Store) TakeOver(
	ctx context.Context, grant access.Grant[access.UpdateSettings], number int64, mapping any, deeds []Deed, skipped int,
) (done TakenOver, err error) {
	d := deedOf(ctx, grant, "import.done")
	kept, err := json.Marshal(mapping)
	if err != nil {
		return done, err
	}
	release, err := s.holdImport(d.guild, number)
	if err != nil {
		return done, err
	}
	defer release()
	once := distinct(deeds)
	err = s.write(ctx, func(t *tx) error {
		row, err := t.findImport(d.guild, number)
		if err != nil {
			return err
		}
		if state := ImportState(row.State); state != ImportDraft && state != ImportRunning {
			return fault.New(fault.Conflict, "This file was taken over already.")
		}
		return t.BeginImport(t.ctx, db.BeginImportParams{Mapping: string(kept), Known: int64(len(deeds) - len(once)),
			GuildID: int64(d.guild), Number: number})
	})
	for len(once) > 0 && err == nil {
		batch := once[:min(importBatch, len(once))]
		once = once[len(batch):]
		err = s.write(ctx, func(t *tx) error { return t.takeOver(d.guild, number, batch) })
	}
	if err != nil {
		return done, err
	}
	err = s.write(ctx, func(t *tx) error {
		if err := t.SettleImport(t.ctx, db.SettleImportParams{State: string(ImportDone), Skipped: int64(skipped),
			SettledAt: msOf(t.writer.clock()), GuildID: int64(d.guild), Number: number}); err != nil {
			return err
		}
		row, err := t.findImport(d.guild, number)
		if err != nil {
			return err
		}
		done = takenOver(d.guild, &row)
		d.target, d.after = importTarget(number), map[string]any{"format": done.Format, "rows": done.Rows, "known": done.Known}
		return t.importChanged(d)
	})
	return done, err
}

// distinct leaves out the deeds that stand among the others before.
func distinct(deeds []Deed) []Deed {
	once, seen := make([]Deed, 0, len(deeds)), make(map[string]bool, len(deeds))
	for i := range deeds {
		if key := deeds[i].Key; !seen[key] {
			seen[key] = true
			once = append(once, deeds[i])
		}
	}
	return once
}

func (t *tx) takeOver(guild snowflake.GuildID, number int64, deeds []Deed) error {
	now := t.writer.clock()
	var rows, known int64
	for i := range deeds {
		ours, err := t.takeDeed(guild, number, &deeds[i], now)
		if err != nil {
			return err
		}
		rows += bit(ours)
		known += bit(!ours)
	}
	return t.AddImportRows(t.ctx, db.AddImportRowsParams{Rows: rows, Known: known, GuildID: int64(guild), Number: number})
}

// takeDeed takes a deed over, or notes that an earlier import has it, and says whether it belongs to this one.
func (t *tx) takeDeed(guild snowflake.GuildID, number int64, deed *Deed, now time.Time) (ours bool, err error) {
	at := deed.At
	if at.IsZero() {
		at = now
	}
	origin := importOrigin + deed.Key
	result, err := t.TakeOverAction(t.ctx, db.TakeOverActionParams{GuildID: int64(guild), At: msOf(at), Kind: string(deed.Kind),
		TargetID: int64(deed.User), ActorID: int64(deed.By), Reason: deed.Reason, Origin: origin, SettledAt: msOf(at), Import: number})
	if err != nil {
		return false, err
	}
	fresh, err := result.RowsAffected()
	if err != nil {
		return false, err
	}
	if fresh == 0 {
		there, err := t.GetDeed(t.ctx, db.GetDeedParams{GuildID: int64(guild), Origin: origin})
		if err != nil || there.Import == number { // before it broke off
			return true, err
		}
		return false, t.ShareDeed(t.ctx, db.ShareDeedParams{GuildID: int64(guild), ActionID: there.ActionID, Number: number})
	}
	if deed.Kind != moderation.ActionWarn {
		return true, nil
	}
	id, err := result.LastInsertId()
	if err != nil {
		return true, err
	}
	p := plan{guild: guild, source: moderation.SourceImport, target: deed.User, actor: deed.By, reason: deed.Reason}
	return true, t.warn(p, id, at)
}
