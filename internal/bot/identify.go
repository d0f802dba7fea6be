package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"time"

	"guildwatch/internal/moderation"
)

// identifyBudget is how many sessions guildwatch starts in 24 hours. At 1000 Discord resets the bot's token; a crash
// loop that restarts every 10 s would get there in three hours.
const identifyBudget = 200

const day = 24 * time.Hour

// Sessions is where the edge keeps what must outlive the process. The position itself is committed by the ledger's
// Flush.
type Sessions interface {
	// Position is the last committed one; its Session is empty when there is none.
	Position(ctx context.Context, shard int) (moderation.Position, error)
	// NoteIdentify records a new session before it is asked for.
	NoteIdentify(ctx context.Context, at time.Time) error
	// IdentifiesSince counts what NoteIdentify recorded at or after a time.
	IdentifiesSince(ctx context.Context, since time.Time) (int, error)
}

// permit waits until a new session may be started and answers where.
func (g *gateway) permit(ctx context.Context) (string, *ending) {
	for {
		door, err := g.rest.gateway(ctx)
		if err != nil {
			return "", g.unanswered(err)
		}
		today, err := g.sessions.IdentifiesSince(ctx, g.clock().Add(-day))
		if err != nil {
			return "", &ending{reason: "the budget of new sessions could not be read: " + err.Error()}
		}
		g.board.note(func(s *Status) { s.Identifies = today })
		problem := ""
		switch {
		case today >= identifyBudget:
			problem = fmt.Sprintf("guildwatch has started %d sessions with Discord within 24 hours and waits before it starts "+
				"another, because Discord resets the bot's token at 1,000. Look in the log for why it restarted so often.", today)
		case door.remaining < 1:
			problem = fmt.Sprintf("Discord allows no further session for this bot until %s. Is the token used by another "+
				"program?", g.clock().Add(door.resetAfter).UTC().Format("15:04 MST"))
		}
		if problem == "" {
			return door.url, g.space(ctx)
		}
		g.board.change(g.clock(), func(s *Status) { s.State, s.Problem = StateWaiting, problem })
		g.log.Error("no new session with Discord", "problem", problem)
		if !pause(ctx, g.pace.budgetEvery) {
			return "", &ending{reason: "stopped"}
		}
	}
}

// space keeps 5 s between two IDENTIFYs, those of an earlier process included.
func (g *gateway) space(ctx context.Context) *ending {
	wait := g.pace.identifyEvery - time.Since(g.identified)
	if g.identified.IsZero() {
		wait = 0
		if n, err := g.sessions.IdentifiesSince(ctx, g.clock().Add(-g.pace.identifyEvery)); err != nil || n > 0 {
			wait = g.pace.identifyEvery
		}
	}
	if !pause(ctx, wait) {
		return &ending{reason: "stopped"}
	}
	return nil
}

// identify asks for a new session.
func (g *gateway) identify(ctx context.Context, s *socket) error {
	if err := g.sessions.NoteIdentify(ctx, g.clock().UTC()); err != nil {
		return err
	}
	g.identified = time.Now()
	g.board.note(func(s *Status) { s.Identifies++ })
	return send(s, opIdentify, map[string]any{
		"token": g.token, "intents": intentsWanted &^ g.out, "large_threshold": 250, "shard": [2]int{0, 1},
		"properties": map[string]string{"os": runtime.GOOS, "browser": "guildwatch", "device": "guildwatch"},
	})
}

// resume asks for the events since the last one received.
func (g *gateway) resume(s *socket) error {
	at := g.in.position()
	return send(s, opResume, map[string]any{"token": g.token, "session_id": at.Session, "seq": at.Seq})
}

func send(s *socket, op int, d any) error {
	payload, err := json.Marshal(map[string]any{"op": op, "d": d})
	if err != nil {
		return err
	}
	return s.send(payload)
}

// reduce goes on without the privileged intents that Discord refused; an error when there is none left to give up.
func (g *gateway) reduce(ctx context.Context) error {
	asked := intentsWanted &^ g.out
	me, err := g.rest.identity(ctx)
	out := refused(me.Flags, err == nil, asked)
	if out == 0 {
		return stopped(4014)
	}
	g.out |= out
	for _, m := range missing(out) {
		g.log.Warn("Discord refused a privileged intent; going on without it",
			"intent", m.Intent, "effect", m.Effect, "remedy", m.Remedy)
	}
	g.attempt = 0
	return nil
}
