package export

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/leak"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

func TestMain(m *testing.M) { leak.Main(m) }

// files are those that lie below the directory, with their modes.
func (d *desk) files(t *testing.T) map[string]fs.FileMode {
	t.Helper()
	found := map[string]fs.FileMode{}
	must(t, filepath.WalkDir(d.o.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		found[entry.Name()] = info.Mode()
		return err
	}))
	return found
}

func (d *desk) ask(t *testing.T, what What) store.Export {
	t.Helper()
	made, err := d.Ask(t.Context(), grantOf(t, home, access.Owner), order(what, CSV), time.Minute)
	must(t, err)
	return made
}

func (d *desk) row(t *testing.T, id string) (row store.Export) {
	t.Helper()
	must(t, d.Read(context.Background(), func(now *store.Snapshot) { row, _ = now.Export(home, id) }))
	return row
}

// What was asked for is written, can be fetched by those who may, and lies where nobody else looks.
func TestAnExportFromTheQuestionToTheFile(t *testing.T) {
	d := opened(t, 20)
	d.running(t)
	made := d.ask(t, Violations)
	if made.State != store.ExportDone || made.Rows != 20 || !made.Expires.Equal(noon.Add(store.KeepExports)) {
		t.Fatalf("made %+v", made)
	}
	file, err := d.Exporter.Open(t.Context(), grantOf(t, home, access.Moderator), made.ID)
	must(t, err)
	defer file.Close()
	info, err := file.Stat()
	must(t, err)
	if info.Mode().Perm() != 0o600 || info.Size() != made.Bytes {
		t.Errorf("the file has mode %v and %d bytes of %d", info.Mode(), info.Size(), made.Bytes)
	}
	for _, other := range []snowflake.GuildID{other, 999} {
		if _, err := d.Exporter.Open(t.Context(), grantOf(t, other, access.Owner), made.ID); fault.Of(err) != fault.NotFound {
			t.Errorf("guild %d gets the file of another: %v", other, err)
		}
	}
	log := d.ask(t, AuditLog)
	if _, err := d.Exporter.Open(t.Context(), grantOf(t, home, access.Moderator), log.ID); fault.Of(err) != fault.Forbidden {
		t.Errorf("a moderator gets the audit log: %v", err)
	}
	if _, err := d.Ask(t.Context(), grantOf(t, home, access.Moderator), order(AuditLog, CSV), 0); fault.Of(err) != fault.Forbidden {
		t.Errorf("a moderator asks for the audit log: %v", err)
	}
}

// F04 for exports: on a full disk there is no file, no half of one, and a sentence that says why.
func TestAFullDisk(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("this system has no device that is always full")
	}
	d := opened(t, 20)
	d.shelf.create = func(string) (*os.File, error) { return os.OpenFile("/dev/full", os.O_WRONLY, 0) }
	d.running(t)
	made := d.ask(t, Violations)
	if made.State != store.ExportFailed || !strings.Contains(made.Problem, "disk is full") || !made.Expires.IsZero() {
		t.Errorf("made %+v", made)
	}
	if files := d.files(t); len(files) > 0 {
		t.Errorf("%v is left", files)
	}
	if _, err := d.Exporter.Open(t.Context(), grantOf(t, home, access.Owner), made.ID); fault.Of(err) != fault.NotFound {
		t.Errorf("its file: %v", err)
	}
}

// A panic while a file is written leaves nothing of it either.
func TestAPanicWhileAFileIsWritten(t *testing.T) {
	d := opened(t, 20)
	d.o.Stats = nil
	d.running(t)
	made := d.ask(t, Health)
	if made.State != store.ExportFailed || !strings.Contains(made.Problem, "The log says what") || len(d.files(t)) > 0 {
		t.Errorf("made %+v, and %v is left", made, d.files(t))
	}
	if made := d.ask(t, Violations); made.State != store.ExportDone {
		t.Errorf("the next one is %+v", made)
	}
}

// F38: a stop cuts an export visibly short, and leaves nothing that could be taken for its file; a process that was killed
// has its export called aborted by the next.
func TestAnExportThatIsCutShort(t *testing.T) {
	d := opened(t, 20)
	ctx, stop := context.WithCancel(context.Background())
	held, create := make(chan struct{}), d.shelf.create
	d.shelf.create = func(name string) (*os.File, error) {
		close(held)
		<-ctx.Done()
		return create(name)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); d.Run(ctx) }()
	made, err := d.Ask(t.Context(), grantOf(t, home, access.Owner), order(Violations, CSV), 0)
	must(t, err)
	<-held
	if _, err := d.Exporter.Open(t.Context(), grantOf(t, home, access.Owner), made.ID); fault.Of(err) != fault.Conflict {
		t.Errorf("while it is written: %v", err)
	}
	stop()
	<-ended
	if got := d.row(t, made.ID); got.State != store.ExportAborted || got.Problem != stopped || len(d.files(t)) > 0 {
		t.Errorf("it is %+v, with the files %v", got, d.files(t))
	}
}

// Whoever is erased while an export is written may stand in it already: it has no file afterwards.
func TestAMemberIsErasedMeanwhile(t *testing.T) {
	d := opened(t, 20)
	held, release, create := make(chan struct{}), make(chan struct{}), d.shelf.create
	d.shelf.create = func(name string) (*os.File, error) {
		close(held)
		<-release
		return create(name)
	}
	made, err := d.AskExport(t.Context(), grantOf(t, home, access.Owner), order(Violations, CSV))
	must(t, err)
	d.running(t)
	<-held
	var broke []store.ViolationRow
	must(t, d.Read(t.Context(), func(now *store.Snapshot) { broke = now.Violations(home, store.ViolationFilter{}, 1) }))
	erase, err := access.Check[access.EraseMember](t.Context(), roles(access.Owner), access.Person(keeper, false), home)
	must(t, err)
	_, err = d.EraseMember(t.Context(), erase, broke[0].User)
	must(t, err)
	over := d.runs(&made).over
	close(release)
	<-over
	if got := d.row(t, made.ID); got.State != store.ExportExpired || got.Rows != 20 || len(d.files(t)) > 0 {
		t.Errorf("it is %+v, with the files %v", got, d.files(t))
	}
	if kinds := d.unseen(t, keeper); len(kinds) != 1 || kinds[0] != "export.expired" {
		t.Errorf("whoever asked is told %v", kinds)
	}
}

func TestWhatAKilledProcessLeft(t *testing.T) {
	d := opened(t, 20)
	dir := filepath.Dir(d.o.Dir)
	ask := func() store.Export {
		made, err := d.AskExport(t.Context(), grantOf(t, home, access.Owner), order(Violations, CSV))
		must(t, err)
		return made
	}
	running, queued := ask(), ask()
	begun, err := d.BeginExport(t.Context(), running)
	must(t, err)
	folder := filepath.Join(dir, "exports", home.String())
	must(t, os.MkdirAll(folder, 0o700))
	for _, name := range []string{running.ID + ".csv.part", running.ID + ".csv", "STRANGER.csv"} {
		must(t, os.WriteFile(filepath.Join(folder, name), []byte("half"), 0o600))
	}
	over := d.watch(queued.ID)
	d.running(t)
	<-over
	if got := d.row(t, running.ID); !begun || got.State != store.ExportAborted {
		t.Errorf("what was being written is %+v", got)
	}
	if kinds := d.unseen(t, keeper); len(kinds) != 1 || kinds[0] != "export.aborted" {
		t.Errorf("whoever asked is told %v", kinds)
	}
	if got := d.row(t, queued.ID); got.State != store.ExportDone {
		t.Errorf("what waited is %+v", got)
	}
	if files := d.files(t); len(files) != 1 || files[queued.ID+".csv"] != 0o600 {
		t.Errorf("the files are %v", files)
	}
}

// A file goes after 30 days, and its line says so; a guild keeps its newest 50.
func TestFilesExpire(t *testing.T) {
	var later atomic.Int64
	d := opened(t, 20)
	dir := filepath.Dir(d.o.Dir)
	d.o.Clock = func() time.Time { return noon.Add(time.Duration(later.Load())) }
	d.running(t)
	made := d.ask(t, Violations)
	later.Store(int64(store.KeepExports))
	if _, err := d.Exporter.Open(t.Context(), grantOf(t, home, access.Owner), made.ID); fault.Of(err) != fault.NotFound {
		t.Errorf("after 30 days: %v", err)
	}
	d.Sweep(t.Context())
	if got := d.row(t, made.ID); got.State != store.ExportExpired || len(d.files(t)) != 0 {
		t.Errorf("after 30 days it is %+v with the files %v", got, d.files(t))
	}
	later.Store(0)
	storetest.Tamper(t, dir, fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
		INSERT INTO exports (guild_id, export_id, what, format, filter, asked_by, asked_at, state, total, expires_at)
		SELECT %d, 'OLD' || i, 'health', 'csv', '{}', 7, %d + i, 'done', 0, %d FROM n`, home,
		noon.Add(-time.Hour).UnixMilli(), noon.Add(time.Hour).UnixMilli()))
	must(t, os.WriteFile(filepath.Join(d.o.Dir, home.String(), "OLD1.csv"), []byte("old"), 0o600))
	newest := d.ask(t, Health)
	kept := 0
	must(t, d.Read(t.Context(), func(now *store.Snapshot) {
		for _, one := range now.Exports(home, 100) {
			if one.State == store.ExportDone {
				kept++
			}
		}
	}))
	if kept != 50 || d.row(t, newest.ID).State != store.ExportDone || d.row(t, "OLD1").State != store.ExportExpired {
		t.Errorf("%d are kept, the newest is %+v", kept, d.row(t, newest.ID))
	}
	if files := d.files(t); len(files) != 1 || files[newest.ID+".csv"] == 0 {
		t.Errorf("the file of one that 50 newer ones displace is there still: %v", files)
	}
}

// Nobody fills the queue: three of a guild may be under way, ten may be asked for in a minute.
func TestHowManyExports(t *testing.T) {
	d := opened(t, 20)
	grant := grantOf(t, home, access.Owner)
	var last store.Export
	for range 3 {
		var err error
		last, err = d.AskExport(t.Context(), grant, order(Health, CSV))
		must(t, err)
	}
	if _, err := d.AskExport(t.Context(), grant, order(Health, CSV)); fault.Of(err) != fault.TooMany {
		t.Errorf("a fourth one at once: %v", err)
	}
	over := d.watch(last.ID)
	d.running(t)
	<-over
	for range 7 {
		d.ask(t, Health)
	}
	if _, err := d.Ask(t.Context(), grant, order(Health, CSV), 0); fault.Of(err) != fault.TooMany {
		t.Errorf("an eleventh one within a minute: %v", err)
	}
}

// A time that makes no sense is refused before an export is noted.
func TestTimesThatMakeNoSense(t *testing.T) {
	d := opened(t, 20)
	ago := func(days int) time.Time { return noon.AddDate(0, 0, -days) }
	for want, wrong := range map[string][]store.ExportFilter{
		"Say also when the time begins.":               {{To: noon}, {To: ago(800)}},
		"Give either a period, or from and to.":        {{Period: "day", From: ago(3)}, {Period: "week", To: noon}},
		"The time must begin before it ends.":          {{From: ago(3), To: ago(3)}, {From: ago(3), To: ago(4)}},
		"This time has not begun yet.":                 {{From: ago(-3), To: ago(-4)}},
		"Choose at most two years at a time.":          {{From: ago(800)}, {From: ago(1000), To: ago(3)}},
		"There is no such period: choose hour, day, w": {{Period: "eon"}},
	} {
		for _, filter := range wrong {
			for _, what := range []What{Offenders, Effectiveness, Temporal} {
				asked := order(what, CSV)
				asked.Filter = filter
				_, err := d.Ask(t.Context(), grantOf(t, home, access.Owner), asked, 0)
				if fault.Of(err) != fault.Invalid || !strings.HasPrefix(err.Error(), want) {
					t.Errorf("%s of %+v: %v", what, filter, err)
				}
			}
		}
	}
	rows := order(Violations, CSV)
	rows.Filter = store.ExportFilter{From: ago(3), To: ago(4)}
	if _, err := d.Ask(t.Context(), grantOf(t, home, access.Owner), rows, 0); fault.Of(err) != fault.Invalid {
		t.Errorf("violations that end before they begin: %v", err)
	}
	must(t, d.Read(t.Context(), func(now *store.Snapshot) {
		if noted := now.Exports(home, 10); len(noted) > 0 {
			t.Errorf("%+v is noted", noted)
		}
	}))
}

// What was asked for may be the reason that there is no file: that is no error of guildwatch's.
func TestAnOrderThatCannotBeWritten(t *testing.T) {
	d := opened(t, 20)
	var log strings.Builder
	d.o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	asked := order(Temporal, CSV)
	asked.Filter.To = noon
	made, err := d.AskExport(t.Context(), grantOf(t, home, access.Owner), asked)
	must(t, err)
	over := d.watch(made.ID)
	stop := d.running(t)
	<-over
	stop()
	if got := d.row(t, made.ID); got.State != store.ExportFailed || got.Problem != "Say also when the time begins." {
		t.Errorf("it is %+v", got)
	}
	if !strings.Contains(log.String(), "level=INFO") || strings.Contains(log.String(), "level=ERROR") {
		t.Errorf("the log says %s", &log)
	}
}

// While an export runs pages hear of it, and so do those of nobody else's guild.
func TestPagesHearOfExports(t *testing.T) {
	d := opened(t, 20)
	before := d.LastSeq()
	d.running(t)
	d.ask(t, Violations)
	changes, err := d.ChangesAfter(t.Context(), home, before, 100)
	must(t, err)
	var states []string
	for _, change := range changes {
		if change.Kind == moderation.ChangeExport && change.Actor == keeper {
			states = append(states, change.Label)
		}
	}
	if strings.Join(states, " ") != "queued running done" {
		t.Errorf("pages hear %q", states)
	}
	if changes, err := d.ChangesAfter(t.Context(), other, before, 100); err != nil || len(changes) > 0 {
		t.Errorf("the other guild hears %v: %v", changes, err)
	}
}
