package handlers

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/identity"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

// demoCookie is kept by browsers on https, on http://127.0.0.1 and on http://localhost, and dropped elsewhere; then
// each request is a new person's, which the demo survives.
const demoCookie = "__Host-demo"

// Demo makes each visitor a person of their own: an id drawn at random, kept in a cookie signed with key. A cookie
// that was changed, or signed with another key, makes a new person.
//
// The lowest two bits of the id are the role that the visitor looks as, from viewer to owner. To look as another role
// is to be another person, so nothing has to be stored, and an open stream keeps the rights that it was opened with.
func Demo(key []byte) Identity {
	return func(w http.ResponseWriter, r *http.Request) (Visitor, error) {
		user, known := demoVisitor(key, r)
		if !known {
			user = drawUser()
			http.SetCookie(w, signDemo(key, user))
		}
		return Visitor{Actor: demoPerson(user)}, nil
	}
}

// DemoRoster gives each visitor of the demo the role that they look as, in every guild that the bot is in.
func DemoRoster(store *store.Store, stats *stats.Stats) Roster { return demoRoster{store, stats} }

type demoRoster struct {
	store *store.Store
	stats *stats.Stats
}

// RoleIn is the role that the visitor looks as where the bot is, None elsewhere.
func (r demoRoster) RoleIn(ctx context.Context, guild snowflake.GuildID, actor access.Actor) (access.Role, error) {
	profile, known, err := r.store.Profile(ctx, guild)
	if actor.IsNobody() || err != nil || !known || !profile.Left.IsZero() {
		return access.None, err
	}
	return demoRole(actor), nil
}

// Mine is the same role in every guild.
func (r demoRoster) Mine(ctx context.Context, actor access.Actor) (map[snowflake.GuildID]access.Role, error) {
	guilds, err := r.stats.Guilds(ctx)
	mine := make(map[snowflake.GuildID]access.Role, len(guilds))
	for _, g := range guilds {
		mine[g.ID] = demoRole(actor)
	}
	return mine, err
}

// Meet never happens in the demo: nobody signs in there.
func (r demoRoster) Meet(context.Context, snowflake.UserID, []snowflake.GuildID) {}

// demoRole is the role that a visitor looks as.
func demoRole(actor access.Actor) access.Role { return access.Viewer + access.Role(actor.User()&3) }

// demoPerson is a visitor of the demo. Whoever looks as owner runs the instance as well; the others see what people with
// their role see, and no more.
func demoPerson(user snowflake.UserID) access.Actor {
	return access.Person(user, demoRole(access.Person(user, false)) == access.Owner)
}

// demoAs is the same visitor looking as another role.
func demoAs(user snowflake.UserID, role access.Role) snowflake.UserID {
	return user&^3 | snowflake.UserID(role-access.Viewer)
}

// lookAs is the demo's switch of roles. It changes the visitor's own cookie and nothing else.
func (s *site) lookAs(c echo.Context, actor access.Actor) error {
	if s.DemoKey == nil {
		return echo.ErrNotFound
	}
	form, err := formOf(c)
	if err != nil {
		return err
	}
	role, ok := access.ParseRole(form.Get("role"))
	if !ok || role == access.None {
		return fault.New(fault.Invalid, "Look as owner, admin, moderator or viewer.")
	}
	http.SetCookie(c.Response(), signDemo(s.DemoKey, demoAs(actor.User(), role)))
	return c.Redirect(http.StatusSeeOther, identity.OwnPath(c.QueryParam("back")))
}

// firstVisitor is the lowest id of a visitor. Discord gives out none as large before 2032, so a visitor of the demo is
// no member of its servers, and can be told from them.
const firstVisitor = snowflake.UserID(1) << 61

// drawUser picks one of 2^61 people; a new one looks as owner.
func drawUser() snowflake.UserID {
	var random [8]byte
	_, _ = rand.Read(random[:]) // never fails: the program would end instead
	return demoAs(firstVisitor|snowflake.UserID(binary.BigEndian.Uint64(random[:])>>3), access.Owner)
}

// IsDemoVisitor says whether an id is that of a visitor of the demo: the stand-in for Discord knows nobody of that name.
func IsDemoVisitor(user snowflake.UserID) bool { return user >= firstVisitor }

// signDemo is the visitor's cookie: the id and what only the key's owner can add to it.
func signDemo(key []byte, user snowflake.UserID) *http.Cookie {
	return &http.Cookie{Name: demoCookie, Value: demoValue(key, snowflake.String(user)), Path: "/", Secure: true,
		HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

func demoValue(key []byte, id string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("guildwatch demo visitor " + id))
	return id + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// demoVisitor reads the cookie that signDemo made.
func demoVisitor(key []byte, r *http.Request) (snowflake.UserID, bool) {
	cookie, err := r.Cookie(demoCookie)
	if err != nil {
		return 0, false
	}
	id, _, _ := strings.Cut(cookie.Value, ".")
	user, err := snowflake.Parse[snowflake.UserID](id)
	if err != nil || !hmac.Equal([]byte(cookie.Value), []byte(demoValue(key, id))) {
		return 0, false
	}
	return user, true
}
