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
	Kinds    []Share // violations by kind, see KindOf
	Rules    []RuleEffect
	Timeline Timeline
	Members  Members
	Workload Workload
	// RowsFrom is from when on rows are kept, where they do not reach back to the window's beginning: who broke rules, and
	// bursts, are told by rows. Zero: they do.
	RowsFrom time.Time
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
	// WroteSince is from when on it is known that moderators wrote; before, they are active by what they did. Zero: it
	// always was.
	WroteSince time.Time
	Moderators int // how many were active in the window; 0: nothing can be said of Unattended
	// Unknown says why there is nothing to count: the window lies before guildwatch watched, or in a gap. Empty: there is.
	Unknown string
}

// Analytics gives a guild's analytics over a window: a fault of kind NotFound for a guild that the bot is not in.
func (s *Stats) Analytics(ctx context.Context, guild snowflake.GuildID, w Window) (*Analytics, error) {
	if w.Period != PeriodCustom {
		return fresh(ctx, s, s.analyses, Key{guild, w.Period})
	}
	return chosenBoard(ctx, s, s.chosenAnalyses, guild, w, func(a *Analytics) *Window { return &a.Window })
}

// Members is Analytics with Members alone, for who asks for nothing else of a time that nothing is kept of.
func (s *Stats) Members(ctx context.Context, guild snowflake.GuildID, w Window) (*Analytics, error) {
	if w.Period != PeriodCustom {
		return s.Analytics(ctx, guild, w)
	}
	a, _, err := s.analyse(ctx, guild, s.clock().UTC(), w, (*analysis).membersAlone)
	return a, err
}

// analysed drops the analytics of a guild.
var analysed = drops[Key]{of: keysOf, any: []store.Matter{
	store.MatterViolations, store.MatterActions, store.MatterOffenders, store.MatterMonths, store.MatterModerators,
	store.MatterGaps, store.MatterConfig, store.MatterRules, store.MatterLines,
}}

// everyAnalysis drops the analytics of all guilds: since when figures are whole.
var everyAnalysis = drops[Key]{past: []store.Matter{store.MatterBeats, store.MatterCounters}}

func (s *Stats) newAnalyses() *store.Cache[Key, *board[Analytics]] {
	return store.NewCache(s.store, store.CacheOptions[Key, *board[Analytics]]{
		Name: "analytics", Life: boardLife, Load: s.loadAnalytics,
		Dropped: func(c *store.Cache[Key, *board[Analytics]], commit store.Commit) {
			analysed.hear(commit, s.horizon.Load(), c.Drop, c.Clear)
			everyAnalysis.hear(commit, s.horizon.Load(), c.Drop, c.Clear)
		},
	})
}

func (s *Stats) loadAnalytics(ctx context.Context, key Key) (*board[Analytics], error) {
	now := s.clock().UTC()
	w, err := WindowOf(now, key.Period)
	if err != nil {
		return nil, err
	}
	return s.analyseWhole(ctx, key.Guild, w, now)
}

func (s *Stats) analyseWhole(
	ctx context.Context, guild snowflake.GuildID, w Window, now time.Time,
) (*board[Analytics], error) {
	s.reach(now)
	b := newBoard[Analytics](s, now, s.gateway())
	a, people, err := s.analyse(ctx, guild, now, w, (*analysis).everything)
	if err != nil {
		return nil, err
	}
	b.value, b.people = *a, people
	return b, nil
}

// analyse computes parts of a guild's analytics, and gives everybody who is named in them. The parts give who broke most
// rules, to be named.
func (s *Stats) analyse(ctx context.Context, guild snowflake.GuildID, now time.Time, w Window,
	parts func(read *analysis, a *Analytics) []store.Offender,
) (a *Analytics, people []Person, err error) {
	a = &Analytics{At: now, Window: w}
	var there bool
	var offenders []store.Offender
	err = s.store.Read(ctx, func(snapshot *store.Snapshot) {
		var profile store.Profile
		if profile, there = snapshot.Profile(guild); !there {
			return
		}
		a.Seq, a.Profile, a.TimeZone = snapshot.Seq(), profile.Guild, profile.TimeZone
		read := analysisOf(snapshot, profile, now, w)
		if read.rowsFrom.After(w.Span.From) {
			a.RowsFrom = read.rowsFrom
		}
		offenders = parts(read, a)
	})
	if err == nil && !there {
		err = fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
	}
	if err == nil {
		a.Members.Offenders, err = s.offenders(ctx, offenders)
	}
	if err == nil {
		people, err = s.nameAll(ctx, a)
	}
	return a, people, err
}

// nameAll names everybody in the analytics who has no name yet, and gives all who are in them.
func (s *Stats) nameAll(ctx context.Context, a *Analytics) (people []Person, err error) {
	var unnamed []*Person
	for i := range a.Rules {
		for j := range a.Rules[i].Marks {
			unnamed = append(unnamed, &a.Rules[i].Marks[j].By)
		}
	}
	for i := range a.Timeline.Moments {
		unnamed = append(unnamed, &a.Timeline.Moments[i].By)
	}
	for i := range a.Workload.Moderators {
		unnamed = append(unnamed, &a.Workload.Moderators[i].Person)
	}
	ids := make([]snowflake.UserID, len(unnamed))
	for i, one := range unnamed {
		ids[i] = one.ID
	}
	named, err := s.People(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, one := range unnamed {
		*one = named[one.ID]
	}
	for _, one := range named {
		people = append(people, one)
	}
	for _, offender := range a.Members.Offenders {
		people = append(people, offender.Person)
	}
	return people, nil
}

// analysis reads the parts of analytics from one snapshot.
type analysis struct {
	*store.Snapshot
	now      time.Time
	guild    snowflake.GuildID
	window   Window
	zone     *time.Location
	outage   time.Time
	rowsFrom time.Time // rows from before were deleted; zero: none were
	watched  history   // since when changes can be told
	covered  *coverage // once it was asked for
	begun    time.Time // the quarter of an hour since when anything is known, see begunAt
}

func analysisOf(snapshot *store.Snapshot, profile store.Profile, now time.Time, w Window) *analysis {
	guild := profile.ID
	began := snapshot.Beginnings(guild)
	return &analysis{Snapshot: snapshot, now: now, guild: guild, window: w, zone: zoneOf(profile.TimeZone),
		outage: profile.Outage, rowsFrom: snapshot.Retention(guild).From,
		watched: watchedSince(now, began.Instance, began.Guild, profile.JoinedAt),
		begun:   begunAt(now, began.Beat, began.Guild, profile.JoinedAt)}
}

func (a *analysis) everything(to *Analytics) (offenders []store.Offender) {
	acted, labels := a.ModeratorQuarters(a.guild, a.window.Span), a.RuleLabels(a.guild)
	var counts quarters
	all := a.read()
	to.Temporal, counts = a.temporal(all, acted)
	to.Rules, to.Kinds = a.effects(labels)
	to.Timeline = a.timeline(counts, labels)
	to.Members, offenders = a.members()
	to.Workload = a.workload(acted, labels)
	return offenders
}

func (a *analysis) membersAlone(to *Analytics) (offenders []store.Offender) {
	to.Members, offenders = a.members()
	return offenders
}

// zoneOf is a guild's time zone; UTC where its name is not known.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

// read is what has to be read for the window: itself, the one before, and what is usual.
func (a *analysis) read() store.Span {
	all := usualSpan(a.window.Span, a.zone)
	all.From = minTime(all.From, a.window.Previous.From)
	return all
}

func (a *analysis) temporal(all store.Span, acted []store.ModeratorQuarter) (t Temporal, counts quarters) {
	found := a.FoundQuarters(a.guild, all)
	counts = quartersOf(all, func(add func(time.Time, int64)) {
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

	if total == 0 {
		t.Unknown = a.unseen()
	}
	if t.Unknown != "" {
		t.Violations = Figure{Why: t.Unknown}
	}
	missed := missedIn(all, a.coverage().gaps(a.now, a.window.Span, a.begun))
	attended, moderators := map[int64]bool{}, map[snowflake.UserID]bool{}
	for i := range acted {
		attended[acted[i].Start.Unix()], moderators[acted[i].User] = true, true
	}
	t.Moderators, t.WroteSince = len(moderators), a.ModeratorsWriteSince()
	t.Heatmap = weekOf(a.window.Span, a.zone, counts, attended, missed)
	if t.Moderators > 0 {
		t.Unattended = t.Heatmap.unattended()
	}
	t.Series = seriesOf(a.window.Span, a.zone, a.now, counts, a.watched, missed)
	return t, counts
}
