package store

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// RuleLabel is what a rule of any source is called, deleted or not.
type RuleLabel struct {
	Rule     string // as in moderation.Violation: "rule:12"
	Source   moderation.Source
	Number   int64 // of guildwatch's own; 0: one of Discord's
	Version  int64 // of guildwatch's own
	Name     string
	Kind     rule.Kind          // of guildwatch's own
	Trigger  moderation.Trigger // of Discord's
	Severity moderation.Severity
	Mode     rule.Mode // Enforce or Off for one of Discord's
	Deleted  bool
}

// VersionMark is when a rule of guildwatch's own was changed.
type VersionMark struct {
	Number, Version int64
	At              time.Time
	By              snowflake.UserID // 0: guildwatch
	Note            string
}

// SettingsChange is that somebody changed a guild's rules or settings.
type SettingsChange struct {
	At     time.Time
	By     snowflake.UserID // 0: guildwatch, or somebody whose data was erased
	Action string           // as in the audit log: "rule.saved"
	Target string           // "rule:12"; may be empty
}

// RuleLabels gives what all rules of a guild are called: its own by number, then Discord's.
func (s *Snapshot) RuleLabels(guild snowflake.GuildID) []RuleLabel {
	if s.err != nil {
		return nil
	}
	own, err := s.q.ListRuleLabels(s.ctx, int64(guild))
	s.ok("names of rules", err)
	natives, err := s.q.ListNativeLabels(s.ctx, db.ListNativeLabelsParams{GuildID: int64(guild), Max: nativesNamed})
	s.ok("names of native rules", err)
	severities := s.NativeSeverities(guild)
	labels := make([]RuleLabel, 0, len(own)+len(natives))
	for _, r := range own {
		labels = append(labels, RuleLabel{Rule: ruleName(r.Number), Source: moderation.SourceRule, Number: r.Number,
			Version: r.Version, Name: r.Name, Kind: rule.Kind(r.Kind), Severity: moderation.Severity(r.Severity),
			Mode: rule.Mode(r.Mode), Deleted: r.DeletedAt != 0})
	}
	for _, r := range natives {
		label := RuleLabel{Rule: "automod:" + strconv.FormatInt(r.RuleID, 10), Source: moderation.SourceAutoMod,
			Name: r.Name, Trigger: moderation.Trigger(r.Trigger), Mode: rule.Off, Deleted: r.Deleted != 0}
		label.Severity = severities.Of(moderation.CatchOf(label.Trigger, nativeSpecOf(r.Body)))
		if r.Enabled != 0 {
			label.Mode = rule.Enforce
		}
		labels = append(labels, label)
	}
	return labels
}

// nativesNamed bounds the names of native rules: Discord allows ten of them at a time, deleted ones stay.
const nativesNamed = 1000

// VersionMarks gives when a guild's own rules got new versions in a span.
func (s *Snapshot) VersionMarks(guild snowflake.GuildID, span Span) []VersionMark {
	if s.err != nil {
		return nil
	}
	from, until := span.ms()
	rows, err := s.q.ListVersionMarks(s.ctx,
		db.ListVersionMarksParams{GuildID: int64(guild), Since: from, Until: until})
	s.ok("versions of rules", err)
	marks := make([]VersionMark, len(rows))
	for i, r := range rows {
		marks[i] = VersionMark{Number: r.Number, Version: r.Version, At: timeOf(r.At), By: snowflake.UserID(r.MadeBy),
			Note: r.Note}
	}
	return marks
}

// SettingsChanges gives who changed a guild's rules and settings in a span, the newest first, at most limit.
func (s *Snapshot) SettingsChanges(guild snowflake.GuildID, span Span, limit int) []SettingsChange {
	if s.err != nil {
		return nil
	}
	from, until := span.ms()
	rows, err := s.q.ListSettingsChanges(s.ctx,
		db.ListSettingsChangesParams{GuildID: int64(guild), Since: from, Until: until, Max: int64(limit)})
	s.ok("changes of settings", err)
	list := make([]SettingsChange, len(rows))
	for i, r := range rows {
		list[i] = SettingsChange{At: timeOf(r.At), By: snowflake.UserID(r.ActorID), Action: r.Action, Target: r.Target}
	}
	return list
}

// OffendersIn ranks the members who broke rules in any span, at most limit.
func (s *Snapshot) OffendersIn(guild snowflake.GuildID, span Span, limit int) (o Offenders) {
	if s.err != nil {
		return o
	}
	before := func(a, b Offender) int {
		return cmp.Or(cmp.Compare(b.Violations, a.Violations), cmp.Compare(a.User, b.User))
	}
	for user, n := range s.offencesIn(guild, span) {
		switch n {
		case 1:
			o.One++
		case 2:
			o.Two++
		default:
			o.More++
		}
		// Sorting all 200 000 of a large server for the first few of them was a tenth of the whole.
		one := Offender{User: snowflake.UserID(user), Violations: n}
		if at, _ := slices.BinarySearchFunc(o.Top, one, before); at < limit {
			o.Top = slices.Insert(o.Top, at, one)
			o.Top = o.Top[:min(limit, len(o.Top))]
		}
	}
	o.Top = slices.Clip(o.Top)
	s.lastOffencesIn(guild, span, o.Top)
	return o
}

// lastOffencesIn fills in when each of the listed last broke a rule in a span in which they did. Who breaks most rules
// broke one lately: the newest few violations of all of them tell of most.
func (s *Snapshot) lastOffencesIn(guild snowflake.GuildID, span Span, top []Offender) {
	from, until := span.ms()
	for s.err == nil {
		var missing []snowflake.UserID
		for i := range top {
			if top[i].Last.IsZero() {
				missing = append(missing, top[i].User)
			}
		}
		if len(missing) == 0 {
			return
		}
		rows, err := s.q.ListOffencesOf(s.ctx, db.ListOffencesOfParams{GuildID: int64(guild), Since: from, Until: until,
			Ids: jsonIDs(missing), Max: 64})
		if !s.ok("last violations of offenders", err) || len(rows) == 0 {
			return
		}
		for _, row := range rows {
			i := slices.IndexFunc(top, func(o Offender) bool { return int64(o.User) == row.UserID })
			if top[i].Last.IsZero() {
				top[i].Last = timeOf(row.At)
			}
		}
	}
}

// FoundAt gives the times of a guild's violations in a span that count, the newest first.
func (s *Snapshot) FoundAt(guild snowflake.GuildID, span Span) []time.Time {
	if s.err != nil {
		return nil
	}
	from, until := span.ms()
	text, err := s.q.JoinTimes(s.ctx, db.JoinTimesParams{GuildID: int64(guild), Since: from, Until: until})
	s.ok("times of violations", err)
	var times []time.Time
	s.ok("times of violations", eachNumber(text, func(ms int64) { times = append(times, timeOf(ms)) }))
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	return times
}

// eachNumber reads the numbers of a text with blanks between them. One text for all: reading each as a row takes three
// times as long.
func eachNumber(text string, do func(n int64)) error {
	for one := range strings.SplitSeq(text, " ") {
		if one == "" {
			continue
		}
		n, err := strconv.ParseInt(one, 10, 64)
		if err != nil {
			return fmt.Errorf("%.40q: %w", one, err)
		}
		do(n)
	}
	return nil
}
