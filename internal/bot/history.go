package bot

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// readBudget is how many requests one gap may cost. At the pace of 5 a second, an eighth of the 40 that moderation
// shares with it, that is five minutes and up to 150 000 messages; were all of them refused, it is less than a third of
// the 5 000 refusals at which every request stops.
const readBudget = 1500

const pageSize = 100 // Discord's most

// historian reads back what happened while there was no session: audit logs first, then channels, a page at a time,
// the guilds in turn and in each the channel with the newest message first. What it reads goes through the lanes like
// any event; the lanes commit how far it came together with what they counted, so a process that dies goes on there.
type historian struct {
	rest   *rest
	ledger moderation.Ledger
	offer  func(*page) bool
	submit func(moderation.Event)
	clock  func() time.Time
	log    *slog.Logger
	pace   pace
	budget int
	wake   chan struct{}

	known  map[moderation.Reading]bool // begun by this process
	spent  map[int64]int               // requests by gap
	guilds []*shelf
	turn   int
}

// shelf is what is to be read in one guild, in this order.
type shelf struct {
	guild snowflake.GuildID
	open  []*moderation.OpenReading
}

func newHistorian(r *rest, o Options) *historian {
	return &historian{
		rest: r, ledger: o.Ledger, clock: o.Clock, log: o.Logger, pace: o.pace, budget: o.reads,
		wake: make(chan struct{}, 1), known: map[moderation.Reading]bool{}, spent: map[int64]int{},
	}
}

// nudge says that there may be something to read.
func (h *historian) nudge() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// run reads until ctx ends. What Discord refuses is noted, what fails for a while is tried again.
func (h *historian) run(ctx context.Context) {
	for n := 0; ; {
		if len(h.guilds) == 0 {
			select {
			case <-h.wake:
				h.nudge()
			case <-ctx.Done():
				return
			}
		}
		err := h.step(ctx)
		wait := h.pace.readEvery
		if n++; err == nil {
			n = 0
		} else if ctx.Err() == nil {
			wait = doubled(h.pace.retryLeast, h.pace.retryMost, n-1, 0.5)
			h.log.Warn("what was missed cannot be read back now", "err", err, "wait", wait)
		}
		if !pause(ctx, wait) {
			return
		}
	}
}

// step looks for new plans when it was nudged and makes one request when there is something to read.
func (h *historian) step(ctx context.Context) (err error) {
	defer recovered(h.log, "reading back", func() { err = errPanic })
	select {
	case <-h.wake:
		if err := h.look(ctx); err != nil {
			h.nudge()
			return err
		}
	default:
	}
	if len(h.guilds) == 0 {
		return nil
	}
	h.turn = (h.turn + 1) % len(h.guilds)
	r := h.guilds[h.turn].open[0]
	if h.spent[r.Gap] >= h.budget {
		return h.leave(ctx, r.Gap)
	}
	return h.read(ctx, r)
}

// look takes up the readings that this process has not begun.
func (h *historian) look(ctx context.Context) error {
	open, err := h.ledger.Readings(ctx)
	if err != nil {
		return err
	}
	for _, r := range open {
		if h.known[r.Reading] {
			continue
		}
		h.known[r.Reading] = true
		h.spent[r.Gap] = max(h.spent[r.Gap], r.Spent)
		at := slices.IndexFunc(h.guilds, func(s *shelf) bool { return s.guild == r.Guild })
		if at < 0 {
			at, h.guilds = len(h.guilds), append(h.guilds, &shelf{guild: r.Guild})
		}
		h.guilds[at].open = append(h.guilds[at].open, &r)
	}
	for _, s := range h.guilds {
		slices.SortFunc(s.open, func(a, b *moderation.OpenReading) int {
			if (a.Channel == 0) != (b.Channel == 0) {
				return cmp.Compare(min(a.Channel, 1), min(b.Channel, 1))
			}
			return cmp.Compare(b.Until, a.Until)
		})
	}
	return nil
}

// drop takes readings from the shelves.
func (h *historian) drop(which func(*moderation.OpenReading) bool) {
	for _, s := range h.guilds {
		s.open = slices.DeleteFunc(s.open, which)
	}
	h.guilds = slices.DeleteFunc(h.guilds, func(s *shelf) bool { return len(s.open) == 0 })
}

// leave gives up what is left of a gap.
func (h *historian) leave(ctx context.Context, gap int64) error {
	if err := h.ledger.LeaveReadings(ctx, gap); err != nil {
		return err
	}
	h.log.Warn("reading back a gap reached its limit of requests", "limit", h.budget)
	h.drop(func(r *moderation.OpenReading) bool { return r.Gap == gap })
	return nil
}

// read asks for one page and hands it to the lanes.
func (h *historian) read(ctx context.Context, r *moderation.OpenReading) error {
	h.spent[r.Gap]++
	body, err := h.rest.raw(ctx, addressOf(r))
	if err != nil {
		switch fault.Of(err) {
		case fault.Forbidden, fault.NotFound, fault.Invalid:
			h.refused(r, err)
			return nil
		}
		return err
	}
	p, err := bind(r, body)
	if err != nil {
		h.refused(r, err)
		return nil
	}
	for !h.offer(p) {
		if !pause(ctx, h.pace.readEvery) {
			return ctx.Err()
		}
	}
	r.After = p.upto
	if p.last {
		h.drop(func(other *moderation.OpenReading) bool { return other == r })
	}
	return nil
}

func (h *historian) refused(r *moderation.OpenReading, err error) {
	h.log.Info("a place cannot be read back", "guild", r.Guild, "channel", r.Channel, "err", err)
	h.submit(moderation.HistoryRead{
		Origin: moderation.Origin{Guild: r.Guild, At: h.clock().UTC()}, Reading: r.Reading,
		Progress: moderation.Progress{Requests: 1, State: moderation.ReadRefused},
	})
	h.drop(func(other *moderation.OpenReading) bool { return other == r })
}

func addressOf(r *moderation.OpenReading) string {
	query := "?limit=" + digitsOf(pageSize) + "&after=" + digitsOf(id(r.After))
	if r.Channel == 0 {
		return "guilds/" + r.Guild.String() + "/audit-logs" + query
	}
	return "channels/" + r.Channel.String() + "/messages" + query
}

// bind looks how far a page goes. It is the last when it is not full, reaches the end, or does not get on.
func bind(r *moderation.OpenReading, body []byte) (*page, error) {
	type identified struct {
		ID id `json:"id"`
	}
	var list []identified
	var log struct {
		Entries []identified `json:"audit_log_entries"`
	}
	var err error
	if r.Channel == 0 {
		err = decode(body, &log)
		list = log.Entries
	} else {
		err = decode(body, &list)
	}
	newest := r.After
	for _, one := range list {
		newest = max(newest, int64(one.ID))
	}
	p := &page{OpenReading: *r, body: body, upto: min(newest, r.Until)}
	if p.last = len(list) < pageSize || newest >= r.Until || newest == r.After; p.last {
		p.upto = r.Until
	}
	return p, err
}
