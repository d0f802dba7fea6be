package store

import (
	"context"
	"time"

	"guildwatch/store/internal/db"
)

// ExportResult is how an export went.
type ExportResult struct {
	State   ExportState // done, failed or aborted
	Rows    int64
	Bytes   int64
	Problem string // a sentence; empty when it is done
}

// OpenExports lists the exports of all guilds that wait or run, the oldest first, at most so many.
func (s *Store) OpenExports(ctx context.Context, most int) (list []Export, err error) {
	err = s.Read(ctx, func(now *Snapshot) {
		rows, err := now.q.ListOpenExports(ctx, int64(most))
		now.ok("open exports", err)
		list = exportsOf(rows)
	})
	return list, err
}

// BeginExport notes that an export runs. It answers false when it does already, or is over.
func (s *Store) BeginExport(ctx context.Context, e Export) (begun bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		n, err := t.SetExportRunning(t.ctx, db.SetExportRunningParams{GuildID: int64(e.Guild), ExportID: e.ID})
		if begun = n > 0; !begun || err != nil {
			return err
		}
		e.State = ExportRunning
		return t.announceExport(&e)
	})
	return begun, err
}

// NoteExport notes how far a running export has come, and tells pages.
func (s *Store) NoteExport(ctx context.Context, e Export, now ExportProgress) error {
	return s.write(ctx, func(t *tx) error {
		n, err := t.SetExportRows(t.ctx, db.SetExportRowsParams{GuildID: int64(e.Guild), ExportID: e.ID, Rows: now.Rows,
			Total: now.Total, Gone: now.Gone})
		if err != nil || n == 0 {
			return err
		}
		e.State = ExportRunning
		return t.announceExport(&e)
	})
}

// EndExport notes how an export went, and has its asker told where tell says so. It answers false, and nothing changes,
// when the export is over already, as it was cancelled. Of a guild's finished exports the newest 50 keep their files.
func (s *Store) EndExport(ctx context.Context, e Export, result ExportResult, tell bool) (ended bool, err error) {
	err = s.write(ctx, func(t *tx) error {
		ended, err = t.endExport(&e, result)
		if err == nil && ended && tell {
			err = t.notify(e.Guild, e.By, Notification{Kind: NotifyExport + string(e.State), Subject: e.ID, About: e.What})
		}
		return err
	})
	return ended, err
}

func (t *tx) endExport(e *Export, result ExportResult) (ended bool, err error) {
	now := t.writer.clock()
	set := db.EndExportParams{
		GuildID: int64(e.Guild), ExportID: e.ID, State: string(result.State), Rows: result.Rows, Bytes: result.Bytes,
		Problem: result.Problem, EndedAt: msOf(now),
	}
	if result.State == ExportDone {
		set.ExpiresAt = msOf(now.Add(KeepExports))
	}
	n, err := t.EndExport(t.ctx, set)
	if err != nil || n == 0 {
		return false, err
	}
	row, err := t.GetExport(t.ctx, db.GetExportParams{GuildID: set.GuildID, ExportID: set.ExportID})
	if err != nil {
		return false, err
	}
	*e = exportOf(&row) // who asked may have been erased since
	if result.State == ExportDone && row.ExpiresAt <= msOf(now) {
		e.State = ExportExpired // a member was erased who may stand in it
		return true, t.expireExport(&row)
	}
	done, err := t.ListDoneExports(t.ctx, int64(e.Guild))
	if err != nil {
		return false, err
	}
	for _, old := range done[min(exportsKept, len(done)):] {
		if err := t.expireExport(&old); err != nil {
			return false, err
		}
	}
	return true, t.announceExport(e)
}

// ExportsOver says whether the time of a finished export is over: its file has to go.
func (s *Store) ExportsOver(ctx context.Context, now time.Time) (over bool, err error) {
	err = s.Read(ctx, func(snapshot *Snapshot) {
		rows, err := snapshot.q.ListExpiredExports(ctx, db.ListExpiredExportsParams{Now: msOf(now), Max: 1})
		over = snapshot.ok("expired exports", err) && len(rows) > 0
	})
	return over, err
}

// ExpireExports notes whose time is over and deletes what is long gone from the history.
func (s *Store) ExpireExports(ctx context.Context, now time.Time) error {
	guilds, err := s.reads.ListGuildIDs(ctx)
	if err != nil {
		return err
	}
	return s.write(ctx, func(t *tx) error {
		over, err := t.ListExpiredExports(t.ctx, db.ListExpiredExportsParams{Now: msOf(now), Max: pruneBatch})
		for i := range over {
			if err == nil {
				err = t.expireExport(&over[i])
			}
		}
		for _, guild := range guilds {
			if err == nil {
				_, err = t.DeleteOldExports(t.ctx, db.DeleteOldExportsParams{GuildID: guild,
					Before: msOf(now.Add(-2 * KeepExports))})
			}
		}
		return err
	})
}

func (t *tx) expireExport(row *db.Export) error {
	n, err := t.SetExportExpired(t.ctx, db.SetExportExpiredParams{GuildID: row.GuildID, ExportID: row.ExportID})
	if err != nil || n == 0 {
		return err
	}
	e := exportOf(row)
	e.State = ExportExpired
	if err := t.unsay(e.Guild, e.ID); err != nil {
		return err
	}
	return t.announceExport(&e)
}
