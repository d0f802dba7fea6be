package identity

import (
	"context"
	"errors"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// LinkLife is how long a link signs in.
const LinkLife = 5 * time.Minute

// LinkPath is where links lead; the token follows.
const LinkPath = "/sign-in/link/"

// NoRole is what a command tells whoever may not see the dashboard.
const NoRole = "You have no role on this server's dashboard. An owner can give you one there, on the page Team, " +
	"or to a Discord role that you have. Whoever owns the server, or has the permission Administrator, is in already."

// LinkOptions is what links stand on.
type LinkOptions struct {
	Store    *store.Store
	Roster   *Roster
	Operator func(snowflake.UserID) bool
	Origin   string           // of the dashboard: "https://mod.example.org", without a slash at its end
	Clock    func() time.Time // the store's; time.Now when nil
}

// Links signs people in by links that the bot gives them in Discord: whoever can ask there is known by Discord already.
type Links struct{ options LinkOptions }

// NewLinks makes links.
func NewLinks(options LinkOptions) *Links {
	if options.Clock == nil {
		options.Clock = time.Now
	}
	return &Links{options}
}

// Ask makes a link for a member of a guild, as Discord describes them in the very request that asks for it. Their older
// links of the guild are spent by it. Whoever has no role in the guild gets a *fault.Error with the way to one.
func (l *Links) Ask(
	ctx context.Context, guild snowflake.GuildID, member moderation.Member,
) (address string, err error) {
	if err := l.options.Roster.Saw(ctx, guild, member); err != nil {
		return "", err
	}
	grant, err := access.Check[access.ViewDashboard](ctx, l.options.Roster, l.actor(member.ID), guild)
	if fault.Of(err) == fault.NotFound {
		return "", fault.Wrap(err, fault.Forbidden, NoRole)
	}
	if err != nil {
		return "", err
	}
	token := newToken()
	if err := l.options.Store.AskLink(ctx, grant, hashOf(token), l.options.Clock().Add(LinkLife)); err != nil {
		return "", err
	}
	return l.options.Origin + LinkPath + token, nil
}

// Look gives the link of a token and changes nothing. The error is a *Refusal when it would not sign in.
func (l *Links) Look(ctx context.Context, token string) (store.Link, error) {
	link, known, err := l.options.Store.FindLink(ctx, hashOf(token))
	switch {
	case err != nil:
		return store.Link{}, err
	case !known:
		return store.Link{}, refuse(LinkUnknown, nil)
	}
	if err := link.Problem(l.options.Clock()); err != nil {
		return store.Link{}, linkRefusal(err)
	}
	role, err := l.options.Roster.RoleIn(ctx, link.Guild, l.actor(link.User))
	if err == nil && role == access.None {
		err = refuse(RoleLost, nil)
	}
	return link, err
}

// Spend spends the link of a token: who gets no error is signed in by it, and nobody else ever is. The error is a
// *Refusal when it does not sign in.
func (l *Links) Spend(ctx context.Context, token string) (store.Link, error) {
	if link, err := l.Look(ctx, token); err != nil {
		return link, err
	}
	link, err := l.options.Store.SpendLink(ctx, hashOf(token))
	return link, linkRefusal(err)
}

func (l *Links) actor(user snowflake.UserID) access.Actor {
	return access.Person(user, l.options.Operator(user))
}

func linkRefusal(err error) error {
	switch {
	case errors.Is(err, store.ErrLinkUnknown):
		return refuse(LinkUnknown, nil)
	case errors.Is(err, store.ErrLinkSpent):
		return refuse(LinkSpent, nil)
	case errors.Is(err, store.ErrLinkLate):
		return refuse(LinkLate, nil)
	}
	return err
}
