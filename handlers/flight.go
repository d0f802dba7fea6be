package handlers

import (
	"context"
	"fmt"
	"net/url"
	"sync/atomic"

	"golang.org/x/sync/singleflight"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// flights runs identical requests that come at the same time once and gives all of them the answer. Nothing is kept:
// who comes after the end of a run, failed or not, starts another. The zero value is ready.
type flights struct {
	group    singleflight.Group
	asked    atomic.Int64
	executed atomic.Int64
}

// flightKey tells requests apart that must not share an answer. Whoever asks was allowed to before. Seq is that of the newest
// change: a run that began before one does not show it, and is not shared with who comes after it. That a change in another
// guild parts a crowd as well costs one more run.
func flightKey(path string, query url.Values, guild snowflake.GuildID, role access.Role, seq int64) string {
	return fmt.Sprintf("%s?%s#%d as %s after %d", path, query.Encode(), guild, role, seq) // Encode sorts
}

// do gives run's answer, its own or that of an identical request already under way. The run has a context of its own:
// that one visitor hangs up must not fail the others. Who waits longer than ctx allows gets an Unavailable.
func (f *flights) do(ctx context.Context, key string, run func(context.Context) ([]byte, error)) ([]byte, error) {
	done := f.group.DoChan(key, func() (any, error) {
		f.executed.Add(1)
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
		defer cancel()
		var body []byte
		// A panic here is beyond every middleware: singleflight would throw it in a goroutine of its own and end the
		// process.
		err := guard(func() (err error) { body, err = run(ctx); return err })
		return body, err
	})
	f.asked.Add(1) // who is counted shares the run, or has its own: nobody stands between
	select {
	case result := <-done:
		if result.Err != nil {
			return nil, result.Err
		}
		return result.Val.([]byte), nil
	case <-ctx.Done():
		return nil, fault.Wrap(ctx.Err(), fault.Unavailable,
			"This took longer than %d seconds, so it was given up. Please try again.", int(answerTime.Seconds()))
	}
}

// counts says how many runs there were and how many requests were answered by the run of another.
func (f *flights) counts() (executed, shared int64) {
	executed = f.executed.Load()
	return executed, max(0, f.asked.Load()-executed)
}
