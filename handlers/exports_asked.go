package handlers

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/export"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/views/audit"
	"guildwatch/views/exports"
	"guildwatch/views/ui"
)

// exportAsked is what somebody wants to take out.
type exportAsked struct {
	order store.ExportOrder
	form  exports.Form
	wrong bool // the form makes no sense, which it says
}

func (a *exportAsked) status(fine int) int {
	if a.wrong {
		return fault.Unprocessable.Status()
	}
	return fine
}

// exportAsked reads the form of the page. What makes no sense is said beside its field.
func (s *site) exportAsked(
	ctx context.Context, grant access.Grant[access.Export], read *choicesRead, values url.Values,
) (asked exportAsked, err error) {
	if asked.order, err = exportOrder(values); err != nil {
		return asked, err
	}
	f := &asked.order.Filter
	asked.form = exports.Form{Guild: grant.Guild(), What: asked.order.What, Whats: exportable(grant.Role()),
		Format: asked.order.Format, Member: ui.Clip(strings.TrimSpace(values.Get("member")), 100), Text: f.Text,
		Severity: string(f.Severity), Source: string(f.Source), Rule: f.Rule, State: f.State, Action: f.Action,
		Period: ui.Clip(values.Get("period"), 20), From: ui.Clip(values.Get("from"), 20), To: ui.Clip(values.Get("to"), 20),
		Rules: read.rules(), Channels: read.channelOptions()}
	if f.Channel != 0 {
		asked.form.Channel = snowflake.String(f.Channel)
	}
	if asked.form.Actions, err = s.exportActions(ctx, grant, asked.order.What); err != nil {
		return asked, err
	}
	f.From, f.To, asked.form.Dates = days(asked.form.From, asked.form.To, ui.Zone(read.profile.TimeZone))
	if asked.form.Dates == "" {
		if err := export.Check(s.now(), &asked.order); err != nil {
			asked.form.Dates = problemOf(err).sentence
		}
	}
	if asked.form.Problem = foreignFilter(asked.order.What, values); asked.form.Problem == "" {
		asked.form.Problem = unknownChoice(&asked.form)
	}
	asked.wrong = asked.form.Dates != "" || asked.form.Problem != ""
	if asked.form.Member == "" {
		return asked, nil
	}
	f.User, asked.form.Who, asked.form.Nobody, err = s.meant(ctx, grant.Guild(), asked.form.Member)
	if err == nil && asked.form.Nobody == "" {
		asked.form.Nobody, err = s.strange(ctx, grant.Guild(), f.User)
	}
	asked.wrong = asked.wrong || asked.form.Nobody != ""
	return asked, err
}

// exportOrder reads what pages and scripts ask for in the same way: everything but people and times.
func exportOrder(values url.Values) (order store.ExportOrder, err error) {
	order = store.ExportOrder{What: values.Get("what"), Format: values.Get("format")}
	if order.What == "" {
		order.What = string(export.Violations)
	}
	if order.Format == "" {
		order.Format = string(export.CSV)
	}
	if !slices.Contains(export.All(), export.What(order.What)) {
		return order, fault.New(fault.Invalid, "The export %.30q is not known; use %s.", order.What, oneOf(export.All()))
	}
	if !slices.Contains(export.Formats(), export.Format(order.Format)) {
		return order, fault.New(fault.Invalid, "The format %.20q is not known; use csv or json.", order.Format)
	}
	f := &order.Filter
	switch export.What(order.What) {
	case export.Violations:
		chosen, err := violationChoice(values, "channel")
		f.Severity, f.Source, f.Rule, f.Channel = chosen.Severity, chosen.Source, chosen.Rule, chosen.Channel
		f.State, f.Text = string(chosen.State), chosen.Text
		return order, err
	case export.Actions:
		f.Action = values.Get("action")
		f.Source = moderation.Source(values.Get("source"))
		sources := append(moderation.Sources(), moderation.SourceImport)
		if f.Source != "" && !slices.Contains(sources, f.Source) {
			return order, fault.New(fault.Invalid, "The source %.20q is not known; use %s.", f.Source, oneOf(sources))
		}
	case export.Warnings:
		f.State, f.Text = values.Get("state"), ui.Clip(strings.TrimSpace(values.Get("text")), 100)
		_, err = clearedState(f.State)
	case export.AuditLog:
		f.Action = ui.Clip(values.Get("action"), 100)
	case export.Health:
	default:
		if f.Period = values.Get("period"); f.Period != "" || values.Get("from")+values.Get("to") == "" {
			var span stats.Period
			span, err = periodOf(f.Period)
			f.Period = string(span)
		}
	}
	return order, err
}

// exportFilters are what exports can be narrowed by; which of it, depends on the table. For a person a form has the field
// member and scripts say user.
var exportFilters = []string{"user", "member", "channel", "severity", "source", "rule", "state", "action", "text", "period",
	"from", "to"}

// foreignFilter says which filter is given that a table does not have.
func foreignFilter(what string, values url.Values) string {
	for _, name := range exportFilters {
		if strings.TrimSpace(values.Get(name)) != "" && !narrows(export.What(what), name) {
			return exports.Name(what) + " cannot be narrowed by " + name + ": leave it empty."
		}
	}
	return ""
}

// narrows says whether a table has a filter.
func narrows(what export.What, filter string) bool {
	if filter == "member" {
		filter = "user"
	}
	return slices.Contains(export.Filters(what), filter)
}

// noTable refuses a form that does not say what it wants, such as one that is no form at all.
func noTable() error {
	return fault.New(fault.Invalid, "Say in a form what to export: what is %s.", oneOf(export.All()))
}

// oneOf lists words for a sentence.
func oneOf[T ~string](words []T) string {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = string(word)
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

// exportable are the tables that a role may take out.
func exportable(role access.Role) (list []string) {
	for _, what := range export.All() {
		if export.Allowed(what, role) {
			list = append(list, string(what))
		}
	}
	return list
}

// exportActions are the actions that a table can be narrowed to.
func (s *site) exportActions(
	ctx context.Context, grant access.Grant[access.Export], what string,
) (options []ui.Option, err error) {
	switch export.What(what) {
	case export.Actions:
		for _, kind := range moderation.ActionKinds() {
			options = append(options, ui.Option{Value: string(kind), Label: ui.KindName(kind)})
		}
	case export.AuditLog:
		if !export.Allowed(export.AuditLog, grant.Role()) {
			return nil, nil
		}
		err = s.Store.Read(ctx, func(now *store.Snapshot) {
			for _, action := range now.AuditActions(grant.Guild()) {
				options = append(options, ui.Option{Value: action, Label: audit.Name(action)})
			}
		})
	}
	return options, err
}

// unknownChoice says which choice is none of the form's: a rule or a channel of another guild, or one that is gone.
func unknownChoice(f *exports.Form) string {
	offers := func(options []ui.Option, value string) bool {
		return value == "" || slices.ContainsFunc(options, func(o ui.Option) bool { return o.Value == value })
	}
	switch {
	case !offers(f.Rules, f.Rule):
		return "There is no such rule here. Choose one, or every rule."
	case !offers(f.Channels, f.Channel):
		return "There is no such channel here. Choose one, or every channel."
	case !offers(f.Actions, f.Action):
		return "There is no such action here. Choose one, or leave it open."
	}
	return ""
}

// strange is why an export cannot be about a user: the guild has never heard of them.
func (s *site) strange(ctx context.Context, guild snowflake.GuildID, user snowflake.UserID) (problem string, err error) {
	err = s.Store.Read(ctx, func(now *store.Snapshot) {
		if !now.Knows(guild, user) {
			problem = "Nobody of that id is in the records of this server."
		}
	})
	return problem, err
}

// narrowed says in words what an export is narrowed by.
func (s *site) narrowed(read *choicesRead, e *store.Export) string {
	f, zone := &e.Filter, ui.Zone(read.profile.TimeZone)
	var parts []string
	add := func(part string) {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if f.User != 0 {
		add("one member")
	}
	add(string(f.Severity))
	if f.Source != "" {
		add(ui.SourceName(f.Source))
	}
	for _, option := range read.rules() {
		if option.Value == f.Rule && f.Rule != "" {
			add("rule “" + option.Label + "”")
		}
	}
	if f.Channel != 0 {
		add("one channel")
	}
	add(strings.ReplaceAll(f.State, "_", " "))
	add(f.Action)
	if f.Text != "" {
		add("with “" + f.Text + "”")
	}
	if f.Period != "" {
		add("the last " + f.Period)
	}
	if !f.From.IsZero() {
		add("from " + f.From.In(zone).Format("2 Jan 2006"))
	}
	if !f.To.IsZero() {
		add("to " + f.To.Add(-time.Millisecond).In(zone).Format("2 Jan 2006")) // the day that it ends with
	}
	return strings.Join(parts, ", ")
}
