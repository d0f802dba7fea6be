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

// noRole is what the command tells whoever may not see the dashboard.
const noRole = "You have no role on this server's dashboard. An owner can give you one there, on the page Team, " +
	"or to a Discord role that you have. Whoever owns the server, or has the permission Administrator, is in already."

// Links signs people in by links that the bot gives them in Discord: whoever could ask there is known by Discord
// already.
type Links struct {
	store    *store.Store
	roster   *Roster
	operator func(snowflake.UserID) bool
	origin   string // "https://mod.example.org", without a slash at its end
}

// NewLinks makes links that lead to the dashboard at origin.
func NewLinks(store *store.Store, roster *Roster, operator func(snowflake.UserID) bool, origin string) *Links {
	return &Links{store: store, roster: roster, operator: operator, origin: origin}
}

// Ask makes a link for a member of a guild, as Discord describes them in the very request that asks for it. Their older
// links of the guild are spent by it. Whoever has no role in the guild gets a *fault.Error with the way to one.
func (l *Links) Ask(ctx context.Context, guild snowflake.GuildID, member moderation.Member) (address string, err error) {
	if err := l.roster.Saw(ctx, guild, member); err != nil {
		return "", err
	}
	grant, err := access.Check[access.ViewDashboard](ctx, l.roster, l.actor(member.ID), guild)
	if fault.Of(err) == fault.NotFound {
		return "", fault.Wrap(err, fault.Forbidden, noRole)
	}
	if err != nil {
		return "", err
	}
	token := newToken()
	if err := l.store.AskLink(ctx, grant, hashOf(token), time.Now().Add(LinkLife)); err != nil {
		return "", err
	}
	return l.origin + LinkPath + token, nil
}

// Look gives the link of a token and changes nothing. The error is a *Refusal when it would not sign in.
func (l *Links) Look(ctx context.Context, token string) (store.Link, error) {
	link, known, err := l.store.FindLink(ctx, hashOf(token))
	if err == nil && !known {
		err = store.ErrLinkUnknown
	}
	if err != nil {
		return store.Link{}, linkRefusal(err)
	}
	role, err := l.roster.RoleIn(ctx, link.Guild, l.actor(link.User))
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
	link, err := l.store.SpendLink(ctx, hashOf(token))
	return link, linkRefusal(err)
}

func (l *Links) actor(user snowflake.UserID) access.Actor {
	return access.Person(user, l.operator(user))
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
