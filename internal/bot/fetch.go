package bot

import (
	"context"
	"errors"
	"net/http"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// FetchUser asks Discord for a user. The kind of its error is NotFound when there is no such user, TooMany (with
// RetryAfter) and Unavailable when it is worth another try.
func (b *Bot) FetchUser(ctx context.Context, user snowflake.UserID) (moderation.User, error) {
	return b.rest.user(ctx, user.String())
}

// FetchMember asks Discord for a member of a guild. False, without an error, is Discord's own word that the user is not
// in the guild. The kind of its error is NotFound or Forbidden when the bot is not in it itself, TooMany (with
// RetryAfter) and Unavailable when it is worth another try; an end of ctx is Unavailable or ctx's own error.
func (b *Bot) FetchMember(
	ctx context.Context, guild snowflake.GuildID, user snowflake.UserID,
) (moderation.Member, bool, error) {
	return b.rest.member(ctx, guild, user)
}

func (r *rest) user(ctx context.Context, name string) (moderation.User, error) {
	s, with := r.call(ctx)
	user, err := s.User(name, with)
	if err = explain(err); statusOf(err) == http.StatusNotFound && codeOf(err) != discordgo.ErrCodeUnknownUser {
		return moderation.User{}, impostor(err)
	}
	if err != nil {
		return moderation.User{}, err
	}
	number, err := snowflake.Parse[snowflake.UserID](user.ID)
	if err != nil {
		return moderation.User{}, explain(err)
	}
	return moderation.User{
		ID: number, Name: user.Username, Global: user.GlobalName, Avatar: user.Avatar, Bot: user.Bot,
	}, nil
}

func (r *rest) member(
	ctx context.Context, guild snowflake.GuildID, user snowflake.UserID,
) (moderation.Member, bool, error) {
	var m wireMember
	err := r.get(ctx, "guilds/"+guild.String()+"/members/"+user.String(), &m)
	switch code := codeOf(err); {
	case err == nil && (m.User == nil || m.User.ID != id(user)):
		return moderation.Member{}, false, impostor(errNoMember)
	case err == nil:
		return m.member(m.User), true, nil
	case code == discordgo.ErrCodeUnknownMember, code == discordgo.ErrCodeUnknownUser:
		return moderation.Member{}, false, nil
	case statusOf(err) == http.StatusNotFound && code == 0:
		return moderation.Member{}, false, impostor(err)
	}
	return moderation.Member{}, false, err
}

var errNoMember = errors.New("bot: an answer that is not the member asked for")

// impostor is for an answer that is not Discord's own: it comes from something on the way, and must neither make
// everybody a deleted user nor take anybody's rights.
func impostor(err error) error {
	return fault.Wrap(err, fault.Unavailable, "What answers in Discord's place does not know users.")
}
