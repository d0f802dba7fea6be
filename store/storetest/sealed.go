package storetest

import (
	"guildwatch/internal/secret"
	"guildwatch/store"
)

// Sealed is a change for New: the store can keep secrets, under a key of the test's own.
func Sealed(o *store.Options) {
	key, err := secret.Parse("0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0")
	if err != nil {
		panic("storetest: " + err.Error())
	}
	o.Key = key
}
