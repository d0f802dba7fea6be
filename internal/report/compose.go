package report

import (
	"context"
	"strconv"
	"strings"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/notify"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/reports"
	"guildwatch/views/ui"
)

// compose makes the message of a subject: "report:daily:2026-11-20", with the number of missed editions after it where
// there are some, or "try:daily:2026-11-20".
func (p *Press) compose(ctx context.Context, guild snowflake.GuildID, subject string) (*notify.Message, error) {
	parts := strings.Split(subject, ":")
	if len(parts) < 3 {
		return nil, fault.New(fault.Invalid, "There is no such report.")
	}
	e, err := edition.Parse(edition.Cadence(parts[1]), parts[2])
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "There is no such report.")
	}
	review, err := p.options.Stats.Review(ctx, guild, e)
	if err != nil {
		return nil, err
	}
	m := p.message(review)
	if parts[0]+":" == notify.Tried {
		m.Type, m.Title = "test", "Test: "+m.Title
		m.Lines = append([]string{"This is a test, with the report of the last whole day."}, m.Lines...)
	} else if len(parts) > 3 {
		if n, err := strconv.Atoi(parts[3]); err == nil {
			m.Lines = append(m.Lines, missedLine(n))
		}
	}
	return m, nil
}

// message is a report as every channel tells it.
func (p *Press) message(r *stats.Review) *notify.Message {
	m := &notify.Message{Type: "report." + string(r.Edition.Cadence), At: p.options.Clock(), Guild: r.Profile.ID,
		Name: r.Profile.Name, Title: title(r), Link: p.options.Origin + reports.EditionURL(r.Profile.ID, r.Edition), Data: r.Answer(),
		Files: []notify.File{{Name: "guildwatch-" + string(r.Edition.Cadence) + "-" + r.Edition.Day() + ".csv",
			Type: "text/csv; charset=utf-8", Body: table(r)}}}
	if r.Begins {
		m.Lines = append(m.Lines, "guildwatch was not watching from the beginning of this time on: there was more than is counted here.")
	}
	if len(r.Gaps) > 0 {
		m.Lines = append(m.Lines, "Events may have been missed for a while in this time. The page says when.")
	}
	fact := func(name string, f stats.Figure, unit string) {
		m.Facts = append(m.Facts, notify.Fact{Name: name, Value: told(f, unit)})
	}
	fact("Messages", r.Messages, "")
	fact("Violations", r.Violations, "")
	fact("Violations per 1000 messages", r.Rate, "")
	fact("Actions", r.Actions, "")
	fact("Median time to act", r.ResponseMedian, "ms")
	fact("Joined", r.Joins, "")
	fact("Left", r.Leaves, "")
	list := func(name string, entries []string) {
		if len(entries) > 0 {
			m.Facts = append(m.Facts, notify.Fact{Name: name, Value: strings.Join(entries, ", ")})
		}
	}
	list("By severity", nonzero(r.Severity, func(key string) string { return ui.SeverityName(moderation.Severity(key)) }))
	list("By source", nonzero(r.FoundBySource, func(key string) string { return ui.SourceName(moderation.Source(key)) }))
	list("What was done", nonzero(r.ByKind, func(key string) string { return ui.KindName(moderation.ActionKind(key)) }))
	list("Rules broken most", topRules(r.Rules, 5))
	var offenders []string
	for _, one := range r.Offenders[:min(5, len(r.Offenders))] {
		offenders = append(offenders, ui.Visible(one.Name)+" "+ui.Count(one.Violations))
	}
	list("Members with most violations", offenders)
	return m
}

// title names a report: "Daily report of Harbour: Friday, 20 November 2026".
func title(r *stats.Review) string {
	return reports.CadenceName(r.Edition.Cadence) + " report of " + ui.Visible(r.Profile.Name) + ": " + r.Edition.Title()
}

// told is a figure in words: "12,431 (+12.4 %)".
func told(f stats.Figure, unit string) string {
	if !f.Known {
		return f.Why
	}
	text := ui.Number(f.Value)
	if unit != "" {
		text += " " + unit
	}
	switch c := f.Change; {
	case !c.Known:
		return text
	case c.New:
		return text + " (none the time before)"
	case c.Delta == 0:
		return text + " (as the time before)"
	case c.Percent > 0:
		return text + " (+" + ui.Number(c.Percent) + " %)"
	}
	return text + " (" + ui.Number(f.Change.Percent) + " %)"
}

func nonzero(shares []stats.Share, name func(string) string) (entries []string) {
	for _, share := range shares {
		if share.Count > 0 {
			entries = append(entries, name(share.Key)+" "+ui.Count(share.Count))
		}
	}
	return entries
}

func topRules(rules []stats.RuleReview, most int) (entries []string) {
	for _, rule := range rules {
		if rule.Counted > 0 && len(entries) < most {
			entries = append(entries, ui.Visible(reports.RuleName(rule))+" "+ui.Count(rule.Counted))
		}
	}
	return entries
}

// missedLine says why reports before this one did not come.
func missedLine(n int) string {
	if n == 1 {
		return "One report before this was not sent, because guildwatch was not running. Its figures are on the page."
	}
	return ui.Count(int64(n)) + " reports before this were not sent, because guildwatch was not running. Their figures are on the page."
}
