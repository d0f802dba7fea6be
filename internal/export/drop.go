package export

import (
	"context"

	"guildwatch/internal/access"
	"guildwatch/store"
)

// run is an export that is being written.
type run struct {
	id   string
	stop context.CancelFunc
	over chan struct{} // closed when nothing of it is being written any more
}

// Drop cancels an export that waits or runs, or deletes the file of a finished one, and gives the export as it is then.
// Neither its file nor half of one is there when it answers. The errors are those of store.DropExport.
func (x *Exporter) Drop(
	ctx context.Context, grant access.Grant[access.Export], id string, do store.ExportDrop,
) (store.Export, error) {
	e, err := x.o.Store.DropExport(ctx, grant, id, do)
	if err != nil {
		return e, err
	}
	if r := x.runs(&e); r != nil {
		r.stop()
		select {
		case <-r.over:
		case <-ctx.Done():
		}
	}
	x.finish(id)
	x.remove(&e)
	return e, nil
}

// runs gives the writing of an export; nil where it is not being written.
func (x *Exporter) runs(e *store.Export) *run {
	x.mu.Lock()
	defer x.mu.Unlock()
	if r := x.busy[e.Guild]; r != nil && r.id == e.ID {
		return r
	}
	return nil
}

// remove removes the file of an export that may have one no longer. What cannot be removed now goes with the next
// sweep, and nobody is given it meanwhile.
func (x *Exporter) remove(e *store.Export) {
	if err := x.shelf.remove(e); err != nil {
		x.o.Logger.Warn("the file of an export could not be removed", "guild", e.Guild, "what", e.What, "err", err)
	}
}
