package bot

import (
	"context"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// guild reads the guild, its channels and the bot's own roles in it. What it finds is as of the time of asking: a
// change that is heard of later is the newer one.
func (s *scout) guild(ctx context.Context, guild snowflake.GuildID) error {
	origin := moderation.Origin{Guild: guild, At: s.clock().UTC()}
	var found struct {
		wireGuild
		Count int `json:"approximate_member_count"`
	}
	if err := s.rest.get(ctx, "guilds/"+guild.String()+"?with_counts=true", &found); err != nil {
		return err
	}
	var channels wireChannels
	if err := s.rest.get(ctx, "guilds/"+guild.String()+"/channels", &channels); err != nil {
		return err
	}
	var own wireMember
	if err := s.rest.get(ctx, "guilds/"+guild.String()+"/members/"+s.guilds.self().String(), &own); err != nil {
		return err
	}
	profile := found.profile()
	profile.ID, profile.Members, profile.JoinedAt = guild, found.Count, own.JoinedAt.Time
	profile, joined := s.guilds.seen(profile, found.permissions(), roleIDs(own.Roles))
	s.guilds.answered(guild, s.clock())
	s.submit(moderation.GuildSeen{
		Origin: origin, Profile: profile, Joined: joined, Roles: found.roles(), Channels: channels.kept(),
	})
	if profile.Permissions.Has(moderation.PermManageGuild) {
		s.send(errand{guild: guild, rules: true})
	}
	if !s.waits(errand{guild: guild}) {
		s.members.need(guild) // its list comes behind this event, so that a guild that is followed has its roles
	}
	return nil
}
