package desk

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
)

const (
	// raidsAtOnce is for how many guilds Discord is asked at the same time.
	raidsAtOnce = 8
	// mostMissed bounds what is kept of reports while the ledger cannot be written.
	mostMissed = 64
	// tellings is how often the log channel is tried: raid mode itself does not wait for it longer.
	tellings = 4
)

// Wake says that somebody has switched raid mode, or asked for something about a raid.
func (m *RaidMode) Wake() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends. It begins with what an earlier process left: every step is written down before Discord is
// asked, so the next process knows what to put back.
func (m *RaidMode) Run(ctx context.Context) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		m.record(ctx)
		m.carryOn(ctx)
		select {
		case <-ctx.Done():
			return
		case <-m.wake:
		case <-m.watch.Noticed():
		case <-tick.C:
		}
	}
}

// record writes down what was noticed.
func (m *RaidMode) record(ctx context.Context) {
	reports := append(m.missed, m.watch.Reports()...)
	m.missed = nil
	for _, report := range reports {
		r, on, err := m.raids.SeeRaid(ctx, report)
		if err != nil {
			if len(m.missed) < mostMissed {
				m.missed = append(m.missed, report)
			}
			m.log.Error("signs of a raid could not be recorded; they are tried again", "guild", report.Guild, "err", err)
			continue
		}
		if on {
			m.watch.Heat(r.Guild, r.Until())
		}
	}
}

// carryOn takes each raid for which there is something to do as far as it goes.
func (m *RaidMode) carryOn(ctx context.Context) {
	list, err := m.raids.DueRaids(ctx, m.clock())
	if err != nil {
		if ctx.Err() == nil {
			m.log.Error("raids could not be read", "err", err)
		}
		return
	}
	// One guild's raids go one after the other: an earlier one may have bans left to ask for.
	guilds := slices.Collect(maps.Values(byGuild(list)))
	for len(guilds) > 0 {
		now := guilds[:min(raidsAtOnce, len(guilds))]
		guilds = guilds[len(now):]
		for _, raids := range now {
			m.work.Go(func() {
				for i := range raids {
					m.step(ctx, &raids[i])
				}
			})
		}
		m.work.Wait()
	}
}

func byGuild(list []raid.Work) map[snowflake.GuildID][]raid.Work {
	guilds := map[snowflake.GuildID][]raid.Work{}
	for _, w := range list {
		guilds[w.Guild] = append(guilds[w.Guild], w)
	}
	return guilds
}

// step does what is due for one raid and says when there is more.
func (m *RaidMode) step(ctx context.Context, w *raid.Work) {
	next := m.clock().Add(again(w.Attempts))
	defer func() {
		if reason := recover(); reason != nil {
			m.panics.Add(1)
			m.log.Error("raid mode panicked", "guild", w.Guild, "raid", w.Number, "reason", reason, "stack", string(debug.Stack()))
		}
		if err := m.raids.PutOffRaid(context.WithoutCancel(ctx), *w, next); err != nil {
			m.log.Error("a raid could not be put off", "guild", w.Guild, "raid", w.Number, "err", err)
		}
	}()
	asking, cancel := context.WithTimeout(ctx, m.patient)
	defer cancel()
	if !w.Sweep.IsZero() {
		m.sweep(asking, w)
	}
	next = m.advance(asking, w)
}

// advance takes a raid one step on and gives when to look again; zero: never.
func (m *RaidMode) advance(ctx context.Context, w *raid.Work) time.Time {
	now := m.clock()
	switch w.State {
	case raid.Planned, raid.Raised:
		if !now.Before(w.Until()) {
			if err := m.raids.CalmRaid(ctx, w.Raid); err != nil {
				return m.later(ctx, w, moderation.Result{}, err)
			}
			m.Wake()
			return now
		}
		m.watch.Heat(w.Guild, w.Until())
		if w.State == raid.Planned {
			return m.raise(ctx, w)
		}
		return m.hold(ctx, w)
	case raid.Restoring:
		return m.restore(ctx, w)
	}
	return time.Time{}
}

// grip is one lever while Discord is asked about it.
type grip struct {
	lever     *raid.Lever
	now, want int64 // what holds, and what raid mode wants
	ask       func(ctx context.Context, to int64) moderation.Result
}

// grips looks at what holds now.
func (m *RaidMode) grips(ctx context.Context, w *raid.Work) ([]grip, moderation.Result) {
	doors, result := m.gate.Doors(ctx, w.Guild)
	if !result.Done {
		return nil, result
	}
	now, reason := m.clock(), fmt.Sprintf("guildwatch raid %d", w.Number)
	w.Invites = w.Invites.Ended(now)
	return []grip{
		{&w.Invites, raid.Paused(doors.InvitesUntil, now), raid.PauseFrom(now), func(ctx context.Context, to int64) moderation.Result {
			var until time.Time
			if to > 0 {
				until = time.Unix(to, 0)
			}
			return m.gate.PauseInvites(ctx, w.Guild, until, reason)
		}},
		{&w.Verification, int64(doors.Level), raid.Level, func(ctx context.Context, to int64) moderation.Result {
			return m.gate.SetVerification(ctx, w.Guild, int(to), reason)
		}},
	}, result
}

// raise sets what raid mode wants, and tells the moderators.
func (m *RaidMode) raise(ctx context.Context, w *raid.Work) time.Time {
	w.Invites, w.Verification = w.Invites.Again(), w.Verification.Again()
	if !w.Invites.Settled() || !w.Verification.Settled() {
		grips, result := m.grips(ctx, w)
		if result.Refused != "" {
			w.Invites.Refuse(result.Refused)
			w.Verification.Refuse(result.Refused)
		} else if !result.Done {
			return m.later(ctx, w, result, nil)
		}
		for _, g := range grips {
			lever, move := g.lever.Raise(g.now, g.want)
			*g.lever = lever
			if result, err := m.move(ctx, w, g, move); err != nil || result.Again > 0 {
				return m.later(ctx, w, result, err)
			}
		}
	}
	if !w.ToldOn && !m.tell(ctx, w, "on", w.Announcement) {
		return m.later(ctx, w, moderation.Result{}, nil)
	}
	w.ToldOn = true
	if err := m.save(ctx, w); err != nil {
		return m.later(ctx, w, moderation.Result{}, err)
	}
	if err := m.raids.MoveRaid(ctx, w.Raid, raid.Raised); err != nil {
		return m.later(ctx, w, moderation.Result{}, err)
	}
	return m.next(w)
}

// move writes a lever down, asks Discord for what it wants, and writes down how that went.
func (m *RaidMode) move(ctx context.Context, w *raid.Work, g grip, move raid.Move) (result moderation.Result, err error) {
	if err := m.save(ctx, w); err != nil || !move.Ask {
		return result, err
	}
	switch result = g.ask(ctx, move.To); {
	case result.Done:
		g.lever.Confirm(move)
	case result.Refused != "":
		g.lever.Refuse(result.Refused)
	default:
		result.Again = max(result.Again, time.Second)
		return result, nil
	}
	return result, m.save(ctx, w)
}

// hold prolongs the pause of invites while raid mode goes on.
func (m *RaidMode) hold(ctx context.Context, w *raid.Work) time.Time {
	if w.Invites.State == raid.Intended || w.Invites.State == raid.Held && !m.clock().Before(raid.Renewal(w.Invites.Set)) {
		grips, result := m.grips(ctx, w)
		if !result.Done {
			return m.later(ctx, w, result, nil)
		}
		g := grips[0]
		lever, move := g.lever.Extend(g.now, g.want)
		if g.lever.State != raid.Held {
			lever, move = g.lever.Raise(g.now, g.want)
		}
		*g.lever = lever
		if result, err := m.move(ctx, w, g, move); err != nil || result.Again > 0 {
			return m.later(ctx, w, result, err)
		}
	}
	return m.next(w)
}

// next is when there is something to do for a raid that is on.
func (m *RaidMode) next(w *raid.Work) time.Time {
	at := w.Until()
	if w.Invites.State == raid.Held {
		if renewal := raid.Renewal(w.Invites.Set); renewal.Before(at) {
			at = renewal
		}
	}
	return at
}

// restore puts back what raid mode changed and nobody has changed since. It does not give up.
func (m *RaidMode) restore(ctx context.Context, w *raid.Work) time.Time {
	if !w.Invites.Over() || !w.Verification.Over() {
		grips, result := m.grips(ctx, w)
		if !result.Done {
			return m.stuck(ctx, w, result)
		}
		for _, g := range grips {
			lever, move := g.lever.Restore(g.now)
			*g.lever = lever
			if err := m.save(ctx, w); err != nil {
				return m.later(ctx, w, moderation.Result{}, err)
			}
			if !move.Ask {
				continue
			}
			if result := g.ask(ctx, move.To); !result.Done {
				return m.stuck(ctx, w, result)
			}
			g.lever.State = raid.Restored
			if err := m.save(ctx, w); err != nil {
				return m.later(ctx, w, moderation.Result{}, err)
			}
		}
	}
	w.Problem = ""
	if !w.ToldOff && !m.tell(ctx, w, "off", w.Farewell) {
		return m.later(ctx, w, moderation.Result{}, nil)
	}
	w.ToldOff = true
	if err := m.save(ctx, w); err != nil {
		return m.later(ctx, w, moderation.Result{}, err)
	}
	if err := m.raids.MoveRaid(ctx, w.Raid, raid.Over); err != nil {
		return m.later(ctx, w, moderation.Result{}, err)
	}
	m.watch.Cool(w.Guild)
	return time.Time{}
}

// stuck says once what Discord refuses to put back, and tries again.
func (m *RaidMode) stuck(ctx context.Context, w *raid.Work, result moderation.Result) time.Time {
	if result.Refused != "" && w.Problem != result.Refused {
		first := w.Problem == ""
		w.Problem = result.Refused
		if first {
			m.tell(ctx, w, "stuck", w.Trouble)
		}
	}
	return m.later(ctx, w, result, nil)
}

// tell writes in the log channel, and says whether that is done with: written, refused, or tried often enough.
func (m *RaidMode) tell(ctx context.Context, w *raid.Work, which string, text func(page string) string) bool {
	if w.Channel == 0 {
		return true
	}
	result := m.gate.SayOnce(ctx, w.Channel, fmt.Sprintf("raid-%d-%s", w.Number, which), text(m.page(w.Guild, w.Number)))
	if !result.Done {
		m.log.Warn("the log channel was not told of a raid", "guild", w.Guild, "raid", w.Number, "reason", result.Refused)
	}
	return result.Done || result.Refused != "" || w.Attempts+1 >= tellings
}

func (m *RaidMode) save(ctx context.Context, w *raid.Work) error {
	return m.raids.NoteRaid(context.WithoutCancel(ctx), w.Raid)
}

// later notes one more attempt and gives when to try again.
func (m *RaidMode) later(ctx context.Context, w *raid.Work, result moderation.Result, err error) time.Time {
	if err != nil {
		m.log.Error("a step of raid mode could not be written down; it is tried again", "guild", w.Guild, "raid", w.Number,
			"err", err)
	}
	wait := max(again(w.Attempts), result.Again)
	w.Attempts++
	if err := m.save(ctx, w); err != nil {
		m.log.Error("an attempt of raid mode could not be written down", "guild", w.Guild, "raid", w.Number, "err", err)
	}
	return m.clock().Add(wait)
}
