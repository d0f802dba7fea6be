package identity

import (
	"strings"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// post is links over a town that the gateway tells everything about.
func post(t testing.TB) (*town, *Links) {
	w := newTown(t)
	w.wire.follows = true
	return w, NewLinks(LinkOptions{Store: w.store, Roster: w.Roster, Origin: "https://mod.example.org", Clock: w.clock,
		Operator: func(snowflake.UserID) bool { return false }})
}

// member is ada as Discord describes her with the command.
func (w *town) member(roles ...snowflake.RoleID) moderation.Member {
	return moderation.Member{User: moderation.User{ID: w.ada, Name: "ada"}, Roles: roles}
}

// ask gives the token of a new link of ada's.
func (w *town) ask(l *Links) string {
	w.Helper()
	address, err := l.Ask(w.Context(), w.guild, w.member(w.boss))
	w.must(err)
	token, ok := strings.CutPrefix(address, "https://mod.example.org/sign-in/link/")
	if !ok || len(token) != 43 {
		w.Fatalf("the link is %q", address)
	}
	return token
}

func TestALinkSignsInOnce(t *testing.T) {
	w, l := post(t)
	token := w.ask(l)
	for range 3 { // previews and robots
		if link, err := l.Look(t.Context(), token); err != nil || link.User != w.ada || link.Guild != w.guild {
			t.Fatalf("looked at: %+v, %v", link, err)
		}
	}
	if link, err := l.Spend(t.Context(), token); err != nil || link.User != w.ada || link.Guild != w.guild {
		t.Fatalf("spent: %+v, %v", link, err)
	}
	if _, err := l.Look(t.Context(), token); refused(err) != LinkSpent {
		t.Errorf("looked at afterwards: %v", err)
	}
	if _, err := l.Spend(t.Context(), token); refused(err) != LinkSpent {
		t.Errorf("spent again: %v", err)
	}
}

func TestOfTwoWhoSpendALinkOneIsSignedIn(t *testing.T) {
	w, l := post(t)
	for range 20 {
		token := w.ask(l)
		results := make([]Reason, 4)
		var racing sync.WaitGroup
		for i := range results {
			racing.Go(func() {
				_, err := l.Spend(t.Context(), token)
				results[i] = refused(err)
				if err != nil && results[i] == "" {
					t.Error(err)
				}
			})
		}
		racing.Wait()
		in := 0
		for _, reason := range results {
			if reason == "" {
				in++
			} else if reason != LinkSpent {
				t.Errorf("refused because %s", reason)
			}
		}
		if in != 1 {
			t.Fatalf("%d were signed in by one link", in)
		}
	}
}

func TestLinksThatDoNotSignIn(t *testing.T) {
	w, l := post(t)
	check := func(name, token string, want Reason) {
		t.Helper()
		if _, err := l.Look(t.Context(), token); refused(err) != want {
			t.Errorf("%s, looked at: %v", name, err)
		}
		if _, err := l.Spend(t.Context(), token); refused(err) != want {
			t.Errorf("%s, spent: %v", name, err)
		}
	}
	token := w.ask(l)
	check("made up", token[:42], LinkUnknown)
	check("empty", "", LinkUnknown)
	check("the stored hash", hashOf(token), LinkUnknown)

	older := token
	token = w.ask(l)
	check("older than another", older, LinkSpent)

	w.later(LinkLife - time.Millisecond)
	if _, err := l.Look(t.Context(), token); err != nil {
		t.Errorf("in the last moment: %v", err)
	}
	w.later(time.Millisecond)
	check("late", token, LinkLate)

	token = w.ask(l)
	w.later(time.Second)
	w.must(w.store.ChangeMember(t.Context(), moderation.MemberChanged{Origin: w.at(), Member: w.member()}))
	check("of somebody without a role by now", token, RoleLost)
	w.later(time.Second)
	w.must(w.store.ChangeMember(t.Context(), moderation.MemberChanged{Origin: w.at(), Member: w.member(w.boss)}))
	if _, err := l.Spend(t.Context(), token); err != nil {
		t.Errorf("the refusal spent the link: %v", err)
	}
}

func TestWhoHasNoRoleGetsNoLink(t *testing.T) {
	w, l := post(t)
	address, err := l.Ask(t.Context(), w.guild, w.member())
	if address != "" || fault.Of(err) != fault.Forbidden || !strings.Contains(err.Error(), "owner can give you one") {
		t.Errorf("%q, %v", address, err)
	}
	// What comes with the command counts, although nothing of it was known before; Discord is not asked besides.
	w.wire.follows = false
	w.later(time.Second)
	if _, err := l.Ask(t.Context(), w.guild, w.member(w.boss)); err != nil || w.asked() != 0 {
		t.Errorf("%v, after %d questions", err, w.asked())
	}
}

func TestOperatorsAreThoseNamedAndDiscords(t *testing.T) {
	o := Operators{Named: []snowflake.UserID{1}, Discord: func() []snowflake.UserID { return []snowflake.UserID{2, 3} }}
	for user, want := range map[snowflake.UserID]bool{0: false, 1: true, 2: true, 3: true, 4: false} {
		if o.Has(user) != want {
			t.Errorf("%d is an operator: %v", user, !want)
		}
	}
}
