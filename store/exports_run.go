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

// NoteExport notes how many rows of a running export are written, and tells pages.
func (s *Store) NoteExport(ctx context.Context, e Export, rows int64) error {
	return s.write(ctx, func(t *tx) error {
		err := t.SetExportRows(t.ctx, db.SetExportRowsParams{GuildID: int64(e.Guild), ExportID: e.ID, Rows: rows})
		if err != nil {
			return err
		}
		e.State = ExportRunning
		return t.announceExport(&e)
	})
}

// EndExport notes how an export went. Nothing changes when it is over. Of a guild's finished exports the newest 50 keep
// their files.
func (s *Store) EndExport(ctx context.Context, e Export, result ExportResult) error {
	return s.write(ctx, func(t *tx) error {
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
			return err
		}
		done, err := t.ListDoneExports(t.ctx, int64(e.Guild))
		if err != nil {
			return err
		}
		for _, old := range done[min(exportsKept, len(done)):] {
			if err := t.expireExport(&old); err != nil {
				return err
			}
		}
		e.State = result.State
		return t.announceExport(&e)
	})
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
	return t.announceExport(&e)
}
