package handlers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// issue writes a certificate for localhost under a name of its own, and its key.
func issue(t *testing.T, name, certFile, keyFile string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	public, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: public},
		keyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		// Each name has a time of its own: to a file system, what happens within some milliseconds is at the same.
		at := noon.Add(time.Duration(name[0]) * time.Minute)
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

// A renewed certificate is used without a restart; one that does not belong to its key is not, and the old one stays.
func TestARenewedCertificateIsPickedUp(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	log := &journal{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	if _, err := TLS(cert, key, logger); err == nil {
		t.Fatal("a missing certificate was taken")
	}
	issue(t, "first", cert, key)
	made, err := TLS(cert, key, logger)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := made.GetCertificate(nil); err != nil || got.Leaf.Subject.CommonName != "first" ||
		made.MinVersion != tls.VersionTLS12 {
		t.Fatalf("%v, %v", got, err)
	}

	c := &certificate{certFile: cert, keyFile: key, log: logger}
	if err := c.read(); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	in := func(after time.Duration, want string) {
		t.Helper()
		if got := c.current(now.Add(after)).Leaf.Subject.CommonName; got != want {
			t.Errorf("after %s the certificate is the %s, want the %s", after, got, want)
		}
	}
	in(0, "first")
	issue(t, "second", cert, key)
	in(renewal-1, "first") // looked at too recently
	in(renewal, "second")
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	in(2*renewal, "second")
	in(3*renewal, "second")
	if len(log.lines("cannot be used")) != 1 {
		t.Errorf("the log says %q", log.lines(""))
	}
	issue(t, "third", filepath.Join(dir, "other.pem"), key) // half-way through a renewal
	in(4*renewal, "second")
	if err := os.Rename(filepath.Join(dir, "other.pem"), cert); err != nil {
		t.Fatal(err)
	}
	in(5*renewal, "third")
}
