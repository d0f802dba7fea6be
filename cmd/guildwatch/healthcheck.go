package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"guildwatch/internal/config"
)

// healthcheckCommand asks a running guildwatch how it is. It reads the same variables, so a container needs no flags.
type healthcheckCommand struct {
	Listen  string
	TLSCert string
}

func (c *healthcheckCommand) flags(f *config.Flags) {
	f.Text(&c.Listen, "listen", "GUILDWATCH_LISTEN", "127.0.0.1:8080", "Where it serves.")
	f.Text(&c.TLSCert, "tls-cert", "GUILDWATCH_TLS_CERT", "", "Set where it serves https.")
}

// run prints the answer of /health; any status but 200 is an error, so that the exit code is 1.
func (c *healthcheckCommand) run(t terminal) error {
	ctx, cancel := context.WithTimeout(t, 5*time.Second)
	defer cancel()
	scheme, address := "http://", here(c.Listen)
	if c.TLSCert != "" {
		scheme = "https://"
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+address+"/health", nil)
	if err != nil {
		return fmt.Errorf("--listen %q: %w", c.Listen, err)
	}
	// The certificate is made out to the public name and not to this address. Nothing is sent that another could use.
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // #nosec G402 -- see above
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("nothing answers on %s: is guildwatch running there? %w", address, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 64<<10))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("not well (%s): %s", response.Status, body)
	}
	fmt.Fprintf(t.out, "%s\n", body)
	return nil
}

// here is how this machine itself reaches an address that is listened on: where all of its addresses are, by loopback.
func here(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return listen
}
