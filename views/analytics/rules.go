package analytics

import (
	"fmt"
	"slices"
	"strings"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/stats"
	"guildwatch/views/chart"
	"guildwatch/views/rules"
	"guildwatch/views/ui"
)

// ruleURL leads to one of guildwatch's own rules that still is there; empty for any other.
func ruleURL(a *stats.Analytics, e *stats.RuleEffect) string {
	if e.Number == 0 || e.Deleted {
		return ""
	}
	return rules.RuleURL(a.Profile.ID, e.Number)
}

// foundAny says whether any rule found anything, in shadow mode too.
func foundAny(a *stats.Analytics) bool {
	return slices.ContainsFunc(a.Rules, func(e stats.RuleEffect) bool {
		return e.Found.Counted()+e.Found.Shadow+e.Found.FalsePositives > 0
	})
}

// marks are what is special about a rule besides its name.
func marks(e *stats.RuleEffect) (list []ui.Badge) {
	source := ui.Badge{Label: ui.SourceName(e.Source), Icon: ui.SourceIcon(e.Source), Tone: ui.Neutral}
	list = append(list, source)
	switch {
	case e.Deleted:
		list = append(list, ui.Badge{Label: "Deleted", Icon: "trash-2", Tone: ui.Neutral})
	case e.Mode == rule.Shadow:
		list = append(list, ui.Badge{Label: rules.ModeName(e.Mode), Icon: "moon", Tone: ui.Info})
	case e.Mode == rule.Off:
		list = append(list, ui.Badge{Label: rules.ModeName(e.Mode), Icon: "circle", Tone: ui.Neutral})
	}
	return list
}

// split is what counts by severity in words: "2 low, 31 high".
func split(e *stats.RuleEffect) string {
	var parts []string
	for i, severity := range moderation.Severities() {
		if n := e.Found.BySeverity[i]; n > 0 {
			parts = append(parts, ui.Count(n)+" "+strings.ToLower(ui.SeverityName(severity)))
		}
	}
	return strings.Join(parts, ", ")
}

// wrong is how often a rule was wrong, with how sure that is.
func wrong(e *stats.RuleEffect) string {
	p, of := e.Wrong, "found"
	if e.Found.Counted() == 0 && e.Found.Shadow > 0 {
		of = "found in shadow mode"
	}
	return fmt.Sprintf("False positives: %s of %s %s, with 95 %% confidence between %s and %s", ui.Percent(p.Share),
		ui.Count(p.Of), of, ui.Percent(p.Low), ui.Percent(p.High))
}

// trend is a change in words.
func trend(c stats.Change) string {
	switch {
	case !c.Known:
		return c.Why
	case c.New:
		return "none in the time before"
	case c.Delta == 0:
		return "as many as in the time before"
	case c.Delta > 0:
		return "+" + ui.Number(c.Percent) + " % from the time before"
	}
	return ui.Number(c.Percent) + " % from the time before"
}

// version is a version mark in words.
func version(m stats.MarkPoint) string {
	text := fmt.Sprintf("version %d", m.Version)
	if m.Note != "" {
		text += " (" + m.Note + ")"
	}
	return text
}

// part is a rule's bar: against the rule that found most.
func share(a *stats.Analytics, e *stats.RuleEffect) float64 {
	top := int64(1)
	for i := range a.Rules {
		top = max(top, a.Rules[i].Found.Counted())
	}
	return float64(e.Found.Counted()) / float64(top)
}

// kinds are the violations by kind, those of which there are any.
func kinds(a *stats.Analytics) []chart.Bar { return KindBars(a.Kinds) }

// KindBars are violations by kind as bars, the kinds of which there are any.
func KindBars(list []stats.Share) (bars []chart.Bar) {
	for _, s := range list {
		if s.Count > 0 {
			bars = append(bars, chart.Bar{Label: KindName(s.Key), Icon: kindIcon(s.Key), Count: s.Count, Part: s.Part,
				Class: "tone-accent"})
		}
	}
	return bars
}

// natives are the kinds of what Discord's own rules find.
var natives = map[string]string{
	"automod_keyword": "AutoMod: words", "automod_spam": "AutoMod: spam", "automod_preset": "AutoMod: word lists",
	"automod_mentions": "AutoMod: mentions", "automod_profile": "AutoMod: profiles", "other": "Rules that are gone",
}

// KindName is a kind of violation, see stats.KindOf, in words.
func KindName(kind string) string {
	if name, ok := natives[kind]; ok {
		return name
	}
	return rules.KindName(rule.Kind(kind))
}

func kindIcon(kind string) string {
	if strings.HasPrefix(kind, "automod") {
		return "bot"
	}
	return "shield-check"
}

var noRules = ui.Nothing{
	Icon: "shield-check", Title: "No rules yet", Tone: ui.Neutral,
	Text: "Every rule of yours and of Discord AutoMod's will be listed here with what it found, also when that is nothing.",
}
