package fleet

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// planVariable carries the plan, as JSON, to the readers' process.
const planVariable = "GUILDWATCH_BENCH_PLAN"

// Plan says who reads what.
type Plan struct {
	Addr    string // host:port; it is the Host of the requests too
	Path    string // with %d for the reader's number, 1 and up
	Readers int
	Silent  int // so many of them never read, but for the head of the answer
}

// Fleet is a running fleet of readers.
type Fleet struct{ child *Child }

// Launch starts readers in a process of their own and returns when each has read the head of a good answer. Stop them.
func Launch(tb testing.TB, plan Plan) *Fleet {
	tb.Helper()
	text, err := json.Marshal(plan)
	if err != nil {
		tb.Fatal(err)
	}
	f := &Fleet{Spawn(tb, sailor, planVariable+"="+string(text))}
	f.child.Hear(nil)
	return f
}

// Count begins a count: each reader is to get so many marks, from number 0. Marks that are on their way already would
// be counted.
func (f *Fleet) Count(marks int) {
	f.child.tb.Helper()
	f.child.Say("count %d", marks)
	f.child.Hear(nil)
}

// Result waits until each reader got its marks, or none has got any for 3 s.
func (f *Fleet) Result() (r Result) {
	f.child.tb.Helper()
	f.child.Hear(&r)
	return r
}

// Stop closes all sockets and waits for the process.
func (f *Fleet) Stop() { f.child.Stop() }

// sail is the part of the readers.
func sail() error {
	var plan Plan
	if err := json.Unmarshal([]byte(os.Getenv(planVariable)), &plan); err != nil {
		return err
	}
	ships, err := launch(plan)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for {
		var marks int
		if _, err := fmt.Scanf("count %d\n", &marks); err != nil {
			return nil // the input has ended
		}
		fmt.Println("counting")
		if err := json.NewEncoder(os.Stdout).Encode(ships.count(marks)); err != nil {
			return err
		}
	}
}
