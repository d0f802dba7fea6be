package handlers

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/views/ui"
	"guildwatch/views/violations"
)

// violationsAsked is what a visitor wants to see of the list.
type violationsAsked struct {
	filter store.ViolationFilter
	form   violations.Filter
	nobody bool // what the form asks for makes no sense, which it says: no row can match
}

// shortText is why a text finds nothing: the index knows every three characters in a row.
const shortText = "Write three characters of a word, or more: shorter ones cannot be found."

// violationsAsked reads the filter of the list. What makes no sense is said beside its field.
func (s *site) violationsAsked(
	ctx context.Context, guild snowflake.GuildID, choices *choicesRead, query url.Values,
) (asked violationsAsked, err error) {
	text, short := textAsked(query), ""
	if text != "" && !store.CanFind(text) {
		query, short = maps.Clone(query), shortText
		query.Del("text")
	}
	if asked.filter, err = violationChoice(query, "channel"); err != nil {
		return asked, err
	}
	f := &asked.filter
	asked.form = violations.Filter{Guild: guild, Severity: string(f.Severity), Source: string(f.Source), Rule: f.Rule,
		State: string(f.State), Text: text, Member: ui.Clip(strings.TrimSpace(query.Get("member")), 100),
		From: ui.Clip(query.Get("from"), 20), To: ui.Clip(query.Get("to"), 20), Rules: choices.rules(),
		Channels: choices.channelOptions()}
	if f.Channel != 0 {
		asked.form.Channel = snowflake.String(f.Channel)
	}
	if f.Before, err = rowNumber(query.Get("before")); err != nil {
		return asked, err
	}
	f.From, f.To, asked.form.Dates = days(asked.form.From, asked.form.To, ui.Zone(choices.profile.TimeZone))
	asked.form.Words = short
	asked.nobody = asked.form.Dates+short != ""
	if asked.form.Member == "" {
		return asked, nil
	}
	f.User, asked.form.Who, asked.form.Problem, err = s.meant(ctx, guild, asked.form.Member)
	asked.nobody = asked.nobody || asked.form.Problem != ""
	return asked, err
}

// textAsked are the words that violations are searched for.
func textAsked(query url.Values) string { return ui.Clip(strings.TrimSpace(query.Get("text")), 100) }

// violationChoice reads what pages and scripts choose violations by in the same way.
func violationChoice(query url.Values, channel string) (f store.ViolationFilter, err error) {
	f.Severity, f.Source = moderation.Severity(query.Get("severity")), moderation.Source(query.Get("source"))
	f.State = moderation.ViolationState(query.Get("state"))
	f.Rule, f.Text = ui.Clip(query.Get("rule"), 100), textAsked(query)
	states := []moderation.ViolationState{moderation.StateCounted, moderation.StateShadow, moderation.StateFalsePositive}
	switch {
	case f.Severity != "" && !slices.Contains(moderation.Severities(), f.Severity):
		return f, fault.New(fault.Invalid, "The severity %.20q is not known; use low, medium, high or critical.", f.Severity)
	case f.Source != "" && !slices.Contains(moderation.Sources(), f.Source):
		return f, fault.New(fault.Invalid, "The source %.20q is not known; use rule, automod, audit, dashboard or command.", f.Source)
	case f.State != "" && !slices.Contains(states, f.State):
		return f, fault.New(fault.Invalid, "The state %.20q is not known; use counted, shadow or false_positive.", f.State)
	case f.Text != "" && !store.CanFind(f.Text):
		return f, fault.New(fault.Invalid, shortText)
	}
	if text := query.Get(channel); text != "" {
		if f.Channel, err = snowflake.Parse[snowflake.ChannelID](text); err != nil {
			return f, fault.Wrap(err, fault.Invalid, "The channel %.30q is no channel's id.", text)
		}
	}
	return f, nil
}

// meant finds whom a filter means: an id, whoever has it, or a member of the guild by the beginning of a name. An id is
// named only if it is a member's: that somebody is known in another guild is none of this one's business.
func (s *site) meant(
	ctx context.Context, guild snowflake.GuildID, text string,
) (id snowflake.UserID, who stats.Person, problem string, err error) {
	members, err := s.findMembers(ctx, guild, text, 2)
	if err != nil {
		return 0, who, "", err
	}
	if id, err := snowflake.Parse[snowflake.UserID](text); err == nil {
		for _, m := range members {
			if m.ID == id {
				return id, personOf(m), "", nil
			}
		}
		return id, unnamed(id), "", nil
	}
	switch len(members) {
	case 0:
		return 0, who, "No member's name begins like that. Names in the rows lead to their cards.", nil
	case 1:
		return members[0].ID, personOf(members[0]), "", nil
	}
	return 0, who, "More than one member's name begins like that. Write more of it, or the id.", nil
}

// nameRows names whom the filter means by the rows that show that they belong here.
func (a *violationsAsked) nameRows(rows []violations.Row) {
	if a.filter.User != 0 && len(rows) > 0 {
		a.form.Who = rows[0].Who
	}
}

// address is the page of the list after the violation before, 0 for the first one, with the same filter.
func (a *violationsAsked) address(before int64) string {
	f, query := a.form, url.Values{}
	for name, value := range map[string]string{"severity": f.Severity, "source": f.Source, "rule": f.Rule,
		"state":  f.State,
		"member": f.Member, "channel": f.Channel, "from": f.From, "to": f.To, "text": f.Text} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if before != 0 {
		query.Set("before", strconv.FormatInt(before, 10))
	}
	if len(query) == 0 {
		return violations.URL(f.Guild)
	}
	return violations.URL(f.Guild) + "?" + query.Encode()
}
