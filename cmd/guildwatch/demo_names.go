package main

import (
	"context"

	"guildwatch/handlers"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// namer is who is asked what users are called.
func (p *parts) namer() store.Fetcher {
	if p.demoKey == nil {
		return p.bot
	}
	return visitors{p.bot}
}

// visitors names those of the demo, whom its stand-in does not know: what they do would otherwise be shown as done by
// somebody who has deleted their account.
type visitors struct{ store.Fetcher }

// FetchUser names a visitor, or asks about anybody else.
func (v visitors) FetchUser(ctx context.Context, id snowflake.UserID) (moderation.User, error) {
	if handlers.IsDemoVisitor(id) {
		return moderation.User{ID: id, Name: "A visitor"}, nil
	}
	return v.Fetcher.FetchUser(ctx, id)
}
