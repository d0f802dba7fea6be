package stats

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// Review is what happened in a guild in one day, week or month of its own clock, beside the one before: what a report
// says. Its figures are the dashboard's, of another time.
type Review struct {
	At      time.Time // when it was computed
	Seq     int64     // the last change it includes
	Edition edition.Edition
	Span    store.Span
	Running bool // the edition is not over yet: its figures are so far
	Begins  bool // the guild was not watched from the edition's beginning on

	Profile  moderation.Guild
	TimeZone string

	Figures
	Rules     []RuleReview
	Offenders []Offender
	Gaps      []Gap // in the span, the newest first
}

// RuleReview is what one rule found. Every rule that there is has one, zero included.
type RuleReview struct {
	Key            string // "rule:12", "automod:81384788765712384"
	Name           string // of users; empty: the rule is gone
	Source         moderation.Source
	Counted        int64
	Before         int64 // in the edition before
	Shadow         int64
	FalsePositives int64
}

// noEarlier is why a report's figure has nothing to be compared with.
const noEarlier = "the time before was not watched whole"

// Review computes the report of an edition: a fault of kind Invalid for one that has not begun, NotFound for a guild that
// the bot is not in.
func (s *Stats) Review(ctx context.Context, guild snowflake.GuildID, e edition.Edition) (*Review, error) {
	now := s.clock().UTC()
	r := &Review{At: now, Edition: e}
	var there bool
	var offenders store.Offenders
	err := s.store.Read(ctx, func(snapshot *store.Snapshot) {
		var profile store.Profile
		if profile, there = snapshot.Profile(guild); !there {
			return
		}
		r.Seq, r.Profile, r.TimeZone = snapshot.Seq(), profile.Guild, profile.TimeZone
		zone := zoneOf(profile.TimeZone)
		r.Span.From, r.Span.Until = e.Span(zone)
		if !now.Before(r.Span.From) {
			offenders = r.read(snapshot, guild, zone)
		}
	})
	switch {
	case err != nil:
		return nil, err
	case !there:
		return nil, fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
	case now.Before(r.Span.From):
		return nil, fault.New(fault.Invalid, "This time has not begun yet.")
	}
	r.Offenders, err = s.offenders(ctx, offenders.Top)
	return r, err
}

// read fills in what is counted, and gives who is to be named.
func (r *Review) read(now *store.Snapshot, guild snowflake.GuildID, zone *time.Location) store.Offenders {
	var before store.Span
	before.From, before.Until = r.Edition.Add(-1).Span(zone)
	watched := watchedSince(r.At, now.Began(store.Everywhere), now.Began(guild), r.Profile.JoinedAt)
	r.Running, r.Begins = r.At.Before(r.Span.Until), !watched.covers(r.Span)
	compared := comparison{watched, before, noEarlier}
	if r.Running { // part of a day is not compared with a whole one
		compared.watched, compared.why = history{}, "it is not over yet"
	}
	r.Figures = compared.figures(totalsIn(now, guild, r.Span), earlierIn(now, guild, before))
	r.Rules = rulesReviewed(now, guild, r.Span, before)

	offenders := now.OffendersIn(guild, r.Span, shownTargets)
	r.Repeat = Repeat{One: offenders.One, Two: offenders.Two, More: offenders.More}
	r.Gaps = now.Gaps(guild, r.Span, shownGaps)
	return offenders
}

// rulesReviewed lists what each rule found, most first: guildwatch's own by number, Discord's, those that are gone.
func rulesReviewed(now *store.Snapshot, guild snowflake.GuildID, span, before store.Span) []RuleReview {
	found, earlier := now.RulesFound(guild, span), now.RulesFound(guild, before)
	var list []RuleReview
	add := func(key, name string, source moderation.Source) {
		list = append(list, RuleReview{Key: key, Name: name, Source: source, Counted: counted4(found[key].BySeverity),
			Before: counted4(earlier[key].BySeverity), Shadow: found[key].Shadow, FalsePositives: found[key].FalsePositives})
		delete(found, key)
	}
	for _, row := range now.RuleList(guild) {
		add("rule:"+strconv.FormatInt(row.Number, 10), row.Name, moderation.SourceRule)
	}
	for _, rule := range now.NativeRules(guild) {
		add("automod:"+snowflake.String(rule.Rule), rule.Name, moderation.SourceAutoMod)
	}
	for _, key := range slices.Sorted(maps.Keys(found)) { // of rules that are gone since: what they found counts all the same
		source := moderation.SourceAutoMod
		if strings.HasPrefix(key, "rule:") {
			source = moderation.SourceRule
		}
		add(key, "", source)
	}
	slices.SortStableFunc(list, func(a, b RuleReview) int { return cmp.Compare(b.Counted, a.Counted) })
	return list
}

func counted4(bySeverity [4]int64) int64 {
	return bySeverity[0] + bySeverity[1] + bySeverity[2] + bySeverity[3]
}
