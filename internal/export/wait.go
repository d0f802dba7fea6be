package export

import (
	"context"
	"time"
)

// waiter is somebody who stands at the counter until their export is over.
type waiter struct {
	over    chan struct{} // closed when it is
	claimed bool          // it is over, which is just being noted: the answer will say so
}

// watch begins to wait for an export.
func (x *Exporter) watch(id string) <-chan struct{} {
	x.mu.Lock()
	defer x.mu.Unlock()
	over := make(chan struct{})
	x.waiting[id] = &waiter{over: over}
	return over
}

// await waits for an export as long as patience. Who gives up at the moment at which it ends waits until that is noted:
// either the answer says that it is over, or a notification does, never both and never neither.
func (x *Exporter) await(ctx context.Context, id string, over <-chan struct{}, patience time.Duration) {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-over:
		return
	case <-timer.C:
	case <-ctx.Done():
	}
	if x.leave(id) {
		return
	}
	select {
	case <-over:
	case <-ctx.Done():
	}
}

// leave gives up waiting. It answers false where the export is over by now.
func (x *Exporter) leave(id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if w := x.waiting[id]; w != nil && w.claimed {
		return false
	}
	delete(x.waiting, id)
	return true
}

// claim says whether somebody waits for an export, and has them wait until finish.
func (x *Exporter) claim(id string) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	w := x.waiting[id]
	if w != nil {
		w.claimed = true
	}
	return w != nil
}

// finish lets go who waits for an export.
func (x *Exporter) finish(id string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if w := x.waiting[id]; w != nil {
		close(w.over)
		delete(x.waiting, id)
	}
}
