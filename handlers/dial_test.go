package handlers

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/labstack/echo/v4"
)

// F43: nothing that a visitor may write, in whatever field of whatever address, has guildwatch open a connection of their
// choice. Who sets the addresses that it does dial is the operator. The one door for those that a guild gives is
// internal/notify, which looks at every address; TestNoWebhookLeadsInside knocks at it.
func TestNoVisitorChoosesWhomGuildwatchCalls(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	var called atomic.Int64
	accepting := make(chan struct{})
	go func() {
		defer close(accepting)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			called.Add(1)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); <-accepting })
	_, port, err := net.SplitHostPort(listener.Addr().String())
	must(t, err)
	h, _ := steered(t, generous)
	h.boundless()
	me := walker{h, h.signIn(t, keeper)}
	names := []string{"url", "webhook", "callback", "redirect_uri", "avatar", "image"}
	for name := range plainNames {
		names = append(names, name)
	}
	for _, s := range itinerary {
		for _, id := range s.ids {
			names = append(names, id.name)
		}
	}
	asked := 0
	for _, address := range []string{"http://127.0.0.1:" + port + "/", "https://localhost:" + port + "/x.png", "//127.0.0.1:" + port,
		"http://2130706433:" + port + "/", "http://[::ffff:127.0.0.1]:" + port + "/", "https://discord.com@127.0.0.1:" + port + "/",
		"http://0.0.0.0:" + port + "/"} {
		fields := url.Values{}
		for _, name := range names {
			fields.Set(name, address)
		}
		walk(t, h.site, func(r *echo.Route) {
			if r.Method == http.MethodHead || strings.HasPrefix(r.Path, "/sign-out") || strings.HasPrefix(r.Path, "/sessions/") {
				return // it would end the session that asks
			}
			asked++
			req := request{method: r.Method, path: fill(r.Path, home), contentType: formType(r.Method)}
			if r.Method == http.MethodPost {
				req.form = fields.Encode()
			} else {
				req.query = fields.Encode()
			}
			me.ask(t, req)
		})
	}
	if n := called.Load(); n > 0 {
		t.Errorf("%d connections were opened to where a visitor wanted", n)
	}
	t.Logf("%d requests", asked)
}
