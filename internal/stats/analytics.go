package stats

import (
	"context"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// Analytics is what a guild's moderation did in a window, all of one moment.
type Analytics struct {
	At       time.Time
	Seq      int64 // the last committed change that it includes
	Window   Window
	Profile  moderation.Guild
	TimeZone string
	Temporal Temporal
}

// Temporal is when rules were broken. The sums agree: by severity, by source, the heatmap and the series each add up to
// the total.
type Temporal struct {
	Violations Figure
	Severity   []Share
	Sources    []Share
	Heatmap    Heatmap
	Series     Series
	// Unattended are the parts of the week without any moderator in which most violations were, most first.
	Unattended []Unattended
	// WroteSince is from when on it is known that moderators wrote; before, they are active by what they did.
	WroteSince time.Time
	Moderators int // how many were active in the window; 0: nothing can be said of Unattended
	Gaps       []Gap
}

// Analytics computes a guild's analytics over a window: a fault of kind NotFound for a guild that the bot is not in.
func (s *Stats) Analytics(ctx context.Context, guild snowflake.GuildID, w Window) (*Analytics, error) {
	now := s.clock().UTC()
	a := &Analytics{At: now, Window: w}
	var there bool
	err := s.store.Read(ctx, func(snapshot *store.Snapshot) {
		var profile store.Profile
		if profile, there = snapshot.Profile(guild); !there {
			return
		}
		a.Seq, a.Profile, a.TimeZone = snapshot.Seq(), profile.Guild, profile.TimeZone
		read := analysis{snapshot, now, guild, w, zoneOf(profile.TimeZone), history{}}
		read.watched = watchedSince(snapshot.Began(store.Everywhere), snapshot.Began(guild), profile.JoinedAt)
		a.Temporal = read.temporal()
	})
	if err == nil && !there {
		err = fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// analysis reads the parts of analytics from one snapshot.
type analysis struct {
	*store.Snapshot
	now     time.Time
	guild   snowflake.GuildID
	window  Window
	zone    *time.Location
	watched history
}

// zoneOf is a guild's time zone; UTC where its name is not known.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

func (a *analysis) temporal() (t Temporal) {
	all := usualSpan(a.window.Span, a.zone)
	if a.window.Previous.From.Before(all.From) {
		all.From = a.window.Previous.From
	}
	found := a.FoundQuarters(a.guild, all)
	counts := quartersOf(all, func(add func(time.Time, int64)) {
		for i := range found {
			add(found[i].Start, found[i].Total())
		}
	})
	severities, sources := map[moderation.Severity]int64{}, map[moderation.Source]int64{}
	for i := range found {
		if found[i].Start.Before(a.window.Span.From) {
			continue
		}
		sources[found[i].Source] += found[i].Total()
		for j, severity := range moderation.Severities() {
			severities[severity] += found[i].BySeverity[j]
		}
	}
	t.Severity = shares(moderation.Severities(), severities)
	t.Sources = shares(moderation.Sources(), sources)
	total, before := float64(sum(severities)), counts.in(a.window.Previous.From, a.window.Previous.Until)
	t.Violations = Figure{Value: total, Known: true,
		Change: a.watched.compare(total, float64(before), a.window.Previous, a.window.needs())}

	t.Gaps = a.Gaps(a.guild, all.From, readGaps)
	attended, moderators := map[int64]bool{}, map[snowflake.UserID]bool{}
	for _, quarter := range a.ModeratorQuarters(a.guild, a.window.Span) {
		attended[quarter.Start.Unix()], moderators[quarter.User] = true, true
	}
	t.Moderators, t.WroteSince = len(moderators), a.ModeratorsWriteSince()
	t.Heatmap = weekOf(a.window.Span, a.zone, counts, attended, t.Gaps)
	if t.Moderators > 0 {
		t.Unattended = t.Heatmap.unattended()
	}
	t.Series = seriesOf(a.window.Span, a.zone, a.now, counts, a.watched, t.Gaps)
	return t
}
