package stats

import (
	"cmp"
	"context"
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/store"
)

const (
	recentLines = 50
	// activeDays is how long somebody counts as active after they last wrote, ran a command or joined.
	activeDays = 30
)

// loadOverview computes the overview from one snapshot.
func (s *Stats) loadOverview(ctx context.Context, _ overviewKey) (*board[Overview], error) {
	now, gateway := s.clock().UTC(), s.gateway()
	b := newBoard[Overview](s, now, gateway)
	o := &b.value
	var changes []moderation.Change
	err := s.store.Read(ctx, func(snapshot *store.Snapshot) {
		o.fill(snapshot, now)
		changes = snapshot.Newest(store.Everywhere, recentLines)
	})
	if err != nil {
		return nil, err
	}
	o.Registered, o.Gateway = s.registered(), gateway
	if o.Recent, err = s.lines(ctx, changes); err != nil {
		return nil, err
	}
	for i, line := range o.Recent {
		o.Recent[i] = line.Anonymous()
	}
	return b, nil
}

func (o *Overview) fill(snapshot *store.Snapshot, now time.Time) {
	o.At, o.Seq = now, snapshot.Seq()
	began := history(snapshot.Began(store.Everywhere))
	month, running := monthOf(now, 1), monthOf(now, 0)

	profiles := snapshot.Profiles()
	o.Guilds = Figure{Value: float64(len(profiles)), Known: true, Change: Unknown(needsMonth)}
	if began.covers(running) {
		o.Guilds.Change = Compare(o.Guilds.Value, float64(snapshot.GuildsAt(running.From)))
	}

	active, _ := windows(now, activeDays*24*time.Hour)
	o.Users = Figure{Value: float64(snapshot.ActiveUsers(active.From)), Known: true}
	activeBefore := float64(snapshot.ActiveInMonth(store.Everywhere, month.From))
	o.Users.Change = began.compare(o.Users.Value, activeBefore, month, needsMonth)

	day, _ := windows(now, 24*time.Hour)
	o.Since = day.From
	daily := float64(snapshot.Activity(store.Everywhere, month).Commands) / (month.Length().Hours() / 24)
	o.Commands = Figure{Value: float64(snapshot.Activity(store.Everywhere, day).Commands), Known: true}
	o.Commands.Change = began.compare(o.Commands.Value, daily, month, needsMonth)
	o.LastCommand = snapshot.LastCommand()

	hour, hourBefore := windows(now, time.Hour)
	o.Latency = latency(snapshot, hour, hourBefore, "no heartbeat in the last hour", "no heartbeat in the hour before")

	o.Activity = hours(snapshot, store.Everywhere, now, snapshot.Gaps(store.Everywhere, dayOf(now).From, readGaps))

	totals := snapshot.GuildTotals(day.From)
	o.Servers = make([]GuildSummary, 0, len(profiles))
	for _, p := range profiles {
		o.Servers = append(o.Servers, GuildSummary{ID: p.ID, Name: p.Name, Icon: p.Icon, Members: p.Members,
			Messages24h: totals[p.ID].Messages, Actions24h: totals[p.ID].Actions, Outage: !p.Outage.IsZero()})
	}
	slices.SortFunc(o.Servers, func(a, b GuildSummary) int {
		return cmp.Or(cmp.Compare(b.Messages24h, a.Messages24h), cmp.Compare(b.Members, a.Members),
			cmp.Compare(a.ID, b.ID))
	})
}
