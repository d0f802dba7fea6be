// Package secret seals what must not lie about in clear: with AES-256-GCM, under a key that is neither in the database
// nor in its backups. Whoever has the database alone learns nothing; whoever has both has everything.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"strings"

	"guildwatch/internal/fault"
)

// size is the length of a key in bytes.
const size = 32

// Key seals and opens. It may hold several keys, one after the other: the first seals, all of them open, so that a key
// can be replaced without losing what the old one has sealed. The zero Key seals nothing and opens nothing. It prints
// as the ids of its keys, which tell nothing about them.
type Key struct{ keys []one }

// one is a single key.
type one struct {
	id   string // the first 16 hexadecimal digits of a hash of the key
	aead cipher.AEAD
}

var (
	// ErrOtherKey says that a value was sealed by a key that is not there.
	ErrOtherKey = errors.New("secret: sealed by a key that is not there")
	// ErrForged says that a value was changed, or stands in another place than the one it was sealed for.
	ErrForged = errors.New("secret: not what was sealed for this place")
	// ErrNoKey says that there is no key to seal with.
	ErrNoKey = errors.New("secret: there is no key")
)

// Parse reads keys of 64 hexadecimal digits, one on each line; empty lines and those that begin with # are comments.
// The error is a *fault.Error that names the line and never shows it.
func Parse(text string) (Key, error) {
	var k Key
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		bytes, err := hex.DecodeString(line)
		if err != nil || len(bytes) != size {
			return Key{}, fault.New(fault.Invalid, "line %d is no key: a key has 64 hexadecimal digits", i+1)
		}
		k.keys = append(k.keys, newOne(bytes))
	}
	if len(k.keys) == 0 {
		return Key{}, fault.New(fault.Invalid, "there is no key: a key has 64 hexadecimal digits")
	}
	return k, nil
}

// newOne makes a key of size bytes.
func newOne(bytes []byte) one {
	sum := sha256.Sum256(append([]byte("guildwatch key id\n"), bytes...))
	block, err := aes.NewCipher(bytes)
	if err != nil {
		panic(err) // only for another length
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // only for a block of another size
	}
	return one{id: hex.EncodeToString(sum[:8]), aead: aead}
}

// IsSet says whether there is a key.
func (k Key) IsSet() bool { return len(k.keys) > 0 }

// ID names the key that seals; empty when there is none.
func (k Key) ID() string {
	if len(k.keys) == 0 {
		return ""
	}
	return k.keys[0].id
}

// Seal encrypts text for a place. It answers the id of the key it used, and nonce and ciphertext. Only Open with the
// same place gives the text back.
func (k Key) Seal(place, text string) (id string, sealed []byte, err error) {
	if len(k.keys) == 0 {
		return "", nil, ErrNoKey
	}
	first := k.keys[0]
	nonce := make([]byte, first.aead.NonceSize(), first.aead.NonceSize()+len(text)+first.aead.Overhead())
	rand.Read(nonce) // never fails: it ends the program instead
	return first.id, first.aead.Seal(nonce, nonce, []byte(text), []byte(place)), nil
}

// Open decrypts what was sealed for a place by the key with an id. The error is ErrOtherKey or ErrForged.
func (k Key) Open(id, place string, sealed []byte) (string, error) {
	for _, key := range k.keys {
		if key.id != id {
			continue
		}
		n := key.aead.NonceSize()
		if len(sealed) < n {
			return "", ErrForged
		}
		text, err := key.aead.Open(nil, sealed[:n], sealed[n:], []byte(place))
		if err != nil {
			return "", ErrForged
		}
		return string(text), nil
	}
	return "", ErrOtherKey
}

// String names the keys.
func (k Key) String() string {
	ids := make([]string, len(k.keys))
	for i, key := range k.keys {
		ids[i] = key.id
	}
	return "[" + strings.Join(ids, " ") + "]"
}

// GoString names the keys for %#v.
func (k Key) GoString() string { return k.String() }

// MarshalText names the keys in JSON.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// LogValue names the keys in structured logs.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }
