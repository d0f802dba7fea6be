// Package migrations holds the schema: goose files, forward only, numbered without gaps. A database that is newer than
// the newest file here is refused by the store.
package migrations

import "embed"

// Files are the migrations, in the order of their names.
//
//go:embed *.sql
var Files embed.FS
