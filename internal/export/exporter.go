package export

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"os"
	"sync"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// Options is what an Exporter stands on.
type Options struct {
	Store  *store.Store
	Stats  *stats.Stats
	Dir    string           // where the files lie; made when it is not there
	Clock  func() time.Time // time.Now when nil
	Logger *slog.Logger     // slog.Default() when nil
}

// Exporter makes files and gives them out. It is safe for concurrent use.
type Exporter struct {
	o     Options
	shelf shelf
	page  int // rows that are read at a time
	wake  chan struct{}

	mu       sync.Mutex
	busy     map[snowflake.GuildID]*run // one export of a guild at a time
	waiting  map[string]*waiter         // by the export's id
	dossiers map[snowflake.GuildID]int  // files of members that are on their way
	writers  sync.WaitGroup
}

// New makes an exporter over its directory. Nothing is written before Run.
func New(o Options) (*Exporter, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	o.Logger = cmp.Or(o.Logger, slog.Default())
	files, err := openShelf(o.Dir)
	if err != nil {
		return nil, fault.Wrap(err, fault.Unavailable, "The directory %s for exports cannot be used.", o.Dir)
	}
	return &Exporter{o: o, shelf: files, page: pageRows, wake: make(chan struct{}, 1), busy: map[snowflake.GuildID]*run{},
		waiting: map[string]*waiter{}, dossiers: map[snowflake.GuildID]int{}}, nil
}

// Ask notes what somebody wants to take out and waits as long as patience for it to be made. What takes longer goes on
// in the background, and whoever asked is told when it is over: the answer is the export as it is by then. The error is
// a *fault.Error: Forbidden for a table that the person may not see, Invalid for one that there is not or a time that
// makes no sense, TooMany while the guild has enough under way.
func (x *Exporter) Ask(
	ctx context.Context, grant access.Grant[access.Export], order store.ExportOrder, patience time.Duration,
) (store.Export, error) {
	what := What(order.What)
	if !Allowed(what, grant.Role()) {
		return store.Export{}, fault.New(fault.Forbidden, "You may not export what you may not see.")
	}
	if err := Check(x.o.Clock(), &order); err != nil {
		return store.Export{}, err
	}
	order.ID = rand.Text()
	over := x.watch(order.ID) // before it is there to be written: it may be over when this goes on
	made, err := x.o.Store.AskExport(ctx, grant, order)
	if err != nil {
		x.leave(order.ID)
		return made, err
	}
	x.nudge()
	x.await(ctx, made.ID, over, patience)
	err = x.o.Store.Read(context.WithoutCancel(ctx), func(now *store.Snapshot) {
		if row, known := now.Export(grant.Guild(), made.ID); known {
			made = row
		}
	})
	return made, err
}

// File is a finished export, open for reading. It must be closed.
type File struct {
	*os.File
	store.Export
	Guild string // the guild's name
}

// Open opens the file of one of the guild's finished exports. The error is a *fault.Error: NotFound where there is
// none, or none any more, Forbidden for what the person may not see.
func (x *Exporter) Open(ctx context.Context, grant access.Grant[access.Export], id string) (*File, error) {
	var made store.Export
	var profile store.Profile
	var known bool
	err := x.o.Store.Read(ctx, func(now *store.Snapshot) {
		made, known = now.Export(grant.Guild(), id)
		profile, _ = now.Profile(grant.Guild())
	})
	switch {
	case err != nil:
		return nil, err
	case !known:
		return nil, fault.New(fault.NotFound, "There is no such export here.")
	case !Allowed(What(made.What), grant.Role()):
		return nil, fault.New(fault.Forbidden, "You may not export what you may not see.")
	case made.Open():
		return nil, fault.New(fault.Conflict, "This export is not done yet.")
	case made.State != store.ExportDone || !x.o.Clock().Before(made.Expires):
		return nil, fault.New(fault.NotFound, "The file of this export is gone. Make a new one.")
	}
	file, err := x.shelf.open(&made)
	if err != nil {
		return nil, fault.Wrap(err, fault.NotFound, "The file of this export is gone. Make a new one.")
	}
	return &File{file, made, profile.Name}, nil
}
