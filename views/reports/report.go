package reports

import (
	"strings"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/chart"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// ReportView is the page of one report.
type ReportView struct {
	Page   layout.Page
	Review stats.Review
}

func (v ReportView) page() layout.Page { return v.Page.Part(v.title()) }

func (v ReportView) title() string { return CadenceName(v.Review.Edition.Cadence) + " report" }

// paperTitle heads the page on paper, where the bar with the names is left out.
func (v ReportView) paperTitle() string {
	return v.Review.Profile.Name + ": " + strings.ToLower(v.title()) + ", " + v.Review.Edition.Title()
}

// frame says what the report is of, and that it is not over where it is not.
func (v ReportView) frame() string {
	text := upper(v.Review.Edition.Title())
	if v.Review.Running {
		text += ", so far"
	}
	return text + ", in the time of " + v.Review.TimeZone
}

func (v ReportView) before() string {
	return EditionURL(v.Review.Profile.ID, v.Review.Edition.Add(-1))
}

// after is the next report; empty where it has not begun.
func (v ReportView) after() string {
	if v.Review.Running {
		return ""
	}
	return EditionURL(v.Review.Profile.ID, v.Review.Edition.Add(1))
}

func (v ReportView) moment(t time.Time) ui.Moment {
	return ui.Moment{At: t, Now: v.Review.At, Zone: ui.Zone(v.Review.TimeZone)}
}

func (v ReportView) memberURL(o stats.Offender) string {
	return "/g/" + snowflake.String(v.Review.Profile.ID) + "/members/" + snowflake.String(o.ID)
}

// beforeWords is what figures are compared with.
func (v ReportView) beforeWords() string {
	return map[edition.Cadence]string{edition.Daily: "The day before", edition.Weekly: "The week before",
		edition.Monthly: "The month before"}[v.Review.Edition.Cadence]
}

func (v ReportView) cards() []ui.Card {
	r, against := &v.Review, strings.ToLower(v.beforeWords()[:1])+v.beforeWords()[1:]
	card := func(label, icon string, f stats.Figure, rising ui.Meaning) ui.Card {
		return ui.Card{Label: label, Icon: icon, Figure: f, Against: against, Rising: rising}
	}
	inMS := func(label string, f stats.Figure) ui.Card {
		c := card(label, "gauge", f, ui.Unwelcome)
		c.Unit, c.Delta = "ms", true
		return c
	}
	share := func(label, icon string, kind moderation.ActionKind) ui.Card {
		for _, ending := range r.Endings {
			if ending.Kind == kind {
				c := card(label, icon, ending.Share, ui.Plain)
				c.Unit, c.Delta, c.Note = "%", true, "of all actions"
				return c
			}
		}
		return ui.Card{Label: label, Icon: icon}
	}
	return []ui.Card{
		card("Messages", "message-square", r.Messages, ui.Plain),
		card("Violations", "shield-alert", r.Violations, ui.Unwelcome),
		card("Violations per 1000", "gauge", r.Rate, ui.Unwelcome),
		card("Actions", "gavel", r.Actions, ui.Plain),
		inMS("Median response", r.ResponseMedian),
		inMS("95 % answered within", r.ResponseP95),
		card("Joined", "user-plus", r.Joins, ui.Plain),
		card("Left", "user-minus", r.Leaves, ui.Plain),
		share("Warnings", "triangle-alert", moderation.ActionWarn),
		share("Timeouts", "timer", moderation.ActionTimeout),
		share("Kicks", "user-x", moderation.ActionKick),
		share("Bans", "ban", moderation.ActionBan),
	}
}

// barsOf are the shares that are not zero.
func barsOf(shares []stats.Share, one func(key string) chart.Bar) (list []chart.Bar) {
	for _, s := range shares {
		if s.Count == 0 {
			continue
		}
		bar := one(s.Key)
		bar.Count, bar.Part = s.Count, s.Part
		list = append(list, bar)
	}
	return list
}

func (v ReportView) severities() []chart.Bar {
	tones := map[moderation.Severity]ui.Tone{moderation.SeverityLow: ui.Neutral, moderation.SeverityMedium: ui.Info,
		moderation.SeverityHigh: ui.Warn, moderation.SeverityCritical: ui.Bad}
	return barsOf(v.Review.Severity, func(key string) chart.Bar {
		severity := moderation.Severity(key)
		return chart.Bar{Label: ui.SeverityName(severity), Icon: "shield-alert", Class: "tone-" + string(tones[severity])}
	})
}

func (v ReportView) found() []chart.Bar { return barsOf(v.Review.FoundBySource, sourceBar) }

func (v ReportView) sources() []chart.Bar { return barsOf(v.Review.BySource, sourceBar) }

func sourceBar(key string) chart.Bar {
	source := moderation.Source(key)
	return chart.Bar{Label: ui.SourceName(source), Icon: ui.SourceIcon(source), Class: "tone-accent"}
}

func (v ReportView) kinds() []chart.Bar {
	return barsOf(v.Review.ByKind, func(key string) chart.Bar {
		kind := moderation.ActionKind(key)
		return chart.Bar{Label: ui.KindName(kind), Icon: ui.KindIcon(kind), Class: "tone-" + string(ui.KindTone(kind))}
	})
}

// repeated is how many members broke rules how often: "12 members once, 3 twice, 1 three times or more."
func (v ReportView) repeated() string {
	r := v.Review.Repeat
	return plural(int(r.One), "member") + " once, " + ui.Count(r.Two) + " twice, " + ui.Count(r.More) + " three times or more."
}

// RuleName is a rule's name; of one that is gone, what is known of it.
func RuleName(r stats.RuleReview) string {
	switch {
	case r.Name != "":
		return r.Name
	case r.Source == moderation.SourceRule:
		return "A rule that was deleted"
	}
	return "An AutoMod rule that is gone"
}

func ruleSource(r stats.RuleReview) string { return ui.SourceName(r.Source) }

// titled is an edition as one of a list.
func titled(e edition.Edition) string { return upper(e.Title()) }

func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return ui.Count(int64(n)) + " " + word + "s"
}
