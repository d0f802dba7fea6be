package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/identity"
)

// visit asks the demo who it is, with the cookies given, and gives the cookie that was set, if any.
func visit(identity Identity, cookies ...*http.Cookie) (access.Actor, *http.Cookie) {
	r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
	for _, c := range cookies {
		r.AddCookie(c)
	}
	visitor, _ := identity(w, r) // the demo's never fails
	if set := w.Result().Cookies(); len(set) > 0 {
		return visitor.Actor, set[0]
	}
	return visitor.Actor, nil
}

func TestDemoVisitorsAreThemselvesAgain(t *testing.T) {
	demo := Demo([]byte("a key of the demo"))
	first, cookie := visit(demo)
	if first.User() <= 0 || !first.IsOperator() || cookie == nil {
		t.Fatalf("the first visit: %+v, cookie %v", first, cookie)
	}
	if cookie.Name != "__Host-demo" || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" ||
		cookie.SameSite != http.SameSiteLaxMode {
		t.Errorf("the cookie is not a __Host- one: %v", cookie)
	}
	again, set := visit(demo, cookie)
	if again != first || set != nil {
		t.Errorf("the second visit: %+v, cookie %v", again, set)
	}
	if other, _ := visit(demo); other == first {
		t.Error("two visitors are one person")
	}
}

func TestForgedDemoCookiesMakeNewPeople(t *testing.T) {
	demo := Demo([]byte("a key of the demo"))
	first, cookie := visit(demo)
	_, foreign := visit(Demo([]byte("another key")))
	_, signature, _ := strings.Cut(cookie.Value, ".")
	for _, value := range []string{"", ".", "7", "7." + signature, "-7." + signature, cookie.Value + "A", cookie.Value[1:],
		foreign.Value, strings.Repeat("9", 4000), "0" + cookie.Value} {
		actor, set := visit(demo, &http.Cookie{Name: demoCookie, Value: value})
		if actor == first || actor.IsNobody() || set == nil {
			t.Errorf("cookie %.60q gives %+v, set %v", value, actor, set)
		}
	}
}

// A request asks for the role before anything else, so a warm answer costs nothing.
func TestAWarmRosterAllocatesNothing(t *testing.T) {
	s, _ := filled(t)
	roster, actor := identity.NewRoster(s, gateway{}), access.Person(keeper, true)
	ask := func() {
		if role, err := roster.RoleIn(t.Context(), home, actor); role != access.Owner || err != nil {
			t.Fatalf("%v, %v", role, err)
		}
	}
	ask()
	if n := testing.AllocsPerRun(1000, ask); n != 0 {
		t.Errorf("%v allocations for a warm answer", n)
	}
	if role, err := roster.RoleIn(t.Context(), elsewhere, actor); role != access.None || err != nil {
		t.Errorf("where the bot never was: %v, %v", role, err)
	}
}
