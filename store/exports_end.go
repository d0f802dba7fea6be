package store

import (
	"context"
	"database/sql"
	"errors"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/store/internal/db"
)

// ExportDrop is what somebody wants to do about an export that is there.
type ExportDrop string

// What can be done about an export.
const (
	ExportCancel ExportDrop = "cancel" // end it before it is done
	ExportDelete ExportDrop = "delete" // delete its file before its time
	ExportEither ExportDrop = ""       // whichever fits
)

// DropExport cancels an export that waits or runs, or notes that the file of a finished one is deleted, and gives the
// export as it is then. The history keeps its row. Its error is a *fault.Error: NotFound, Forbidden for who neither
// asked for the export nor may change the guild's settings, Conflict where do does not fit its state or it is over
// without a file.
func (s *Store) DropExport(
	ctx context.Context, grant access.Grant[access.Export], id string, do ExportDrop,
) (e Export, err error) {
	d := deedOf(ctx, grant, "export.deleted")
	err = s.write(ctx, func(t *tx) error {
		if e, err = t.exportToDrop(grant, id, do); err != nil {
			return err
		}
		now := msOf(t.writer.clock())
		if e.Open() {
			d.action, e.State = "export.cancelled", ExportCancelled
			_, err = t.CancelExport(t.ctx, db.CancelExportParams{EndedBy: int64(d.actor.User()), EndedAt: now,
				GuildID: int64(e.Guild), ExportID: id})
		} else {
			e.State = ExportDeleted
			_, err = t.DeleteExport(t.ctx, db.DeleteExportParams{EndedBy: int64(d.actor.User()), EndedAt: now,
				GuildID: int64(e.Guild), ExportID: id})
		}
		if err != nil {
			return err
		}
		e.Ended, e.EndedBy = timeOf(now), d.actor.User()
		return t.dropped(d, &e)
	})
	return e, err
}

// exportToDrop is an export about which something may be done.
func (t *tx) exportToDrop(grant access.Grant[access.Export], id string, do ExportDrop) (e Export, err error) {
	row, err := t.GetExport(t.ctx, db.GetExportParams{GuildID: int64(grant.Guild()), ExportID: id})
	if errors.Is(err, sql.ErrNoRows) {
		return e, fault.New(fault.NotFound, "There is no such export here.")
	}
	if err != nil {
		return e, err
	}
	e = exportOf(&row)
	switch {
	case !MayDrop(grant, &e):
		err = fault.New(fault.Forbidden, "Only whoever asked for an export, and admins and owners, may end it or delete its file.")
	case !e.Open() && e.State != ExportDone:
		err = fault.New(fault.Conflict, "This export is over already and has no file.")
	case do == ExportCancel && !e.Open():
		err = fault.New(fault.Conflict, "This export was done before it could be cancelled. Its file can be deleted.")
	case do == ExportDelete && e.Open():
		err = fault.New(fault.Conflict, "This export is not done yet. It can be cancelled.")
	}
	return e, err
}

// MayDrop says whether somebody may end an export or delete its file: whoever asked for it, and admins and owners.
func MayDrop(grant access.Grant[access.Export], e *Export) bool {
	return e.By == grant.Actor().User() || access.Allows[access.UpdateSettings](grant.Role())
}

// dropped writes the log's row, and tells pages and whoever had asked, where that was somebody else.
func (t *tx) dropped(d deed, e *Export) error {
	d.target, d.after = "export:"+e.What, map[string]string{"what": e.What, "format": e.Format}
	if e.By > 0 { // below 0 stands somebody whose data was erased
		d.person = e.By
	}
	if err := t.audit(d); err != nil {
		return err
	}
	if err := t.unsay(e.Guild, e.ID); err != nil {
		return err
	}
	if e.State == ExportCancelled && e.By > 0 && e.By != d.actor.User() {
		err := t.notify(e.Guild, e.By, Notification{Kind: NotifyExport + string(e.State), Subject: e.ID, About: e.What})
		if err != nil {
			return err
		}
	}
	return t.announceExport(e)
}

// NoteDownload notes who fetches the file of an export, before the first byte of it leaves. Its error is a *fault.Error
// of kind NotFound where the file has just gone.
func (s *Store) NoteDownload(ctx context.Context, grant access.Grant[access.Export], e Export) error {
	d := deedOf(ctx, grant, "export.downloaded")
	d.target, d.after = "export:"+e.What, map[string]string{"format": e.Format}
	return s.write(ctx, func(t *tx) error {
		n, err := t.CountDownload(t.ctx, db.CountDownloadParams{At: msOf(t.writer.clock()), GuildID: int64(grant.Guild()),
			ExportID: e.ID})
		if err == nil && n == 0 {
			err = fault.New(fault.NotFound, "The file of this export is gone. Make a new one.")
		}
		if err == nil {
			err = t.audit(d)
		}
		if err == nil {
			e.State = "downloaded" // what happened, for pages that show how often: the export is as done as before
			err = t.announceExport(&e)
		}
		return err
	})
}
