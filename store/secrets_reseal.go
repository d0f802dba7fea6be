package store

import (
	"context"

	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// resealSecrets seals every secret anew that another key than the first has sealed, so that an old key can be thrown
// away after one start. What cannot be opened stays as it is: the key may come back. A failure keeps nobody from
// starting.
func (s *Store) resealSecrets(ctx context.Context) {
	if !s.key.IsSet() {
		return
	}
	var resealed, lost int
	err := s.write(ctx, func(t *tx) error {
		resealed, lost = 0, 0
		rows, err := t.ListSecrets(t.ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.KeyID == s.key.ID() {
				continue
			}
			place := secretPlace(snowflake.GuildID(row.GuildID), row.Name)
			value, err := s.key.Open(row.KeyID, place, row.Sealed)
			if err != nil {
				lost++
				s.log.Error("a secret cannot be opened and counts as not set", "guild", row.GuildID, "name", row.Name,
					"error", unsealable(err, row))
				continue
			}
			if row.KeyID, row.Sealed, err = s.key.Seal(place, value); err != nil {
				return err
			}
			if err := t.PutSecret(t.ctx, db.PutSecretParams(row)); err != nil {
				return err
			}
			resealed++
		}
		return nil
	})
	switch {
	case err != nil:
		s.log.Error("secrets could not be sealed with the new key: keep the old one", "error", err)
	case resealed > 0 && lost == 0:
		s.log.Info("all secrets are sealed with the new key: the old one can go", "secrets", resealed, "key",
			s.key.ID())
	}
}
