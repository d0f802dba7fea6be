package handlers

import (
	"context"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/desk"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/ui"
	"guildwatch/views/violations"
)

// choicesRead is what a guild's violations can be narrowed by.
type choicesRead struct {
	profile  store.Profile
	own      []store.RuleRow
	natives  []moderation.NativeRuleSeen
	channels []moderation.Channel
	seq      int64
}

func (s *site) readChoices(ctx context.Context, guild snowflake.GuildID) (*choicesRead, error) {
	read, there := &choicesRead{}, false
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(guild); there {
			read.own, read.natives = now.RuleList(guild), now.NativeRules(guild)
			read.channels, read.seq = now.Channels(guild), now.Seq()
		}
	})
	if err == nil && !there {
		err = noGuild()
	}
	return read, err
}

// rules are the rules to choose from, by the names that violations have for them.
func (r *choicesRead) rules() (options []ui.Option) {
	for _, row := range r.own {
		options = append(options, ui.Option{Value: desk.Source(row.Number), Label: ui.Clip(row.Name, 100),
			Group: "guildwatch"})
	}
	for _, native := range r.natives {
		options = append(options, ui.Option{Value: "automod:" + snowflake.String(native.Rule),
			Label: ui.Clip(native.Name, 100),
			Group: "Discord AutoMod"})
	}
	return options
}

// channelOptions are the channels in which somebody can write.
func (r *choicesRead) channelOptions() []ui.Option {
	return (&settingsRead{profile: r.profile, channels: r.channels}).form(store.Settings{}).Channels
}

// place is where a page of violations stands.
func (s *site) place(guild snowflake.GuildID, role access.Role, zone string, seq int64) violations.Place {
	return violations.Place{Guild: guild, At: s.now(), Seq: seq, TimeZone: zone, May: violations.May{
		Act: access.Allows[access.ActOnMembers](role), Manage: access.Allows[access.ManageViolations](role)}}
}

// violationsRead is a part of a guild's violations and what ids in it are called, all of one moment.
type violationsRead struct {
	names
	rows []store.ViolationRow
	seq  int64
}

// names is what ids on a page of violations are called.
type names struct {
	people   people
	channels map[snowflake.ChannelID]string
	viewer   snowflake.UserID
}

func (s *site) readViolations(ctx context.Context, actor access.Actor, guild snowflake.GuildID,
	f store.ViolationFilter, most int,
) (*violationsRead, error) {
	read := &violationsRead{}
	var channels []moderation.Channel
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		read.rows, read.seq, channels = now.Violations(guild, f, most), now.Seq(), now.Channels(guild)
	})
	if err != nil {
		return nil, err
	}
	read.names, err = s.named(ctx, actor, channels, usersIn(read.rows))
	return read, err
}

func (s *site) named(
	ctx context.Context, actor access.Actor, channels []moderation.Channel, users []snowflake.UserID,
) (n names, err error) {
	n.viewer, n.channels = actor.User(), make(map[snowflake.ChannelID]string, len(channels))
	for _, channel := range channels {
		n.channels[channel.ID] = "#" + channel.Name
	}
	n.people, err = s.people(ctx, actor, users)
	return n, err
}

// usersIn are all who are in rows of violations.
func usersIn(rows []store.ViolationRow) (ids []snowflake.UserID) {
	for i := range rows {
		ids = append(ids, rows[i].User, rows[i].MarkedBy, rows[i].Claim.By)
		for _, action := range rows[i].Actions {
			ids = append(ids, action.Actor)
		}
	}
	return ids
}

func (r *violationsRead) list() []violations.Row {
	rows := make([]violations.Row, len(r.rows))
	for i := range r.rows {
		rows[i] = r.row(&r.rows[i])
	}
	return rows
}

func (n names) row(row *store.ViolationRow) violations.Row {
	return violations.Row{Violation: row.Violation, Who: n.people[row.User], Channel: n.channel(row.Channel),
		State:   row.State,
		Version: row.Version, Surface: row.Surface, Response: row.Response, MarkedBy: n.people[row.MarkedBy],
		Claim: n.claim(row.Claim), Actions: n.actions(row.Actions)}
}

func (n names) claim(claim store.Claim) violations.Claim {
	if claim.By == 0 {
		return violations.Claim{}
	}
	return violations.Claim{By: n.people[claim.By], Until: claim.Until, Mine: claim.By == n.viewer}
}

func (n names) actions(rows []store.ActionRow) []violations.Action {
	actions := make([]violations.Action, len(rows))
	for i := range rows {
		row := &rows[i]
		actions[i] = violations.Action{Action: row.Action, ID: row.ID, At: row.At, By: n.people[row.Actor],
			Problem:   row.Problem,
			Violation: row.Violation, Undone: row.UndoneBy != 0, CanUndo: row.CanUndo()}
	}
	return actions
}

// channel is a channel's name with its #; threads are not kept.
func (n names) channel(id snowflake.ChannelID) string {
	name, known := n.channels[id]
	switch {
	case id == 0:
		return ""
	case !known:
		return "a thread"
	}
	return name
}
