package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// healthcheckCommand asks a running guildwatch how it is.
type healthcheckCommand struct {
	Listen string `default:"127.0.0.1:8080" env:"GUILDWATCH_LISTEN" help:"Where it serves."`
}

// Run prints the answer of /health; any status but 200 is an error, so that the exit code is 1.
func (c *healthcheckCommand) Run(t terminal) error {
	ctx, cancel := context.WithTimeout(t, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.Listen+"/health", nil)
	if err != nil {
		return fmt.Errorf("--listen %q: %w", c.Listen, err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("nothing answers on %s: is guildwatch running there? %w", c.Listen, err)
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
