package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"errors"

	"guildwatch/internal/access"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// deed is what somebody did, for the audit log. Its texts and values must neither name people nor hold a secret: rows
// are never deleted, and what they say of a person they say by a reference that can be.
type deed struct {
	guild  snowflake.GuildID // 0: the instance
	actor  access.Actor
	role   access.Role      // what the actor was in the guild; None where no role was needed
	action string           // "role.assigned"
	target string           // what it was done to: "discord_role:81384788765712384"; empty where person says it all
	person snowflake.UserID // whom it was done to; 0: nobody
	before any              // marshalled as JSON; nil: there was nothing
	after  any              // marshalled as JSON; nil: there is nothing

	request string // access.RequestOf the caller's context
}

// deedOf begins a deed of whoever a grant was given to.
func deedOf[R access.Right](ctx context.Context, grant access.Grant[R], action string) deed {
	return deed{guild: grant.Guild(), actor: grant.Actor(), role: grant.Role(), action: action,
		request: access.RequestOf(ctx)}
}

// audit appends a row to the audit log, in this transaction: what was done and the note of it stand and fall together.
func (t *tx) audit(d deed) error {
	head, err := t.GetAuditHead(t.ctx)
	if err != nil {
		return err
	}
	row := db.Audit{
		Number: head.Number + 1, GuildID: int64(d.guild), At: msOf(t.writer.clock()),
		Action: d.action, Target: d.target, Request: d.request,
	}
	if d.role != access.None {
		row.ActorRole = d.role.String()
	}
	if row.Before, err = auditJSON(d.before); err != nil {
		return err
	}
	if row.After, err = auditJSON(d.after); err != nil {
		return err
	}
	if row.ActorRef, err = t.auditRef(d.guild, d.actor.User()); err != nil {
		return err
	}
	if row.TargetRef, err = t.auditRef(d.guild, d.person); err != nil {
		return err
	}
	row.Hash = auditHash(&row, head.Hash)
	if err := t.InsertAudit(t.ctx, db.InsertAuditParams(row)); err != nil {
		return err
	}
	return t.PutAuditHead(t.ctx, db.PutAuditHeadParams{Number: row.Number, Hash: row.Hash})
}

// auditRef is the reference by which a guild's log speaks of a user, made when there is none; 0 for nobody. It is
// random, so that nothing leads back to the user once the row that holds both is deleted, and differs by guild.
func (t *tx) auditRef(guild snowflake.GuildID, user snowflake.UserID) (int64, error) {
	if user == 0 {
		return 0, nil
	}
	ref, err := t.GetAuditRef(t.ctx, db.GetAuditRefParams{GuildID: int64(guild), UserID: int64(user)})
	if !errors.Is(err, sql.ErrNoRows) {
		return ref, err
	}
	ref = randomID()
	return ref, t.InsertAuditPerson(t.ctx, db.InsertAuditPersonParams{
		GuildID: int64(guild), Ref: ref, UserID: int64(user),
	})
}

func auditJSON(value any) (string, error) {
	if value == nil {
		return "", nil
	}
	text, err := json.Marshal(value)
	return string(text), err
}

// randomID is a positive number that cannot be guessed: 63 bits, so that two of a million agree once in 10 million
// databases.
func randomID() int64 {
	var bytes [8]byte
	rand.Read(bytes[:]) // never fails: it ends the program instead
	return max(1, int64(binary.BigEndian.Uint64(bytes[:])>>1))
}
