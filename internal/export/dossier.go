package export

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// dossier is what a guild keeps of one member besides the tables.
type dossier struct {
	Guild   snowflake.GuildID  `json:"guild_id"`
	Name    string             `json:"guild_name"`
	Asked   time.Time          `json:"asked_at"`
	User    snowflake.UserID   `json:"user_id"`
	Names   []string           `json:"names"` // the account's and the display name, and the nick; those there are
	Joined  *time.Time         `json:"joined_at"`
	Left    bool               `json:"left"`
	Roles   []snowflake.RoleID `json:"discord_roles"`
	Level   int                `json:"ladder_level"`
	Months  []string           `json:"active_months"` // "2026-11"
	Appeals []dossierAppeal    `json:"appeals"`
	Runs    []dossierRun       `json:"commands"`
}

type dossierAppeal struct {
	Number    int64     `json:"number"`
	At        time.Time `json:"at"`
	Violation int64     `json:"violation,omitzero"`
	Text      string    `json:"text"`
	State     string    `json:"state"`
	Answer    string    `json:"answer"`
	Decided   time.Time `json:"decided_at,omitzero"`
}

type dossierRun struct {
	At      time.Time           `json:"at"`
	Command string              `json:"command"`
	Channel snowflake.ChannelID `json:"channel_id"`
}

const (
	dossierAppeals = 1_000  // open ones are few, and closed ones are one for each action
	dossierRuns    = 10_000 // the newest; some three years of a busy member
)

// Dossier writes all that a guild keeps of one member, as one JSON object: who they are, what they broke, what was done
// about it, their warnings and appeals, the commands they ran, the months they were active in. The tables in it are as
// those of exports, with a count each; "whole": true ends it, so that a broken one is not taken for a short one. It is
// noted in the audit log. The error is a *fault.Error: NotFound for somebody whom the guild does not know; then nothing
// was written.
func (x *Exporter) Dossier(
	ctx context.Context, grant access.Grant[access.Export], user snowflake.UserID, to io.Writer,
) error {
	about, zone, err := x.about(ctx, grant.Guild(), user)
	if err != nil {
		return err
	}
	if err := x.o.Store.NoteDossier(ctx, grant, user); err != nil {
		return err
	}
	text, err := json.Marshal(about)
	if err != nil {
		return err
	}
	if _, err := to.Write(text[:len(text)-1]); err != nil {
		return err
	}
	for _, what := range []What{Violations, Actions, Warnings} {
		e := store.Export{Guild: grant.Guild(), ExportOrder: store.ExportOrder{What: string(what), Format: string(JSON),
			Filter: store.ExportFilter{User: user}}}
		from, _, err := x.sourceOf(ctx, e)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(to, ",\n\""+string(what)+"\":"); err != nil {
			return err
		}
		if err := x.part(ctx, to, e, from, zone); err != nil {
			return err
		}
	}
	_, err = io.WriteString(to, ",\"whole\":true}\n")
	return err
}

// part writes one table of a dossier.
func (x *Exporter) part(ctx context.Context, to io.Writer, e store.Export, from source, zone *time.Location) error {
	s := newSheet(to, JSON, from.columns(), zone, []byte(`{"time_zone":"`+zone.String()+`"}`))
	for {
		var page func(*sheet)
		if err := x.o.Store.Read(ctx, func(now *store.Snapshot) { page = from.next(now) }); err != nil {
			return err
		}
		if page == nil || s.err != nil {
			return s.close()
		}
		page(s)
	}
}

// about reads what is not in a table.
func (x *Exporter) about(
	ctx context.Context, guild snowflake.GuildID, user snowflake.UserID,
) (d dossier, zone *time.Location, err error) {
	d = dossier{Guild: guild, User: user, Asked: x.o.Clock().UTC(), Names: []string{}, Roles: []snowflake.RoleID{},
		Months: []string{}, Appeals: []dossierAppeal{}, Runs: []dossierRun{}}
	var profile store.Profile
	there := false
	err = x.o.Store.Read(ctx, func(now *store.Snapshot) {
		var known bool
		if profile, known = now.Profile(guild); !known || !now.Knows(guild, user) {
			return
		}
		there = true
		d.read(now)
	})
	if err == nil && !there {
		err = fault.New(fault.NotFound, "There is no such member here.")
	}
	d.Name = tidy(profile.Name)
	if zone, _ = time.LoadLocation(profile.TimeZone); zone == nil {
		zone = time.UTC
	}
	return d, zone, err
}

func (d *dossier) read(now *store.Snapshot) {
	card := now.MemberCard(d.Guild, d.User)
	for _, name := range []string{card.Member.Name, card.Member.Global, card.Member.Nick} {
		if name != "" {
			d.Names = append(d.Names, tidy(name))
		}
	}
	if !card.Member.JoinedAt.IsZero() {
		d.Joined = &card.Member.JoinedAt
	}
	d.Left, d.Level = card.Left, card.Level
	d.Roles = append(d.Roles, card.Member.Roles...)
	for _, month := range now.MonthsOf(d.Guild, d.User) {
		d.Months = append(d.Months, month.Format("2006-01"))
	}
	for _, a := range now.AppealsOf(d.Guild, d.User, dossierAppeals) {
		d.Appeals = append(d.Appeals, dossierAppeal{a.Number, a.At, a.Violation, tidy(a.Text), string(a.State), tidy(a.Answer), a.DecidedAt})
	}
	for _, run := range now.RunsOf(d.Guild, d.User, 0, dossierRuns) {
		d.Runs = append(d.Runs, dossierRun{run.At, run.Command, run.Channel})
	}
}
