package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"guildwatch/internal/access"
)

// visit asks the demo who it is, with the cookies given, and gives the cookie that was set, if any.
func visit(identity Identity, cookies ...*http.Cookie) (access.Actor, *http.Cookie) {
	r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
	for _, c := range cookies {
		r.AddCookie(c)
	}
	actor := identity(w, r)
	if set := w.Result().Cookies(); len(set) > 0 {
		return actor, set[0]
	}
	return actor, nil
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

func TestLoopbackKnowsThisMachineAlone(t *testing.T) {
	here := httptest.NewRequest("GET", "http://127.0.0.1:8080/", nil)
	here.RemoteAddr = "127.0.0.1:5000"
	there := here.Clone(t.Context())
	there.RemoteAddr = "192.0.2.7:5000"
	if actor := Loopback()(nil, here); !actor.IsOperator() {
		t.Errorf("this machine is %+v", actor)
	}
	if actor := Loopback()(nil, there); !actor.IsNobody() {
		t.Errorf("another machine is %+v", actor)
	}
}

// A page asks for the role in every guild that it offers, so a warm answer costs nothing.
func TestAWarmRosterAllocatesNothing(t *testing.T) {
	s, _ := filled(t)
	roster, actor := LoopbackRoster(s), access.Person(0, true)
	ask := func() {
		if role, err := roster.RoleIn(t.Context(), home, actor); role != access.Viewer || err != nil {
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
