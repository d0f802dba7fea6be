package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// certified gives the stage a certificate for localhost, and a client that trusts it and speaks the protocol asked for.
func (s *stage) certified(http2 bool) *http.Client {
	s.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		s.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"},
		NotAfter: time.Now().Add(time.Hour)}
	public, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		s.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		s.Fatal(err)
	}
	dir := s.TempDir()
	s.config.TLSCert, s.config.TLSKey = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{s.config.TLSCert: {Type: "CERTIFICATE", Bytes: public},
		s.config.TLSKey: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			s.Fatal(err)
		}
	}
	leaf, err := x509.ParseCertificate(public)
	if err != nil {
		s.Fatal(err)
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(leaf)
	transport := &http.Transport{ForceAttemptHTTP2: http2, TLSClientConfig: &tls.Config{RootCAs: trusted,
		ServerName: "localhost"}}
	s.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// By https, over HTTP/2 and HTTP/1.1: the page comes and tells browsers to stay on https, an event reaches an open
// stream, the health check finds its way, and plain http is told off.
func TestTLSByItself(t *testing.T) {
	for version, http2 := range map[string]bool{"HTTP/2.0": true, "HTTP/1.1": false} {
		s := newStage(t)
		client := s.certified(http2)
		s.open()
		ask := func(path string) *http.Response {
			ctx, cancel := context.WithCancel(context.Background())
			t.Cleanup(cancel)
			r, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+s.address+path, nil)
			response, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = response.Body.Close() })
			return response
		}
		s.until("the guild is on the overview", func() bool {
			body, _ := io.ReadAll(ask("/").Body)
			return strings.Contains(string(body), "Harbour")
		})
		page := ask(s.page())
		if page.StatusCode != 200 || page.Proto != version || page.TLS.Version < tls.VersionTLS12 ||
			page.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: %s %s, %v", version, page.Proto, page.Status, page.Header)
		}
		stream := ask("/live/" + s.guild.String())
		if stream.StatusCode != 200 || stream.Proto != version {
			t.Fatalf("%s: the stream is %s %s", version, stream.Proto, stream.Status)
		}
		lines := bufio.NewScanner(stream.Body)
		lines.Scan() // retry: the stream has joined, or is about to
		s.sim.Ban(s.guild, s.ada, s.bob, "one too many")
		found := false
		for !found && lines.Scan() {
			found = strings.Contains(lines.Text(), "one too many")
		}
		if !found {
			t.Errorf("%s: the stream ended without the ban: %v", version, lines.Err())
		}
		if code, out, errs := shell(t, "healthcheck", "--listen", s.address, "--tls-cert", s.config.TLSCert); code != 0 ||
			!strings.Contains(out, `"status":"ok"`) {
			t.Errorf("%s: health check %d: %s%s", version, code, out, errs)
		}
		if got := s.get("/"); !strings.Contains(got, "HTTP request to an HTTPS server") {
			t.Errorf("%s: plain http gets %q", version, got)
		}
		s.close()
		ended := false
		for lines.Scan() {
			ended = ended || lines.Text() == "event: end"
		}
		if !ended {
			t.Errorf("%s: the stream was not told that the program stops", version)
		}
	}
}
