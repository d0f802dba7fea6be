package fleet

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
)

// roleVariable tells a process of the test binary which part it plays.
const roleVariable = "GUILDWATCH_BENCH_ROLE"

// sailor is the role of the readers.
const sailor = "readers"

// Main lets the test binary play a part of a benchmark: call it first in TestMain. It returns when the process plays
// none; else it runs the part and exits. A part answers lines of its standard input with lines on its output, and ends
// with the input.
func Main(roles map[string]func() error) {
	role, playing := os.LookupEnv(roleVariable)
	if !playing {
		return
	}
	play := roles[role]
	if role == sailor {
		play = sail
	}
	if err := play(); err != nil {
		fmt.Fprintln(os.Stderr, role+":", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Child is a process that plays a part.
type Child struct {
	tb      testing.TB
	role    string
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
}

// Spawn starts the test binary in a role of Main's, with more variables in its environment. Stop it.
func Spawn(tb testing.TB, role string, env ...string) *Child {
	tb.Helper()
	command := exec.Command(os.Args[0]) // #nosec G204 -- a test starts itself
	command.Env = append(append(os.Environ(), roleVariable+"="+role), env...)
	command.Stderr = os.Stderr
	in, err := command.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := command.Start(); err != nil {
		tb.Fatal(err)
	}
	return &Child{tb, role, command, in, bufio.NewScanner(out)}
}

// Say sends the child a line.
func (c *Child) Say(format string, args ...any) { fmt.Fprintf(c.in, format+"\n", args...) }

// Hear reads the child's next line, into value as JSON unless that is nil, and gives its text.
func (c *Child) Hear(value any) string {
	c.tb.Helper()
	if !c.out.Scan() {
		c.tb.Fatalf("the process of the %s ended early", c.role)
	}
	if value != nil {
		if err := json.Unmarshal(c.out.Bytes(), value); err != nil {
			c.tb.Fatalf("%s: %v", c.out.Text(), err)
		}
	}
	return c.out.Text()
}

// Stop ends the child and waits for it.
func (c *Child) Stop() {
	_ = c.in.Close()
	_ = c.command.Wait()
}
