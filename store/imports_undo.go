package store

import (
	"context"
	"errors"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/store/internal/db"
)

// UndoImport takes an import back as a whole: every row that came with it goes, its warnings too, but for those that
// another import has as well: these are the other's from then on. One that broke off may be taken back too. It answers a
// *fault.Error: NotFound, or Conflict for one that was not taken over, or that somebody else is at.
func (s *Store) UndoImport(ctx context.Context, grant access.Grant[access.UpdateSettings], number int64) error {
	d := deedOf(ctx, grant, "import.undone")
	d.target = importTarget(number)
	release, err := s.holdImport(d.guild, number)
	if err != nil {
		return err
	}
	defer release()
	var skipped int64
	err = s.write(ctx, func(t *tx) error {
		row, err := t.findImport(d.guild, number)
		if err != nil {
			return err
		}
		skipped = row.Skipped
		if state := ImportState(row.State); state != ImportDone && state != ImportRunning && state != ImportUndoing {
			return fault.New(fault.Conflict, "There is nothing to take back.")
		}
		return t.SetImportState(t.ctx, db.SetImportStateParams{State: string(ImportUndoing), Mapping: row.Mapping,
			GuildID: int64(d.guild), Number: number})
	})
	for left := 1; left > 0 && err == nil; {
		err = s.write(ctx, func(t *tx) error { left, err = t.dropImported(int64(d.guild), number); return err })
	}
	for left := int64(1); left > 0 && err == nil; {
		err = s.write(ctx, func(t *tx) error {
			left, err = t.DropShares(t.ctx, db.DropSharesParams{GuildID: int64(d.guild), Number: number, Max: importBatch})
			return err
		})
	}
	if err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		if err := t.SettleImport(t.ctx, db.SettleImportParams{State: string(ImportUndone), Skipped: skipped,
			SettledAt: msOf(t.writer.clock()), GuildID: int64(d.guild), Number: number}); err != nil {
			return err
		}
		return t.importChanged(d)
	})
}

// dropImported deletes some rows of an import, or hands them over, and says how many those were.
func (t *tx) dropImported(guild, number int64) (int, error) {
	rows, err := t.ListImportedActions(t.ctx, db.ListImportedActionsParams{GuildID: guild, Number: number, Max: importBatch})
	for i := 0; i < len(rows) && err == nil; i++ {
		action := rows[i]
		var heir int64
		if heir, err = t.GetHeir(t.ctx, db.GetHeirParams{GuildID: guild, ActionID: action}); err != nil {
			return len(rows), err
		}
		if heir != 0 {
			err = errors.Join(
				t.HandOver(t.ctx, db.HandOverParams{Heir: heir, GuildID: guild, ActionID: action, Number: number}),
				t.DropShare(t.ctx, db.DropShareParams{GuildID: guild, ActionID: action, Number: heir}),
				t.AddImportRows(t.ctx, db.AddImportRowsParams{Rows: 1, Known: -1, GuildID: guild, Number: heir}))
			continue
		}
		err = errors.Join(
			t.DropImportedClears(t.ctx, db.DropImportedClearsParams{GuildID: guild, ActionID: action}),
			t.DropImportedWarnings(t.ctx, db.DropImportedWarningsParams{GuildID: guild, ActionID: action}),
			t.DropImportedAction(t.ctx, db.DropImportedActionParams{GuildID: guild, ActionID: action, Number: number}))
	}
	return len(rows), err
}
