package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Which ways to the dashboard keep people signed in, and what is said about the others.
func TestReach(t *testing.T) {
	cert, key := pair(t)
	for _, c := range []struct {
		listen, public string
		tls, insecure  bool
		origin         string // empty: refused
		secure         bool
		fix            string
	}{
		{"127.0.0.1:0", "", false, false, "http://127.0.0.1:0", true, ""},
		{"[::1]:8080", "", false, false, "http://[::1]:8080", true, ""},
		{"localhost:80", "https://mod.example.org/", false, false, "https://mod.example.org", true, ""},
		{"127.0.0.1:8080", "http://mod.example.org", false, false, "", false, "--insecure-http"},
		{"127.0.0.1:8080", "http://mod.example.org", false, true, "http://mod.example.org", false, ""},
		{"127.0.0.1:8080", "http://localhost:9000", false, false, "http://localhost:9000", true, ""},
		{":8080", "", false, false, "", false, "--public-url https://NAME"},
		{"0.0.0.0:8080", "", false, true, "", false, "http://NAME:8080"},
		{"0.0.0.0:8080", "https://mod.example.org", false, false, "https://mod.example.org", true, ""},
		{"0.0.0.0:8080", "http://localhost:8080", false, true, "http://localhost:8080", true, ""},
		{"0.0.0.0:8080", "http://localhost:8080", false, false, "", false, "--tls-cert"},
		{"[::]:8080", "http://192.168.1.4:8080", false, true, "http://192.168.1.4:8080", false, ""},
		{"192.168.1.4:80", "", false, false, "", false, "--insecure-http"},
		{"192.168.1.4:80", "", false, true, "http://192.168.1.4:80", false, ""},
		{"192.168.1.4:443", "", true, false, "https://192.168.1.4:443", true, ""},
		{":443", "", true, false, "", false, "https://NAME"},
		{":8443", "https://mod.example.org:8443", true, false, "https://mod.example.org:8443", true, ""},
		{":8443", "http://mod.example.org:8443", true, true, "", false, "begin it with https://"},
		{"8080", "", false, false, "", false, "use host:port"},
		{":http", "", false, true, "", false, "use host:port"},
	} {
		s := good()
		s.Listen, s.PublicURL, s.InsecureHTTP = c.listen, c.public, c.insecure
		if c.tls {
			s.TLSCert, s.TLSKey = cert, key
		}
		got, err := s.Validate()
		switch {
		case c.origin == "" && (err == nil || !strings.Contains(err.Error(), c.fix)):
			t.Errorf("%+v: %v", c, err)
		case c.origin != "" && (err != nil || got.Origin(c.listen) != c.origin || got.SecureCookies() != c.secure):
			t.Errorf("%+v: %s, secure %t, %v", c, got.Origin(c.listen), got.SecureCookies(), err)
		}
	}
}

func TestOnlyProxiesThatCanBeNamedAreTrusted(t *testing.T) {
	for text, want := range map[string]string{"10.0.0.5": "10.0.0.5/32", "10.0.0.9/24": "10.0.0.0/24",
		"fd00::1":        "fd00::1/128",
		"127.0.0.1, ::1": "127.0.0.1/32", "": "", "0.0.0.0/0": "refused", "::/0": "refused", "::ffff:10.0.0.1": "refused",
		"fe80::1%eth0": "refused", "proxy.example.org": "refused", "10.0.0.5/33": "refused", "10.0.0": "refused"} {
		s := good()
		s.TrustedProxies = text
		c, err := s.Validate()
		got := "refused"
		if err == nil {
			got = ""
		}
		if len(c.TrustedProxies) > 0 {
			got = c.TrustedProxies[0].String()
		}
		if got != want {
			t.Errorf("%q gives %q, want %q (%v)", text, got, want, err)
		}
	}
}

func TestACertificateNeedsItsKey(t *testing.T) {
	cert, key := pair(t)
	_, other := pair(t)
	for _, c := range []struct {
		cert, key string
		ok        bool
	}{{cert, key, true}, {cert, "", false}, {"", key, false}, {cert, other, false}, {cert, cert, false}, {"/none", key,
		false}} {
		s := good()
		s.TLSCert, s.TLSKey = c.cert, c.key
		if got, err := s.Validate(); (err == nil) != c.ok || c.ok && got.Scheme() != "https" {
			t.Errorf("%s with %s: %v", c.cert, c.key, err)
		}
	}
}

// pair writes a certificate and its key.
func pair(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}}
	public, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, data []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("cert.pem", "CERTIFICATE", public), write("key.pem", "PRIVATE KEY", secret)
}
