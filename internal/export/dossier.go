package export

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// dossiersOpen is how many files of members a guild's people take out at a time, as many as other exports.
const dossiersOpen = 3

// dossier is who a member is to a guild. What there can be many of comes after it, page by page.
type dossier struct {
	Guild  snowflake.GuildID  `json:"guild_id"`
	Name   string             `json:"guild_name"`
	Asked  time.Time          `json:"asked_at"`
	User   snowflake.UserID   `json:"user_id"`
	Names  []string           `json:"names"`  // the account's and the display name, and the nick; those there are
	Avatar string             `json:"avatar"` // what Discord calls the picture; empty: none
	Bot    bool               `json:"bot"`
	Joined *time.Time         `json:"joined_at"`
	Left   bool               `json:"left"`
	LeftAt *time.Time         `json:"left_at"`
	Active *time.Time         `json:"last_active_at"` // the quarter of an hour in which that was
	Timed  *time.Time         `json:"timed_out_until"`
	Kicked bool               `json:"kicked_before"`
	Roles  []snowflake.RoleID `json:"discord_roles"`
	Given  *dossierRole       `json:"dashboard_role"` // that they were given by name; null: none
	Level  int                `json:"ladder_level"`
	Months []string           `json:"active_months"` // "2026-11"
}

type dossierRole struct {
	Role string           `json:"role"`
	At   time.Time        `json:"at"`
	By   snowflake.UserID `json:"given_by_id,omitzero"`
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

type dossierNote struct {
	At        time.Time        `json:"at"`
	Violation int64            `json:"violation"`
	By        snowflake.UserID `json:"made_by_id,omitzero"`
	Text      string           `json:"text"`
}

type dossierRaid struct {
	Number   int64     `json:"number"`
	Trigger  string    `json:"trigger"`
	Started  time.Time `json:"started_at"`
	Ended    time.Time `json:"ended_at,omitzero"`
	Joined   time.Time `json:"joined_at,omitzero"` // during the raid
	Messages int64     `json:"messages"`           // that belonged to it
}

type dossierNotice struct {
	At      time.Time           `json:"at"`
	Kind    string              `json:"kind"`
	About   int64               `json:"about"` // the action's id, or the appeal's number
	State   string              `json:"state"`
	Channel snowflake.ChannelID `json:"channel_id,omitzero"`
	Message snowflake.MessageID `json:"message_id,omitzero"`
	Problem string              `json:"problem,omitzero"`
}

// Dossier writes all that a guild keeps of one member, as one JSON object: who they are, what they broke, what was noted
// and done about it, their warnings and appeals, what was said to them, the raids that had them, the commands they ran, the
// months they were active in. The tables in it are as those of exports, with a count each, and none is cut short;
// "whole": true ends it, so that a broken one is not taken for a short one. It is noted in the audit log. The error is a
// *fault.Error: NotFound for somebody whom the guild does not know, TooMany while the guild takes out enough, three of
// these at a time at most; then nothing was written. Whoever is erased meanwhile has no whole one.
func (x *Exporter) Dossier(
	ctx context.Context, grant access.Grant[access.Export], user snowflake.UserID, to io.Writer,
) error {
	about, zone, err := x.about(ctx, grant.Guild(), user)
	if err != nil {
		return err
	}
	done, err := x.openDossier(grant.Guild())
	if err != nil {
		return err
	}
	defer done()
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
	for _, one := range listsOf(grant.Guild(), user) {
		if err := x.list(ctx, to, one); err != nil {
			return err
		}
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
	if _, _, err := x.about(ctx, grant.Guild(), user); err != nil { // erased meanwhile
		return err
	}
	_, err = io.WriteString(to, ",\"whole\":true}\n")
	return err
}

// openDossier counts one more file of a member that a guild's people take out at this moment, until done: each of them
// reads for as long as its reader takes.
func (x *Exporter) openDossier(guild snowflake.GuildID) (done func(), err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.dossiers[guild] >= dossiersOpen {
		refusal := fault.New(fault.TooMany, "The files of three members are on their way already. Wait until one of them is done.")
		refusal.RetryAfter = 10 * time.Second
		return nil, refusal
	}
	x.dossiers[guild]++
	return func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		if x.dossiers[guild]--; x.dossiers[guild] == 0 {
			delete(x.dossiers, guild)
		}
	}, nil
}

// list writes a list of a dossier, page by page; a page that is not full is the last.
func (x *Exporter) list(ctx context.Context, to io.Writer, one dossierList) error {
	text := []byte(",\n\"" + one.name + "\":[")
	for first, full := true, true; full; {
		var page []any
		if err := x.o.Store.Read(ctx, func(now *store.Snapshot) { page = one.next(now, x.page) }); err != nil {
			return err
		}
		for _, row := range page {
			cells, err := json.Marshal(row)
			if err != nil {
				return err
			}
			if !first {
				text = append(text, ',')
			}
			text, first = append(append(text, '\n'), cells...), false
		}
		if full = len(page) == x.page; !full {
			text = append(text, ']')
		}
		if _, err := to.Write(text); err != nil {
			return err
		}
		text = text[:0]
	}
	return nil
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
		Months: []string{}}
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
	for at, of := range map[**time.Time]time.Time{&d.Joined: card.Member.JoinedAt, &d.LeftAt: card.LeftAt, &d.Active: card.Active,
		&d.Timed: card.Member.TimeoutUntil} {
		if !of.IsZero() {
			*at = &of
		}
	}
	d.Avatar, d.Bot, d.Kicked = card.Member.Avatar, card.Member.Bot, card.KickedBefore
	d.Left, d.Level = card.Left, card.Level
	d.Roles = append(d.Roles, card.Member.Roles...)
	for _, month := range now.MonthsOf(d.Guild, d.User) {
		d.Months = append(d.Months, month.Format("2006-01"))
	}
	if given, there := now.AssignmentOf(d.Guild, d.User); there {
		d.Given = &dossierRole{given.Role.String(), given.At, somebody(given.By)}
	}
}

// nextRows gives at most so many rows of a list: those that come next.
type nextRows func(now *store.Snapshot, most int) []any

// dossierList is a list of a dossier.
type dossierList struct {
	name string
	next nextRows
}

// listsOf are the lists of a member's dossier, in their order.
func listsOf(guild snowflake.GuildID, user snowflake.UserID) []dossierList {
	return []dossierList{
		{"notes", listOf(func(now *store.Snapshot, last store.NoteOf, most int) []store.NoteOf {
			return now.NotesOf(guild, user, last, most)
		}, func(n store.NoteOf) any {
			return dossierNote{n.At, n.Violation, somebody(n.By), tidy(n.Text)}
		})},
		{"appeals", listOf(func(now *store.Snapshot, last store.AppealRow, most int) []store.AppealRow {
			return now.AppealsOf(guild, user, last.Number, most)
		}, func(a store.AppealRow) any {
			return dossierAppeal{a.Number, a.At, a.Violation, tidy(a.Text), string(a.State), tidy(a.Answer), a.DecidedAt}
		})},
		{"notices", listOf(func(now *store.Snapshot, last moderation.Notice, most int) []moderation.Notice {
			return now.NoticesOf(guild, user, last, most)
		}, func(n moderation.Notice) any {
			return dossierNotice{n.At, string(n.Kind), n.Ref, string(n.State), n.Place.Channel, n.Place.Message, tidy(n.Problem)}
		})},
		{"raids", listOf(func(now *store.Snapshot, last store.RaidOf, most int) []store.RaidOf {
			return now.RaidsOf(guild, user, last.Number, most)
		}, func(r store.RaidOf) any {
			return dossierRaid{r.Number, string(r.Trigger), r.Started, r.Ended, r.Joined, r.Messages}
		})},
		{"commands", listOf(func(now *store.Snapshot, last store.RunOf, most int) []store.RunOf {
			return now.RunsOf(guild, user, last.ID, most)
		}, func(run store.RunOf) any {
			return dossierRun{run.At, run.Command, run.Channel}
		})},
	}
}

// listOf goes through a list: read gives what comes after a row, which is zero for the first page.
func listOf[R any](read func(now *store.Snapshot, last R, most int) []R, write func(R) any) nextRows {
	var last R
	return func(now *store.Snapshot, most int) (page []any) {
		rows := read(now, last, most)
		for _, row := range rows {
			page, last = append(page, write(row)), row
		}
		return page
	}
}

// somebody is a user's id; 0 for what stands for somebody whose data was erased.
func somebody(user snowflake.UserID) snowflake.UserID { return max(user, 0) }
