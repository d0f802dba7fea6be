package export

import (
	"context"
	"os"
	"sync"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// someone is a grant of anybody in home.
func someone(t testing.TB, user snowflake.UserID, role access.Role) access.Grant[access.Export] {
	t.Helper()
	grant, err := access.Check[access.Export](t.Context(), roles(role), access.Person(user, false), home)
	must(t, err)
	return grant
}

// unseen are the kinds of what somebody was told in home and has not seen.
func (d *desk) unseen(t *testing.T, user snowflake.UserID) (kinds []string) {
	t.Helper()
	list, err := d.Unseen(t.Context(), home, user)
	must(t, err)
	for _, n := range list {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

// told waits until somebody is told something in home.
func (d *desk) told(t *testing.T, after int64, user snowflake.UserID) {
	t.Helper()
	for {
		changes, err := d.NextChanges(t.Context(), after, 100)
		must(t, err)
		for _, c := range changes {
			if after = c.Seq; c.Kind == moderation.ChangeNotification && c.Guild == home && c.User == user {
				return
			}
		}
	}
}

// held has the next file be begun only when it is let go.
func (d *desk) held() (begun <-chan struct{}, letGo func()) {
	held, release, create := make(chan struct{}), make(chan struct{}), d.shelf.create
	var once sync.Once
	d.shelf.create = func(name string) (*os.File, error) {
		once.Do(func() { close(held) })
		<-release
		return create(name)
	}
	return held, func() { close(release) }
}

// Whoever asked, and admins and owners, end an export while it is written: nothing of it is left, the history says who did,
// and the next one is written.
func TestAnExportIsCancelled(t *testing.T) {
	d := opened(t, 20)
	begun, letGo := d.held()
	made, err := d.AskExport(t.Context(), someone(t, 8, access.Moderator), order(Violations, CSV))
	must(t, err)
	d.running(t)
	<-begun // all are asked for at the same moment, so chance says which of those that wait is next
	waits, err := d.AskExport(t.Context(), someone(t, 8, access.Moderator), order(Warnings, CSV))
	must(t, err)
	last, err := d.AskExport(t.Context(), someone(t, 8, access.Moderator), order(Health, CSV))
	must(t, err)
	over := d.watch(last.ID)
	if _, err := d.Drop(t.Context(), someone(t, 9, access.Moderator), made.ID, store.ExportEither); fault.Of(err) != fault.Forbidden {
		t.Errorf("another moderator: %v", err)
	}
	if _, err := d.Drop(t.Context(), grantOf(t, other, access.Owner), made.ID, store.ExportEither); fault.Of(err) != fault.NotFound {
		t.Errorf("the owner of another guild: %v", err)
	}
	if _, err := d.Drop(t.Context(), someone(t, 8, access.Moderator), made.ID, store.ExportDelete); fault.Of(err) != fault.Conflict {
		t.Errorf("deleting what is not done: %v", err)
	}
	if got, err := d.Drop(t.Context(), someone(t, 8, access.Moderator), waits.ID, store.ExportCancel); err != nil || got.State != store.ExportCancelled {
		t.Errorf("one that waits: %+v, %v", got, err)
	}
	answered := make(chan error, 1)
	go func() {
		_, err := d.Drop(context.Background(), someone(t, 9, access.Admin), made.ID, store.ExportEither)
		answered <- err
	}()
	letGo()
	must(t, <-answered)
	<-over
	if got := d.row(t, made.ID); got.State != store.ExportCancelled || got.EndedBy != 9 || !got.Expires.IsZero() {
		t.Errorf("it is %+v", got)
	}
	if got := d.row(t, waits.ID); got.State != store.ExportCancelled || got.EndedBy != 8 {
		t.Errorf("the one that waited is %+v", got)
	}
	if files := d.files(t); len(files) != 1 || d.row(t, last.ID).State != store.ExportDone {
		t.Errorf("the files are %v, and the last one is %+v", files, d.row(t, last.ID))
	}
	if kinds := d.unseen(t, 8); len(kinds) != 1 || kinds[0] != "export.cancelled" {
		t.Errorf("of what an admin ended whoever asked is told %v", kinds)
	}
	if _, err := d.Drop(t.Context(), someone(t, 8, access.Moderator), made.ID, store.ExportEither); fault.Of(err) != fault.Conflict {
		t.Errorf("a second time: %v", err)
	}
}

// A file is whole a moment before that is noted. Who cancels just then has no file left behind, and is told nothing.
func TestAnExportIsCancelledWhenItsFileIsWhole(t *testing.T) {
	d := opened(t, 20)
	made, err := d.AskExport(t.Context(), grantOf(t, home, access.Owner), order(Violations, CSV))
	must(t, err)
	_, err = d.BeginExport(t.Context(), made)
	must(t, err)
	rows, size, err := d.write(t.Context(), made)
	must(t, err)
	_, err = d.DropExport(t.Context(), grantOf(t, home, access.Owner), made.ID, store.ExportCancel)
	must(t, err)
	if d.end(t.Context(), made, store.ExportResult{State: store.ExportDone, Rows: rows, Bytes: size}); len(d.files(t)) > 0 {
		t.Errorf("%v is left", d.files(t))
	}
	if got := d.row(t, made.ID); got.State != store.ExportCancelled || len(d.unseen(t, keeper)) > 0 {
		t.Errorf("it is %+v, and %v is told", got, d.unseen(t, keeper))
	}
}

// A file that is deleted before its time is gone at once, also for the notification that would lead to it.
func TestAFileIsDeleted(t *testing.T) {
	d := opened(t, 20)
	d.running(t)
	before := d.LastSeq()
	made, err := d.AskExport(t.Context(), someone(t, 8, access.Moderator), order(Violations, CSV))
	must(t, err)
	d.nudge()
	d.told(t, before, 8)
	if kinds := d.unseen(t, 8); len(kinds) != 1 || kinds[0] != "export.done" {
		t.Fatalf("whoever asked is told %v", kinds)
	}
	if _, err := d.Drop(t.Context(), someone(t, 8, access.Moderator), made.ID, store.ExportCancel); fault.Of(err) != fault.Conflict {
		t.Errorf("cancelling what is done: %v", err)
	}
	if _, err := d.Drop(t.Context(), someone(t, 8, access.Moderator), made.ID, store.ExportDelete); err != nil {
		t.Fatal(err)
	}
	if got := d.row(t, made.ID); got.State != store.ExportDeleted || got.Rows != 20 || got.EndedBy != 8 || len(d.files(t)) > 0 {
		t.Errorf("it is %+v, with the files %v", got, d.files(t))
	}
	if _, err := d.Exporter.Open(t.Context(), grantOf(t, home, access.Owner), made.ID); fault.Of(err) != fault.NotFound {
		t.Errorf("its file: %v", err)
	}
	if kinds := d.unseen(t, 8); len(kinds) > 0 {
		t.Errorf("there is still to be told %v", kinds)
	}
}

// Who waits at the counter gets an answer and no notification; who went away gets a notification.
func TestWhoIsToldThatAnExportIsOver(t *testing.T) {
	d := opened(t, 20)
	d.running(t)
	if made := d.ask(t, Violations); made.State != store.ExportDone || len(d.unseen(t, keeper)) > 0 {
		t.Errorf("%+v was answered at once, and %v is told", made, d.unseen(t, keeper))
	}
	gone := d.watch("GONE")
	if !d.leave("GONE") || d.claim("GONE") {
		t.Error("who went away is counted on")
	}
	waits := d.watch("WAITS")
	if !d.claim("WAITS") || d.leave("WAITS") {
		t.Error("who is just being answered goes away")
	}
	d.finish("WAITS")
	<-waits
	d.finish("GONE")
	select {
	case <-gone:
		t.Error("nobody is let go")
	default:
	}
}
