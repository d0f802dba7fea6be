package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/secret"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// SecretClient is the instance's secret (guild 0) for signing in by OAuth2.
const SecretClient = "discord_client_secret"

// SecretMail is the instance's password at its mail server.
const SecretMail = "mail_password"

// SecretInfo is what may be shown of a secret.
type SecretInfo struct {
	Hint  string // the last four characters; empty where they would be too much of it
	SetBy snowflake.UserID
	SetAt time.Time
	Lost  bool // the key that sealed it is not there: it counts as not set
}

// PutSecret seals a value and keeps it as one of a guild's secrets; an empty one takes it away.
func (s *Store) PutSecret(
	ctx context.Context, grant access.Grant[access.UpdateSettings], name, value string,
) error {
	return s.putSecret(ctx, deed{guild: grant.Guild(), actor: grant.Actor(), role: grant.Role()}, name, value)
}

// PutInstanceSecret is PutSecret for the instance itself, guild 0.
func (s *Store) PutInstanceSecret(ctx context.Context, operation access.Operation, name, value string) error {
	return s.putSecret(ctx, deed{actor: operation.Actor()}, name, value)
}

func (s *Store) putSecret(ctx context.Context, d deed, name, value string) error {
	row := db.PutSecretParams{
		GuildID: int64(d.guild), Name: name, Hint: secretHint(value), SetBy: int64(d.actor.User()), UpdatedAt: s.now(),
	}
	d.action, d.target, d.request = "secret.set", "secret:"+name, access.RequestOf(ctx)
	if value == "" {
		d.action = "secret.removed"
	} else {
		var err error
		if row.KeyID, row.Sealed, err = s.key.Seal(secretPlace(d.guild, name), value); err != nil {
			return fault.Wrap(err, fault.Unavailable,
				"Secrets cannot be kept: guildwatch has no key for them. See its log, then start it again.")
		}
	}
	return s.write(ctx, func(t *tx) error {
		_, err := t.GetSecret(t.ctx, db.GetSecretParams{GuildID: row.GuildID, Name: name})
		switch {
		case err == nil:
			d.before = secretState{Set: true}
		case !errors.Is(err, sql.ErrNoRows):
			return err
		case value == "":
			return nil
		}
		if value == "" {
			err = t.DeleteSecret(t.ctx, db.DeleteSecretParams{GuildID: row.GuildID, Name: name})
		} else {
			d.after = secretState{Set: true}
			err = t.PutSecret(t.ctx, row)
		}
		if err != nil {
			return err
		}
		return t.audit(d)
	})
}

// secretState is all that the audit log says of a secret.
type secretState struct {
	Set bool `json:"set"`
}

// Secret gives a secret; empty when it is not set. One whose key is lost, or that was not sealed for this place, is a
// *fault.Error that says what to do, and counts as not set.
func (s *Store) Secret(ctx context.Context, guild snowflake.GuildID, name string) (string, error) {
	row, known, err := s.secret(ctx, guild, name)
	if err != nil || !known {
		return "", err
	}
	value, err := s.key.Open(row.KeyID, secretPlace(guild, name), row.Sealed)
	return value, unsealable(err, row)
}

// SecretInfo tells of a secret without opening it; false when it is not set.
func (s *Store) SecretInfo(ctx context.Context, guild snowflake.GuildID, name string) (SecretInfo, bool, error) {
	row, known, err := s.secret(ctx, guild, name)
	if err != nil || !known {
		return SecretInfo{}, false, err
	}
	_, broken := s.key.Open(row.KeyID, secretPlace(guild, name), row.Sealed)
	return SecretInfo{
		Hint: row.Hint, SetBy: snowflake.UserID(row.SetBy), SetAt: timeOf(row.UpdatedAt), Lost: broken != nil,
	}, true, nil
}

func (s *Store) secret(
	ctx context.Context, guild snowflake.GuildID, name string,
) (row db.Secret, known bool, err error) {
	err = s.Read(ctx, func(snapshot *Snapshot) {
		found, err := snapshot.q.GetSecret(ctx, db.GetSecretParams{GuildID: int64(guild), Name: name})
		known = snapshot.ok("secret", err)
		row = found
	})
	return row, known, err
}

// unsealable is the error for whoever wanted a secret that cannot be opened.
func unsealable(err error, row db.Secret) error {
	if errors.Is(err, secret.ErrForged) {
		return fault.Wrap(err, fault.Conflict,
			"The secret %s in the database is not the one that was set here. Set it again.", row.Name)
	}
	return fault.Wrap(err, fault.Conflict,
		"The secret %s was sealed by the key %s, which is not there. Put your copy of %s back, or set the secret "+
			"again.", row.Name, row.KeyID, secret.FileName)
}

// secretPlace is what a sealed value belongs to: moved to another guild or name, it does not open.
func secretPlace(guild snowflake.GuildID, name string) string {
	return fmt.Sprintf("%d|%s", int64(guild), name)
}

// secretHint is the last four characters of a value that has at least 12: a third of it at most.
func secretHint(value string) string {
	if letters := []rune(value); len(letters) >= 12 {
		return string(letters[len(letters)-4:])
	}
	return ""
}
