package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAPageIsOpenedReadAndHeldToItsPolicy(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Security-Policy", "default-src 'none'")
		w.Write([]byte(`<!doctype html><link rel="icon" href="data:,"><title>page</title><script>window.ran = true</script>`))
	}))
	defer server.Close()
	tab := New(t)
	complaints := Listen(t, tab)
	Open(t, tab, server.URL)
	Wait(t, tab, `document.title === "page"`)
	if Eval[bool](t, tab, `"ran" in window`) {
		t.Error("the inline script ran")
	}
	if got := strings.Join(complaints.All(), "\n"); !strings.Contains(got, "Content Security Policy") {
		t.Errorf("complaints: %q", got)
	}
	second := Tab(t, tab)
	Open(t, second, server.URL+"/second")
	if path := Eval[string](t, second, "Promise.resolve(location.pathname)"); path != "/second" {
		t.Errorf("path %q", path)
	}
	Close(t, second)
}
