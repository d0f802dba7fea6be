package bot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

const (
	requestTime = 10 * time.Second
	answerLimit = 16 << 20 // bytes of a body
)

// limited is a request that Discord refused, or would refuse, for coming too soon.
type limited struct {
	after time.Duration
	why   string
}

func (l *limited) Error() string { return fmt.Sprintf("bot: %s; again in %s", l.why, l.after) }

// failing is an answer that says nothing about the request: Discord itself has a problem.
type failing struct{ status int }

func (f *failing) Error() string {
	return fmt.Sprintf("bot: Discord answered with status %d", f.status)
}

// transport sends every REST request: to the configured address, within the limits, once, and never longer than 10 s
// each. discordgo's own limits would sleep without a context, overlook global blocks, and keep a bucket for ever.
type transport struct {
	base    *url.URL // up to and including /api
	limits  *limiter
	wire    http.RoundTripper
	exempt  bool // answers to interactions count against no limit but the ban of the address
	timeout time.Duration
	skew    atomic.Int64 // nanoseconds by which Discord's clock was ahead of ours at the last answer
}

// newTransport makes the two doors to one Discord: for calls, and for answers to interactions.
func newTransport(apiURL string) (calls, answers *transport, err error) {
	base, err := url.Parse(strings.TrimRight(apiURL, "/"))
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, nil, fmt.Errorf("bot: %.100q is no API address: want one like https://discord.com/api", apiURL)
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
	wire := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext,
		ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 16, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 5 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
	limits := newLimiter()
	calls = &transport{base: base, limits: limits, wire: wire, timeout: requestTime}
	answers = &transport{base: base, limits: limits, wire: wire, timeout: requestTime, exempt: true}
	return calls, answers, nil
}

// RoundTrip sends one request. Too many requests and failing servers come back as errors.
func (t *transport) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx := request.Context()
	path := strings.TrimPrefix(request.URL.Path, "/api")
	_, route, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/") // without the version
	key := ""
	if !t.exempt {
		key = routeKey(request.Method, route)
		if err := t.limits.wait(ctx, key); err != nil {
			return nil, err
		}
	} else if wait, spent := t.limits.admit("", time.Now()); spent || wait > 0 {
		return nil, &limited{after: max(wait, time.Second), why: "Discord stopped all requests"}
	}
	ctx, cancel := context.WithTimeout(ctx, t.timeout)
	sent := request.Clone(ctx)
	sent.URL.Scheme, sent.URL.Host, sent.Host = t.base.Scheme, t.base.Host, t.base.Host
	sent.URL.Path, sent.URL.RawPath = t.base.Path+path, ""
	response, err := t.wire.RoundTrip(sent)
	if err != nil {
		cancel()
		return nil, err
	}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		t.skew.Store(int64(time.Until(date)))
	}
	if refusal := t.limits.learn(key, response, time.Now()); refusal != nil {
		err = refusal
	} else if response.StatusCode >= 500 {
		err = &failing{response.StatusCode}
	}
	if err != nil {
		_, _ = io.CopyN(io.Discard, response.Body, 64<<10) // so that the connection can be used again
		_ = response.Body.Close()
		cancel()
		return nil, err
	}
	response.Body = &body{Reader: io.LimitReader(response.Body, answerLimit), closer: response.Body, cancel: cancel}
	// discordgo's own buckets learn nothing and so never wait.
	for name := range response.Header {
		if strings.HasPrefix(name, "X-Ratelimit-") || name == "Retry-After" {
			response.Header.Del(name)
		}
	}
	return response, nil
}

// CloseIdleConnections is what http.Client looks for.
func (t *transport) CloseIdleConnections() {
	if wire, has := t.wire.(interface{ CloseIdleConnections() }); has {
		wire.CloseIdleConnections()
	}
}

// body ends the request's time limit when it is closed.
type body struct {
	io.Reader
	closer io.Closer
	cancel context.CancelFunc
}

// Close closes the connection's body.
func (b *body) Close() error {
	defer b.cancel()
	return b.closer.Close()
}

// client follows no redirect: the token would go along.
func (t *transport) client() *http.Client {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &http.Client{Transport: t, CheckRedirect: stay}
}

// bare strips what net/http adds to an error: the address, which in answers to interactions is a secret.
func bare(err error) error {
	var at *url.Error
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
