package discordsim

import (
	"slices"
	"time"

	"guildwatch/internal/snowflake"
)

// grants are the OAuth2 codes and tokens given out.
type grants struct {
	codes  map[string]*bearer
	tokens map[string]*bearer
}

// bearer is what a user allowed the application.
type bearer struct {
	user      snowflake.UserID
	scopes    []string
	redirect  string
	challenge string // of PKCE, S256
	expires   time.Time
	refresh   string
}

func newGrants() grants { return grants{codes: map[string]*bearer{}, tokens: map[string]*bearer{}} }

func (g grants) byToken(token string, now time.Time) *bearer {
	if b := g.tokens[token]; b != nil && now.Before(b.expires) {
		return b
	}
	return nil
}

func (b *bearer) has(scope string) bool { return slices.Contains(b.scopes, scope) }
