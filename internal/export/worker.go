package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"syscall"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/store"
)

const (
	// atOnce is how many exports are written at once, over all guilds: each keeps one processor busy.
	atOnce = 2
	// look is how often waiting exports are looked for although nobody has asked.
	look = 5 * time.Second
	// tell is how often pages hear how far an export is.
	tell = time.Second
	// sweeps is how often files whose time is over are removed.
	sweeps = 24 * time.Hour
)

// Run writes what is asked for until ctx ends, and returns once nothing is being written any more. It begins with what
// an earlier process left: files that nobody knows go, exports that were cut short are called aborted.
func (x *Exporter) Run(ctx context.Context) {
	defer x.writers.Wait()
	x.recover(ctx)
	x.Sweep(ctx)
	tick, sweep := time.NewTicker(look), time.NewTicker(sweeps)
	defer tick.Stop()
	defer sweep.Stop()
	for {
		x.dispatch(ctx)
		select {
		case <-ctx.Done():
			return
		case <-sweep.C:
			x.Sweep(ctx)
		case <-tick.C:
			// Whoever erases a member ends the exports that hold them: those files go now, not tomorrow.
			if over, err := x.o.Store.ExportsOver(ctx, x.o.Clock()); err == nil && over {
				x.Sweep(ctx)
			}
		case <-x.wake:
		}
	}
}

// dispatch starts what may start: the oldest first, one of each guild.
func (x *Exporter) dispatch(ctx context.Context) {
	open, err := x.o.Store.OpenExports(ctx, 1000)
	if err != nil {
		if ctx.Err() == nil {
			x.o.Logger.Error("exports that wait could not be read", "err", err)
		}
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, one := range open {
		if one.State != store.ExportQueued || x.busy[one.Guild] != nil || len(x.busy) >= atOnce {
			continue
		}
		ctx, stop := context.WithCancel(ctx)
		r := &run{id: one.ID, stop: stop, over: make(chan struct{})}
		x.busy[one.Guild] = r
		x.writers.Go(func() { x.work(ctx, one, r) })
	}
}

// work writes one export and notes how that went.
func (x *Exporter) work(ctx context.Context, e store.Export, r *run) {
	begun := false
	defer func() {
		r.stop()
		x.mu.Lock()
		delete(x.busy, e.Guild)
		x.mu.Unlock()
		close(r.over)
		x.finish(e.ID)
		if begun {
			x.nudge() // the next one's turn
		}
	}()
	var err error
	if begun, err = x.o.Store.BeginExport(ctx, e); err != nil || !begun {
		return // it stays queued: while the database cannot be written, the next look is soon enough
	}
	rows, size, err := x.write(ctx, e)
	result := store.ExportResult{State: store.ExportDone, Rows: rows, Bytes: size}
	if err != nil {
		result = x.failed(ctx, e, rows, err)
	}
	x.end(ctx, e, result)
}

// end notes how an export went. One that was cancelled when its file was whole already has none.
func (x *Exporter) end(ctx context.Context, e store.Export, result store.ExportResult) {
	if !x.note(ctx, e, result, !x.claim(e.ID)) {
		x.remove(&e)
	}
}

// nudge has the worker look for what waits.
func (x *Exporter) nudge() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// note notes the end of an export, and has who asked for it told. While the database cannot be written it tries again; if
// guildwatch is stopped meanwhile, the next start says that the export was aborted. It answers false for an export that
// was cancelled.
func (x *Exporter) note(ctx context.Context, e store.Export, result store.ExportResult, tell bool) bool {
	for {
		ended, err := x.o.Store.EndExport(context.WithoutCancel(ctx), e, result, tell)
		if err == nil {
			if ended && result.State == store.ExportDone {
				x.displaced(ctx, e.Guild)
			}
			return ended
		}
		x.o.Logger.Error("the end of an export could not be noted", "guild", e.Guild, "err", err)
		select {
		case <-ctx.Done():
			return true
		case <-time.After(time.Second):
		}
	}
}

// failed says in a sentence why an export has no file.
func (x *Exporter) failed(ctx context.Context, e store.Export, rows int64, err error) store.ExportResult {
	result := store.ExportResult{State: store.ExportFailed, Rows: rows, Problem: "Something went wrong. The log says what."}
	var public *fault.Error
	level := slog.LevelError
	switch {
	case ctx.Err() != nil:
		return store.ExportResult{State: store.ExportAborted, Rows: rows, Problem: stopped}
	case errors.Is(err, syscall.ENOSPC):
		result.Problem = "The disk is full. Ask for it again when there is room."
	case errors.As(err, &public):
		result.Problem = public.Public
		if public.Kind == fault.Invalid || public.Kind == fault.NotFound { // what was asked for is the reason, or gone by now
			level = slog.LevelInfo
		}
	}
	x.o.Logger.Log(ctx, level, "an export failed", "guild", e.Guild, "what", e.What, "err", err)
	return result
}

// write writes the file. A panic is an error of it, so that the shelf takes away what was written by then.
func (x *Exporter) write(ctx context.Context, e store.Export) (rows, size int64, err error) {
	err = x.shelf.write(&e, func(to io.Writer) (err error) {
		defer func() {
			if reason := recover(); reason != nil {
				err = fmt.Errorf("export: panic: %v\n%s", reason, debug.Stack())
			}
		}()
		last := x.o.Clock()
		rows, size, err = x.Write(ctx, to, e, func(come store.ExportProgress) {
			if now := x.o.Clock(); now.Sub(last) >= tell {
				last = now
				_ = x.o.Store.NoteExport(ctx, e, come) // what cannot be noted now is noted with the next page
			}
		})
		return err
	})
	return rows, size, err
}
