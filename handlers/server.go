package handlers

import (
	"log/slog"
	"net/http"
	"time"

	"guildwatch/internal/live"
)

// NewServer makes the HTTP server for handler, to be started with Serve on a listener and stopped with Shutdown, which
// ends all streams of hub first. Streams never end by themselves, so there is no WriteTimeout; each write has a
// deadline of its own.
func NewServer(handler http.Handler, hub *live.Hub, logger *slog.Logger) *http.Server {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    12 << 10, // net/http adds 4 KB of its own: 16 KB
		// A reader of HTTP/2 that takes nothing loses its stream at once, but its connection only by this: after 10 s
		// instead of the 18 s of TCP_USER_TIMEOUT, which Linux alone has.
		HTTP2:       &http.HTTP2Config{WriteByteTimeout: 10 * time.Second},
		ConnContext: live.ConnContext,
		ErrorLog:    slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(func() { hub.Shutdown("guildwatch is restarting.") })
	return server
}
