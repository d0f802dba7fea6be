package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// sameRole is a roster in which everybody has one role everywhere.
type sameRole access.Role

func (r sameRole) RoleIn(context.Context, snowflake.GuildID, access.Actor) (access.Role, error) {
	return access.Role(r), nil
}

// granted gives the proof that somebody has a right in a guild.
func granted[R access.Right](t testing.TB, user snowflake.UserID, guild snowflake.GuildID) access.Grant[R] {
	t.Helper()
	grant, err := access.Check[R](context.Background(), sameRole(access.Owner), access.Person(user, false), guild)
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

type linkModel struct {
	guild   snowflake.GuildID
	user    snowflake.UserID
	expires time.Time
	spent   bool
}

// want is what spending the link must answer at a moment.
func (m *linkModel) want(now time.Time) error {
	switch {
	case m == nil:
		return ErrLinkUnknown
	case m.spent:
		return ErrLinkSpent
	case !now.Before(m.expires):
		return ErrLinkLate
	}
	return nil
}

// A link signs its own person in, once, in time, and only while no newer one was asked for; the wall clock may be set
// meanwhile.
func TestLinksAgreeWithTheModel(t *testing.T) {
	unsynced(t)
	clock := &worldClock{wall: firstDay}
	s := clock.open(t.TempDir())
	defer s.Close()
	rapid.Check(t, func(r *rapid.T) {
		links := map[string]*linkModel{}
		run := rapid.Uint64().Draw(r, "run")
		pick := func(r *rapid.T) (string, *linkModel) {
			token := fmt.Sprint(run, "-", rapid.IntRange(0, 3).Draw(r, "token"))
			return token, links[token]
		}
		if err := s.SweepIdentity(r.Context(), clock.now().Add(400*day)); err != nil {
			r.Fatal(err)
		}
		r.Repeat(map[string]func(*rapid.T){
			"ask": func(r *rapid.T) {
				token, known := pick(r)
				if known != nil {
					return
				}
				m := &linkModel{guild: snowflake.GuildID(rapid.IntRange(1, 2).Draw(r, "guild")),
					user: snowflake.UserID(rapid.IntRange(1, 2).Draw(r, "user")), expires: clock.steady().Add(5 * time.Minute)}
				grant := granted[access.ViewDashboard](t, m.user, m.guild)
				if err := s.AskLink(r.Context(), grant, token, clock.now().Add(5*time.Minute)); err != nil {
					r.Fatal(err)
				}
				for _, older := range links {
					older.spent = older.spent || older.user == m.user && older.guild == m.guild
				}
				links[token] = m
			},
			"spend": func(r *rapid.T) {
				token, m := pick(r)
				link, err := s.SpendLink(r.Context(), token)
				if want := m.want(clock.steady()); !errors.Is(err, want) {
					r.Fatalf("%s: %v, want %v", token, err, want)
				}
				if err != nil {
					return
				}
				if link.User != m.user || link.Guild != m.guild || link.Spent.IsZero() {
					r.Fatalf("%s signs in %+v, want %+v", token, link, m)
				}
				m.spent = true
			},
			"find": func(r *rapid.T) {
				token, m := pick(r)
				link, known, err := s.FindLink(r.Context(), token)
				if err != nil || known != (m != nil) {
					r.Fatalf("%s: %v, %v", token, known, err)
				}
				if known && !errors.Is(link.Problem(clock.now()), m.want(clock.steady())) {
					r.Fatalf("%s: %v, want %v", token, link.Problem(clock.now()), m.want(clock.steady()))
				}
			},
			"pass": func(r *rapid.T) {
				clock.pass(rapid.SampledFrom([]time.Duration{time.Second, 4 * time.Minute, day}).Draw(r, "for"))
			},
			"set the clock": func(r *rapid.T) {
				clock.set(rapid.SampledFrom([]time.Duration{-day, -time.Hour, time.Hour}).Draw(r, "by"))
			},
			"sweep": func(r *rapid.T) {
				if err := s.SweepIdentity(r.Context(), clock.now()); err != nil {
					r.Fatal(err)
				}
				for token, m := range links {
					if clock.steady().After(m.expires.Add(keepLinks)) {
						delete(links, token)
					}
				}
			},
		})
	})
	s.proveAudit(t)
}

// Two who click at once: exactly one is signed in, whoever they are.
func TestALinkIsSpentOnce(t *testing.T) {
	s := openIn(t, t.TempDir())
	if err := s.AskLink(t.Context(), granted[access.ViewDashboard](t, 7, 42), "hash", time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error, 16)
	var clickers sync.WaitGroup
	for range cap(errs) {
		clickers.Go(func() {
			_, err := s.SpendLink(t.Context(), "hash")
			errs <- err
		})
	}
	clickers.Wait()
	close(errs)
	signedIn := 0
	for err := range errs {
		if err == nil {
			signedIn++
		} else if !errors.Is(err, ErrLinkSpent) || fault.Of(err) != fault.Conflict {
			t.Errorf("the others: %v", err)
		}
	}
	rows := s.auditOf(t, 42, AuditFilter{}, 20)
	if signedIn != 1 || len(rows) != 1 || rows[0].Action != "link.spent" || rows[0].Actor.User != 7 {
		t.Errorf("%d were signed in, the log has %+v", signedIn, rows)
	}
}
