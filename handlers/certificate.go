package handlers

import (
	"crypto/tls"
	"log/slog"
	"os"
	"sync"
	"time"
)

// renewal is how often the certificate's files are looked at, at most: whoever renews them waits no longer.
const renewal = 10 * time.Second

// TLS is how https is spoken with the certificate and key in two PEM files. When they are replaced, the new ones are
// used without a restart; while they do not belong together, as half-way through a renewal, the old ones stay.
func TLS(certFile, keyFile string, logger *slog.Logger) (*tls.Config, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, log: logger}
	if err := c.read(); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current(time.Now()), nil }}, nil
}

// certificate is a pair of files as last read.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu     sync.Mutex
	pair   *tls.Certificate
	stamp  stamp
	looked time.Time
}

// stamp tells two states of the files apart.
type stamp struct {
	cert, key time.Time
	size      int64
}

func (c *certificate) current(now time.Time) *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.looked) < renewal {
		return c.pair
	}
	c.looked = now
	if c.stamped() == c.stamp {
		return c.pair
	}
	if err := c.read(); err != nil {
		c.log.Warn("the new certificate cannot be used; the old one stays", "cert", c.certFile, "err", err)
	} else {
		c.log.Info("a new certificate is in use", "cert", c.certFile, "until", c.pair.Leaf.NotAfter)
	}
	return c.pair
}

// read takes the files' pair, and remembers their state also when it cannot be used: it is told once.
func (c *certificate) read() error {
	c.stamp = c.stamped()
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return err
	}
	c.pair = &pair
	return nil
}

// stamped is the zero stamp when a file is missing.
func (c *certificate) stamped() stamp {
	cert, err := os.Stat(c.certFile)
	if err != nil {
		return stamp{}
	}
	key, err := os.Stat(c.keyFile)
	if err != nil {
		return stamp{}
	}
	return stamp{cert.ModTime(), key.ModTime(), cert.Size()}
}
