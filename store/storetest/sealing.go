package storetest

import (
	"log/slog"

	"guildwatch/internal/secret"
	"guildwatch/store"
)

// Sealing lets a store keep secrets, with a key in its directory, as guildwatch has it.
func Sealing(o *store.Options) {
	key, err := secret.Load(o.Dir, "", slog.New(slog.DiscardHandler))
	if err != nil {
		panic(err) // a temporary directory that cannot be written
	}
	o.Key = key
}
