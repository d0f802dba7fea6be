package bot

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// gateway keeps one session with Discord over as many connections as it takes. It belongs to one goroutine.
type gateway struct {
	token     string
	compress  bool
	clock     func() time.Time
	jitter    func() float64
	log       *slog.Logger
	pace      pace
	sizes     sizes
	in        *intake
	guilds    *roster
	members   *memberList
	board     *board
	sessions  Sessions
	rest      *rest
	link      *link
	operators *operators
	scout     *scout
	greeted   func() // after each READY and RESUMED

	out        discordgo.Intent // refused by Discord
	identified time.Time        // the last IDENTIFY
	gapFrom    time.Time        // since when events may have been missed; zero: none were
	gapReason  string
	lost       *loss // the session before the next; nil when there was none
	everLive   bool  // in this process
	attempt    int   // connections in a row that brought nothing
	dials      int   // failed ones in a row
	stalls     int   // resumes in a row that brought no event
}

// outOfReach is shown from the second failure on: the first is an ordinary reconnect.
const outOfReach = "Discord cannot be reached. guildwatch keeps trying and catches up by itself; if this lasts, check " +
	"the network and https://discordstatus.com."

// ending is how a connection ended and what follows.
type ending struct {
	reason  string
	fatal   error         // stop
	lost    bool          // the session is gone: start a new one
	refused bool          // of privileged intents
	wait    time.Duration // at least, before the next
}

// run connects until ctx ends (nil) or Discord says that trying again is of no use.
func (g *gateway) run(ctx context.Context) error {
	if !g.recall(ctx) {
		return nil
	}
	for {
		end := g.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if end.refused {
			end.fatal = g.reduce(ctx)
		}
		if end.fatal != nil {
			return end.fatal
		}
		if end.lost {
			g.lose("Discord ended the session")
		}
		wait := end.wait
		if g.attempt > 0 {
			wait = max(wait, doubled(g.pace.retryLeast, g.pace.retryMost, g.attempt-1, g.jitter()))
		}
		if g.attempt++; g.attempt > 1 {
			g.board.change(g.clock(), func(s *Status) { s.Problem = outOfReach })
		}
		g.log.Info("the connection to Discord ended",
			"reason", end.reason, "session_kept", g.in.position().Session != "", "wait", wait)
		if !pause(ctx, wait) {
			return nil
		}
	}
}

// recall loads where the last process stopped, so that its session is resumed. False when ctx ends first.
func (g *gateway) recall(ctx context.Context) bool {
	for n := 0; ; n++ {
		at, err := g.sessions.Position(ctx, 0)
		if err == nil {
			if at.Session != "" && at.ResumeURL != "" {
				g.in.begin(at)
			} else if !at.SavedAt.IsZero() {
				g.miss(at.SavedAt, goneTooLong) // the process ended between two sessions
			}
			return true
		}
		g.log.Warn("the last position could not be read", "err", err)
		if !pause(ctx, doubled(g.pace.retryLeast, g.pace.retryMost, n, g.jitter())) {
			return false
		}
	}
}

// goneTooLong is the reason of a gap before the first session of a process.
const goneTooLong = "guildwatch was away for longer than Discord keeps events"

// lose forgets the session. What happens until the next one is missed.
func (g *gateway) lose(reason string) {
	if at := g.in.position(); at.Session != "" {
		if !g.everLive {
			reason = goneTooLong
		}
		g.miss(at.SavedAt, reason)
		g.members.forget()
		g.stalls = 0
	}
}

func (g *gateway) miss(from time.Time, reason string) {
	g.gapFrom, g.gapReason = from, reason
	g.lost = g.in.lose(moderation.Gap{From: from, Reason: reason})
}

// settle waits until what a lost session brought is committed, so that reading back begins exactly behind it. A ledger
// that cannot write does not keep the bot offline: then nothing is read back.
func (g *gateway) settle(ctx context.Context) {
	if g.lost == nil {
		return
	}
	timer := time.NewTimer(g.pace.settleLoss)
	defer timer.Stop()
	select {
	case <-g.lost.settled:
	case <-ctx.Done():
	case <-timer.C:
		g.log.Warn("the end of the last session is not saved yet: what was missed cannot be read back")
	}
	g.lost = nil
}

// connect holds one connection from dial to end.
func (g *gateway) connect(ctx context.Context) ending {
	resuming := g.in.position().Session != ""
	g.board.change(g.clock(), func(s *Status) {
		s.State = StateConnecting
		if resuming {
			s.State = StateResuming
		}
	})
	if end := g.introduce(ctx, resuming); end != nil {
		return *end
	}
	if !resuming {
		g.settle(ctx)
	}
	address, end := g.address(ctx, resuming)
	if end != nil {
		return *end
	}
	s, err := dialSocket(ctx, address, g.compress, g.pace, g.sizes)
	if err != nil {
		g.dials++
		return ending{reason: "cannot reach the gateway: " + err.Error()}
	}
	g.dials = 0
	defer context.AfterFunc(ctx, func() { s.close(closeResume) })()
	c := newConn(g, s, resuming)
	return c.serve(ctx)
}

// introduce learns who the bot is before the first event needs it: its own entries in the audit log are skipped.
func (g *gateway) introduce(ctx context.Context, resuming bool) *ending {
	if g.guilds.self() != 0 {
		return nil
	}
	me, err := g.rest.identity(ctx)
	if err != nil {
		return g.unanswered(err)
	}
	g.guilds.setSelf(me.Bot)
	g.operators.learn(me)
	if resuming && me.Flags != 0 {
		// The session was begun by an earlier process. What it could not ask for then it most likely still may not.
		for _, p := range privileged {
			if me.Flags&p.flags == 0 {
				g.out |= p.intent
			}
		}
	}
	return nil
}

// address is where to connect: for a new session once the budget allows one.
func (g *gateway) address(ctx context.Context, resuming bool) (string, *ending) {
	// The resume address may be gone for good while the session is not: every third failure tries the general one.
	if resuming && (g.dials == 0 || g.dials%3 != 0) {
		return g.in.position().ResumeURL, nil
	}
	if resuming {
		g.dials++ // whatever comes of it, the next try takes the resume address again
		door, err := g.rest.gateway(ctx)
		if err != nil {
			return "", g.unanswered(err)
		}
		return door.url, nil
	}
	return g.permit(ctx)
}

func (g *gateway) unanswered(err error) *ending {
	if fatal := stopped(statusOf(err)); fatal != nil {
		return &ending{reason: "unauthorized", fatal: fatal}
	}
	return &ending{reason: "Discord's API does not answer: " + err.Error()}
}

// welcome takes READY: a new session begins.
func (g *gateway) welcome(e envelope) error {
	var ready struct {
		Session string    `json:"session_id"`
		Resume  string    `json:"resume_gateway_url"`
		User    *wireUser `json:"user"`
		Guilds  []struct {
			ID id `json:"id"`
		} `json:"guilds"`
	}
	if err := decode(e.data, &ready); err != nil {
		return err
	}
	if ready.Session == "" || ready.Resume == "" {
		return fmt.Errorf("bot: READY without a session")
	}
	now := g.clock().UTC()
	g.members.forget()
	if ready.User != nil && ready.User.ID != 0 {
		g.guilds.setSelf(snowflake.UserID(ready.User.ID))
	}
	g.in.begin(moderation.Position{Session: ready.Session, Seq: e.seq, ResumeURL: ready.Resume, SavedAt: now})
	if !g.gapFrom.IsZero() {
		g.in.missed(moderation.Gap{From: g.gapFrom, To: now, Reason: g.gapReason})
		g.gapFrom = time.Time{}
	}
	ids := make([]snowflake.GuildID, 0, len(ready.Guilds))
	for _, guild := range ready.Guilds {
		if guild.ID != 0 {
			ids = append(ids, snowflake.GuildID(guild.ID))
		}
	}
	for _, guild := range g.guilds.expect(ids) {
		g.in.submit(moderation.GuildLost{Origin: moderation.Origin{Guild: guild, At: now}})
	}
	return nil
}

// live says that events flow again.
func (g *gateway) live() {
	if !g.everLive {
		// An earlier process began the session: of what it knew only what it recorded is left.
		for _, guild := range g.guilds.unseen() {
			g.scout.send(errand{guild: guild})
		}
	}
	g.everLive, g.stalls = true, 0
	g.members.allow(g.out&intentMembers == 0)
	g.link.restored()
	g.operators.connected()
	g.greeted()
	g.board.change(g.clock(), func(s *Status) { s.State, s.Problem, s.Missing = StateConnected, "", missing(g.out) })
}

// pause waits for d; false when ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
