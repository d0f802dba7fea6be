package handlers

import (
	"context"
	"net/url"
	"strings"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/views/audit"
	"guildwatch/views/ui"
)

// day is how date fields write a day.
const day = "2006-01-02"

// auditAsked reads the filter of the log's page. What makes no sense is said beside its field.
func (s *site) auditAsked(
	ctx context.Context, grant access.Grant[access.ViewAudit], profile store.Profile, query url.Values,
) (asked auditAsked, err error) {
	asked.form = audit.Filter{Guild: grant.Guild(), Person: ui.Clip(strings.TrimSpace(query.Get("person")), 100),
		Action: ui.Clip(query.Get("action"), 100), From: ui.Clip(query.Get("from"), 20), To: ui.Clip(query.Get("to"), 20)}
	asked.filter.Action = asked.form.Action
	if asked.filter.Before, err = rowNumber(query.Get("before")); err != nil {
		return asked, err
	}
	asked.filter.From, asked.filter.To, asked.form.Dates = days(asked.form.From, asked.form.To, ui.Zone(profile.TimeZone))
	asked.nobody = asked.form.Dates != ""
	if asked.form.Person == "" {
		return asked, nil
	}
	return asked, s.auditPerson(ctx, grant, &asked)
}

// days reads a first and a last day in the guild's time zone; the last one counts whole. What makes no sense is a
// problem, in a sentence.
func days(first, last string, zone *time.Location) (from, to time.Time, problem string) {
	read := func(text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		date, err := time.Parse(day, text)
		// What has no milliseconds in the database is no day of a list either.
		if err != nil || date.Year() < 2015 || date.Year() > 9999 {
			problem = "Write a day as year, month, day: 2026-03-14."
			return time.Time{}
		}
		return moderation.Dawn(date, zone).In(zone)
	}
	from, to = read(first), read(last)
	if !to.IsZero() {
		to = dayAfter(zone, to)
	}
	if !from.IsZero() && !to.IsZero() && !from.Before(to) && problem == "" {
		problem = "The first day comes after the last."
	}
	if problem != "" {
		return time.Time{}, time.Time{}, problem
	}
	return from, to, ""
}

// auditPerson finds whom the filter means: an id, whoever has it, or a member of the guild by the beginning of a name. An
// id is named only if it is a member's, or once rows show that it belongs here (auditNames): that somebody is known in
// another guild is none of this one's business.
func (s *site) auditPerson(ctx context.Context, grant access.Grant[access.ViewAudit], asked *auditAsked) error {
	id, err := snowflake.Parse[snowflake.UserID](asked.form.Person)
	if err != nil {
		members, err := s.findMembers(ctx, grant.Guild(), asked.form.Person, 2)
		if err != nil {
			return err
		}
		switch len(members) {
		case 0:
			asked.nobody, asked.form.Problem = true, "No member's name begins like that. Names in the rows lead to what they did."
			return nil
		case 2:
			asked.nobody, asked.form.Problem = true, "More than one member's name begins like that. Write more of it, or the id."
			return nil
		}
		id = members[0].ID
	}
	asked.filter.Actor, asked.form.Who = id, stats.Person{ID: id, Name: "User #" + snowflake.Tail(id)}
	members, err := s.findMembers(ctx, grant.Guild(), snowflake.String(id), 1)
	if err != nil || len(members) == 0 {
		return err
	}
	return s.auditNames(ctx, grant, asked)
}

// auditNames names whom the filter means.
func (s *site) auditNames(ctx context.Context, grant access.Grant[access.ViewAudit], asked *auditAsked) error {
	people, err := s.people(ctx, grant.Actor(), []snowflake.UserID{asked.filter.Actor})
	asked.form.Who = people[asked.filter.Actor]
	return err
}
