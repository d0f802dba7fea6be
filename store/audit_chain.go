package store

import (
	"crypto/sha256"
	"encoding/binary"

	"guildwatch/store/internal/db"
)

// auditSeal begins what is hashed, so that the hash of an audit row is the hash of nothing else. It changes when the
// fields do.
const auditSeal = "guildwatch audit row 1"

// auditHash is the SHA-256 over every field of a row but its hash, and the hash of the row before. Each text is led by
// its length, so that no letter can move from one field to the next.
func auditHash(row *db.Audit, previous []byte) []byte {
	text := make([]byte, 0, 512)
	put := func(field string) {
		text = binary.BigEndian.AppendUint64(text, uint64(len(field)))
		text = append(text, field...)
	}
	put(auditSeal)
	for _, number := range [...]int64{row.Number, row.GuildID, row.At, row.ActorRef, row.TargetRef} {
		text = binary.BigEndian.AppendUint64(text, uint64(number))
	}
	for _, field := range [...]string{row.ActorRole, row.Action, row.Target, row.Before, row.After, row.Request} {
		put(field)
	}
	put(string(previous))
	sum := sha256.Sum256(text)
	return sum[:]
}
