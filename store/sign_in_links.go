package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Why a link does not sign anybody in.
var (
	ErrLinkUnknown error = fault.New(fault.NotFound,
		"This link does not exist. Type /guildwatch dashboard in your server for a new one.")
	ErrLinkSpent error = fault.New(fault.Conflict,
		"This link has been used, or a newer one was asked for. Type /guildwatch dashboard in your server for another.")
	ErrLinkLate error = fault.New(fault.Conflict,
		"This link is too old. Type /guildwatch dashboard in your server for a new one.")
)

// Link signs one person in, once, and leads to the guild where it was asked for.
type Link struct {
	Guild   snowflake.GuildID
	User    snowflake.UserID
	Created time.Time
	Expires time.Time
	Spent   time.Time // zero: not yet
}

// AskLink makes a link for whoever the grant was given to, named by the hash of its token: the token itself never comes
// here. Their older links of that guild are spent by it.
func (s *Store) AskLink(
	ctx context.Context, grant access.Grant[access.ViewDashboard], tokenHash string, expires time.Time,
) error {
	user := grant.Actor().User()
	if tokenHash == "" || user == 0 {
		return fault.New(fault.Invalid, "A link needs a token and somebody to sign in.")
	}
	return s.write(ctx, func(t *tx) error {
		now := s.steady.ms(s.clock())
		if err := t.SpendLinksOf(t.ctx, db.SpendLinksOfParams{
			SpentAt: now, GuildID: int64(grant.Guild()), UserID: int64(user),
		}); err != nil {
			return err
		}
		return t.InsertLink(t.ctx, db.InsertLinkParams{
			TokenHash: tokenHash, GuildID: int64(grant.Guild()), UserID: int64(user), CreatedAt: now,
			ExpiresAt: s.steady.ms(expires),
		})
	})
}

// Problem says why the link signs nobody in any more: ErrLinkSpent or ErrLinkLate, nil while it does.
func (l Link) Problem(now time.Time) error {
	switch {
	case !l.Spent.IsZero():
		return ErrLinkSpent
	case !now.Before(l.Expires):
		return ErrLinkLate
	}
	return nil
}

// FindLink gives the link of a token's hash without spending it, spent and late ones too; false for one that never was,
// or was swept.
func (s *Store) FindLink(ctx context.Context, tokenHash string) (link Link, known bool, err error) {
	var row db.SignInLink
	err = s.Read(ctx, func(snapshot *Snapshot) {
		found, err := snapshot.q.GetLink(ctx, tokenHash)
		known = snapshot.ok("link", err)
		row = found
	})
	if err != nil || !known {
		return Link{}, false, err
	}
	return s.link(s.clock(), row), true, nil
}

// SpendLink spends a link: of two who come at once exactly one gets it. The other, and whoever comes late or with
// something else, gets ErrLinkSpent, ErrLinkLate or ErrLinkUnknown.
func (s *Store) SpendLink(ctx context.Context, tokenHash string) (link Link, err error) {
	err = s.write(ctx, func(t *tx) error {
		row, err := t.GetLink(t.ctx, tokenHash)
		if errors.Is(err, sql.ErrNoRows) {
			return ErrLinkUnknown
		}
		if err != nil {
			return err
		}
		now := s.clock()
		if link = s.link(now, row); link.Problem(now) != nil {
			return link.Problem(now)
		}
		link.Spent = now.UTC()
		if err := t.SpendLink(t.ctx, db.SpendLinkParams{SpentAt: s.steady.ms(now), TokenHash: tokenHash}); err != nil {
			return err
		}
		return t.auditSignIn(deed{
			guild: link.Guild, actor: access.Person(link.User, false), action: "link.spent",
			request: access.RequestOf(ctx),
		}, signedInOrOut{})
	})
	return link, err
}

func (s *Store) link(now time.Time, row db.SignInLink) Link {
	link := Link{
		Guild: snowflake.GuildID(row.GuildID), User: snowflake.UserID(row.UserID),
		Created: s.steady.wall(now, row.CreatedAt), Expires: s.steady.wall(now, row.ExpiresAt),
	}
	if row.SpentAt != 0 {
		link.Spent = s.steady.wall(now, row.SpentAt)
	}
	return link
}
