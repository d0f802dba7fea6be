// Package identity says who a visitor is: by a link that the bot gave, or by Discord's OAuth2; and what a person is in
// a guild, by what the gateway tells now or, where it does not, by asking Discord.
package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
)

// tokenBytes is 256 bits: nobody guesses one, however long it is valid.
const tokenBytes = 32

// newToken draws a secret for a link, a state or a cookie, of letters, digits, - and _.
func newToken() string {
	var random [tokenBytes]byte
	_, _ = rand.Read(random[:]) // never fails: the program would end instead
	return base64.RawURLEncoding.EncodeToString(random[:])
}

// hashOf is what is stored of a token: whoever reads the database or a backup cannot use it. A plain hash is enough,
// because no token can be tried out.
func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// sameHash compares in constant time.
func sameHash(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
