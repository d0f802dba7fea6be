package main

import (
	"fmt"

	"guildwatch/internal/config"
	"guildwatch/internal/fault"
	"guildwatch/store"
)

// recountCommand counts all rows anew and mends the counters that differ. No guildwatch may be running on the data.
type recountCommand struct {
	Data  string
	Check bool
}

func (c *recountCommand) flags(f *config.Flags) {
	f.Text(&c.Data, "data", "GUILDWATCH_DATA", "./guildwatch-data", "Directory with the database.")
	f.Switch(&c.Check, "check", "", "Only say what differs; change nothing.")
}

// run prints what differed. The exit code is 0 when nothing did, 1 when something did, 3 when the database cannot be
// used.
func (c *recountCommand) run(t terminal) error {
	found, err := store.RecountIn(t, store.Options{Dir: c.Data}, !c.Check)
	if err != nil {
		if fault.Of(err) == fault.Conflict {
			fmt.Fprintln(t.errs, "Stop guildwatch first: nothing may be counted meanwhile.")
		}
		return exitError{3, err}
	}
	if len(found) == 0 {
		fmt.Fprintf(t.out, "Every counter in %s is what its rows add up to.\n", c.Data)
		return nil
	}
	rows := 0
	for _, d := range found {
		whose := "server " + d.Guild.String()
		if d.Guild == store.Everywhere {
			whose = "all servers together"
		}
		since := ""
		if !d.First.IsZero() {
			since = d.First.Format(", the first of 2006-01-02 15:04 UTC")
		}
		fmt.Fprintf(t.out, "%s, %s: %d rows%s\n", whose, d.Table, d.Rows, since)
		rows += d.Rows
	}
	if c.Check {
		return fmt.Errorf("%d rows of counters in %s are not what their rows add up to. Without --check they are mended",
			rows, c.Data)
	}
	return fmt.Errorf("%d rows of counters in %s were not what their rows add up to. They are now", rows, c.Data)
}
