package discordsim

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"guildwatch/internal/snowflake"
)

// session is one IDENTIFY and what followed. It outlives its sockets, so that it can be resumed.
type session struct {
	sim       *Sim
	id        string
	intents   Intents
	threshold int
	shard     [2]int64
	seq       int64
	log       []frame // the last events, oldest first
	conn      *conn   // nil while no socket is open
	leftAt    time.Time
}

// frame is one event as it went out.
type frame struct {
	seq  int64
	data []byte
}

// event is something that happened, encoded once for all sessions.
type event struct {
	name  string
	guild *guild // nil outside guilds
	need  Intents
	body  []byte
	blind []byte // the body for sessions without MESSAGE_CONTENT; nil when it is the same
}

// sees says whether the guild belongs to the session's shard.
func (x *session) sees(g *guild) bool {
	if g == nil {
		return x.shard[0] == 0
	}
	return int64(g.ID)>>22%x.shard[1] == x.shard[0]
}

// push numbers an event, keeps it for RESUME and queues it on the socket.
func (x *session) push(name string, body []byte) {
	x.seq++
	data := make([]byte, 0, len(body)+len(name)+40)
	data = append(data, `{"t":"`...)
	data = append(data, name...)
	data = append(data, `","s":`...)
	data = strconv.AppendInt(data, x.seq, 10)
	data = append(data, `,"op":0,"d":`...)
	data = append(append(data, body...), '}')
	x.log = append(x.log, frame{x.seq, data})
	// Trimming at twice the window makes it one copy per event on average.
	if window := x.sim.knobs.ResumeWindow; len(x.log) > 2*window+64 {
		x.log = slices.Delete(x.log, 0, len(x.log)-window)
	}
	if x.conn != nil {
		x.conn.send(data)
	}
}

// kept are the events that RESUME may still replay.
func (x *session) kept() []frame {
	return x.log[max(0, len(x.log)-x.sim.knobs.ResumeWindow):]
}

// resumable says whether all events after seq are still there.
func (x *session) resumable(seq int64) bool {
	if x.conn == nil && x.sim.Now().Sub(x.leftAt) > x.sim.knobs.ResumeFor {
		return false
	}
	kept := x.kept()
	return seq == x.seq || len(kept) > 0 && kept[0].seq <= seq+1
}

// dispatch hands an event to each session that asked for its kind. Sim.mu is held.
func (s *Sim) dispatch(e event) {
	if e.guild != nil && (e.guild.away || e.guild.outage) {
		return
	}
	for _, x := range s.sessions {
		if e.need != 0 && x.intents&e.need == 0 || !x.sees(e.guild) {
			continue
		}
		if e.blind != nil && x.intents&IntentMessageContent == 0 {
			x.push(e.name, e.blind)
			continue
		}
		x.push(e.name, e.body)
	}
}

// emit encodes d and dispatches it. With no session nothing is encoded.
func (s *Sim) emit(name string, g *guild, d any) {
	if len(s.sessions) > 0 {
		s.dispatch(event{name: name, guild: g, need: intentOf(name, g != nil), body: encode(d)})
	}
}

// emitGuildCreate differs from session to session.
func (s *Sim) emitGuildCreate(g *guild) {
	for _, x := range s.sessions {
		if x.sees(g) && x.intents&IntentGuilds != 0 && !g.away && !g.outage {
			x.push("GUILD_CREATE", encode(s.guildCreateJSON(g, x.intents, x.threshold)))
		}
	}
}

// forget ends a session for good. When too many wait to be resumed, the oldest goes.
func (s *Sim) forget(x *session) { delete(s.sessions, x.id) }

// detach notes that a session lost its socket. Of those without one only 16 are kept, because each keeps its events.
func (s *Sim) detach(x *session) {
	x.conn, x.leftAt = nil, s.Now()
	waiting := slices.DeleteFunc(slices.Collect(maps.Values(s.sessions)), func(x *session) bool { return x.conn != nil })
	if len(waiting) > 16 {
		s.forget(slices.MinFunc(waiting, func(a, b *session) int { return a.leftAt.Compare(b.leftAt) }))
	}
}

// Raw sends any event with any payload (JSON) to all sessions that see the guild, whatever their intents: for what the
// stand-in does not know, and for what Discord should never send. A guild of 0 means a direct message's shard.
func (s *Sim) Raw(guild snowflake.GuildID, name string, payload []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dispatch(event{name: name, guild: s.world.guilds[guild], body: payload})
}

// RawFrame sends bytes as they are, not even JSON need they be, to all open sockets.
func (s *Sim) RawFrame(data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.send(data)
	}
}

// Redeliver sends the last n events of each session once more, with the numbers they had.
func (s *Sim) Redeliver(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.sessions {
		if x.conn != nil {
			for _, f := range x.log[max(0, len(x.log)-n):] {
				x.conn.send(f.data)
			}
		}
	}
}

// encode panics on what cannot be JSON: all its callers pass types of this package.
func encode(d any) []byte {
	data, err := json.Marshal(d)
	if err != nil {
		panic("discordsim: " + err.Error())
	}
	return data
}
