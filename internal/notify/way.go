// Package notify tells others what happened: webhooks, Discord's among them, and e-mail. It is the one door through
// which guildwatch calls addresses that people give (way.go), and works off an outbox, so that nothing is lost by a
// restart and no target can hold up another (courier.go).
package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"syscall"
	"time"
)

const (
	// callTime bounds one call in all: the name, the connection, what is sent and what is answered.
	callTime = 10 * time.Second
	// dialTime is its part for the connection, so that a second address of the same name gets a turn.
	dialTime = 4 * time.Second
	// readAtMost is how much of an answer is read; nothing of it is ever shown.
	readAtMost = 64 << 10
)

// WayOptions is what a Way stands on.
type WayOptions struct {
	// Ours are addresses of this program itself, which may be called although they are on this machine, by plain http
	// too: the demo's own sink. No setting reaches this.
	Ours []netip.AddrPort
	// Enclosed calls nobody else: the demo needs no network, and tells nobody of its made-up world.
	Enclosed bool

	Logger *slog.Logger
	Agent  string // what guildwatch calls itself: "guildwatch/1.2"

	resolver *net.Resolver  // tests alone: answers that change
	roots    *x509.CertPool // tests alone: a certificate of their own
}

// Way calls addresses that people have given. Each connection is judged by the address that it is really made to, so
// that neither a name that resolves differently the second time, nor a redirect, leads inside. It is safe for
// concurrent use.
type Way struct {
	options WayOptions
	client  *http.Client
}

// Refusal is why an address was not called.
type Refusal struct{ Host, Why string }

// Error says the reason, and nothing of the address.
func (r *Refusal) Error() string { return "it was not called, because it leads to " + r.Why }

// NewWay makes the one door.
func NewWay(o WayOptions) *Way {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	w := &Way{options: o}
	dialer := &net.Dialer{Timeout: dialTime, Resolver: o.resolver, ControlContext: w.judge}
	w.client = &http.Client{Timeout: callTime,
		// The first answer counts. A redirect that were followed would carry the message to a place nobody chose.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			// No Proxy: one of the environment would be called in place of the address, and the judgement with it.
			DialContext:            dialer.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.roots},
			TLSHandshakeTimeout:    dialTime,
			MaxResponseHeaderBytes: readAtMost,
			DisableKeepAlives:      true, // one call in minutes: a kept connection would only be one nobody judged again
			DisableCompression:     true, // what is sent small and read large has no use here
		}}
	return w
}

// judge is asked with every address just before it is dialled.
func (w *Way) judge(_ context.Context, _, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return &Refusal{Why: "no address"}
	}
	if slices.Contains(w.options.Ours, netip.AddrPortFrom(at.Addr().Unmap(), at.Port())) {
		return nil
	}
	if why := closedTo(at.Addr()); why != "" {
		return &Refusal{Why: why}
	}
	if !ports[fmt.Sprint(at.Port())] {
		return &Refusal{Why: "an unusual port"}
	}
	return nil
}

// isOurs says whether an address is one of this program itself.
func (w *Way) isOurs(u *url.URL) bool {
	at, err := netip.ParseAddrPort(u.Host)
	return err == nil && slices.Contains(w.options.Ours, at) && (u.Scheme == "http" || u.Scheme == "https") && u.User == nil
}

// answer is what a call came to. The body is not in it: nobody but the one who gave the address may learn what is there.
type answer struct {
	status int
	again  time.Duration // after which the other side wants to be asked again; 0: it did not say
}

// post sends a body to an address. The error is a *Refusal, or a sentence without its beginning; neither tells the address.
func (w *Way) post(ctx context.Context, address string, header http.Header, body []byte) (answer, error) {
	u, err := w.checkAddress(address)
	if err != nil {
		// It was found good when it was given: somebody has changed it since, or the rules are stricter now.
		w.options.Logger.Warn("a webhook was not called", "reason", err)
		return answer{}, &Refusal{Why: "nowhere that is allowed"}
	}
	if w.options.Enclosed && !w.isOurs(u) {
		return answer{}, &Refusal{Host: u.Hostname(), Why: "the internet, which the demo does not call"}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return answer{}, errors.New("the call could not be made")
	}
	request.Header = header.Clone()
	request.Header.Set("User-Agent", w.options.Agent)
	response, err := w.client.Do(request)
	if err != nil {
		return answer{}, w.explain(u.Hostname(), err)
	}
	defer response.Body.Close()
	// Read, so that the other side is not cut off in the middle of its answer; not kept.
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, readAtMost))
	return answer{response.StatusCode, retryAfter(response.Header)}, nil
}

// explain says why a call failed. The errors of net/http quote the whole address, which is a secret.
func (w *Way) explain(host string, err error) error {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		refusal = &Refusal{Host: host, Why: refusal.Why}
		w.options.Logger.Warn("a webhook was not called", "host", host, "reason", "it leads to "+refusal.Why)
		return refusal
	}
	var lookup *net.DNSError
	var certificate *tls.CertificateVerificationError
	var timeout interface{ Timeout() bool }
	switch {
	case errors.As(err, &lookup) && lookup.IsNotFound:
		return errors.New("there is no such host")
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("it did not answer within %s", callTime)
	case errors.As(err, &certificate):
		return errors.New("it has no certificate that can be believed")
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New("it takes no connections")
	}
	w.options.Logger.Debug("a webhook could not be reached", "host", host, "error", errors.Unwrap(err))
	return errors.New("it cannot be reached")
}

// retryAfter reads the header of that name, in seconds; 0 for none, or for a date.
func retryAfter(header http.Header) time.Duration {
	var seconds float64
	if _, err := fmt.Sscanf(header.Get("Retry-After"), "%f", &seconds); err != nil || seconds <= 0 || seconds > 1e6 {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}
