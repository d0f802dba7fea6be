package discordsim

import (
	"encoding/json"
	"strings"
	"time"
)

// guildsPerShard is the most that Discord allows on one shard.
const guildsPerShard = 2500

// Identify is an IDENTIFY that a client sent, without its token.
type Identify struct {
	At         time.Time
	Intents    Intents
	Shard      [2]int64
	Threshold  int
	Properties map[string]string
	SessionID  string // empty when it was refused
	CloseCode  int    // of the refusal
}

// Resume is a RESUME that a client sent.
type Resume struct {
	At        time.Time
	SessionID string
	Seq       int64
	Replayed  int
	Accepted  bool
}

// startBudget counts IDENTIFYs.
type startBudget struct {
	used   int
	since  time.Time
	recent []time.Time
}

func (s *Sim) identify(c *conn, d json.RawMessage) (int, string) {
	if c.session != nil {
		return 4005, "Already authenticated."
	}
	var p struct {
		Token      string            `json:"token"`
		Intents    *Intents          `json:"intents"`
		Shard      []int64           `json:"shard"`
		Threshold  int               `json:"large_threshold"`
		Properties map[string]string `json:"properties"`
	}
	if json.Unmarshal(d, &p) != nil || p.Intents == nil {
		return 4002, "Error while decoding payload."
	}
	shard, shardFits := shardOf(p.Shard)
	seen := Identify{At: s.Now(), Intents: *p.Intents, Shard: shard, Threshold: p.Threshold, Properties: p.Properties}
	code, reason := s.admit(c, strings.TrimPrefix(p.Token, "Bot "), *p.Intents, shardFits)
	if code == 0 {
		x := &session{sim: s, id: s.secret(32), intents: *p.Intents, threshold: p.Threshold, shard: shard}
		if x.threshold < 50 || x.threshold > 250 {
			x.threshold = 50
		}
		if len(s.guildsOf(x)) > guildsPerShard {
			code, reason = 4011, "Sharding required."
		} else if s.knobs.Op9OnIdentify.take() || s.tooManyStarts() {
			c.op(opInvalid, s.knobs.Op9Resumable)
		} else {
			seen.SessionID = x.id
			s.welcome(c, x)
		}
	}
	seen.CloseCode = code
	s.record.Identifies = keep(append(s.record.Identifies, seen))
	return code, reason
}

// admit checks what an IDENTIFY may ask for, in Discord's order.
func (s *Sim) admit(c *conn, token string, intents Intents, shardFits bool) (int, string) {
	switch {
	case s.knobs.CloseOnIdentify != 0:
		return s.knobs.CloseOnIdentify, "Closed by a knob."
	case token != s.opt.Token || !s.spendStart():
		return 4004, "Authentication failed."
	case !shardFits:
		return 4010, "Invalid shard."
	case intents&^intentsKnown != 0:
		return 4013, "Invalid intent(s)."
	case intents&IntentsPrivileged&^s.knobs.PrivilegedIntents != 0:
		return 4014, "Disallowed intent(s)."
	}
	return 0, ""
}

// spendStart takes one IDENTIFY from the day's budget. When none is left, Discord ends all sessions and resets the
// token.
func (s *Sim) spendStart() bool {
	if s.starts.used == 0 || s.Now().Sub(s.starts.since) >= 24*time.Hour {
		s.starts.used, s.starts.since = 0, s.Now()
	}
	if s.starts.used >= s.knobs.StartsTotal {
		s.opt.Token = s.secret(70)
		for c := range s.conns {
			c.close(4004, "Authentication failed.")
		}
		clear(s.sessions)
		return false
	}
	s.starts.used++
	return true
}

// tooManyStarts says whether the limit of IDENTIFYs per 5 s is passed.
func (s *Sim) tooManyStarts() bool {
	now := s.Now()
	for len(s.starts.recent) > 0 && now.Sub(s.starts.recent[0]) >= 5*time.Second {
		s.starts.recent = s.starts.recent[1:]
	}
	s.starts.recent = append(s.starts.recent, now)
	return len(s.starts.recent) > s.knobs.MaxConcurrency
}

// welcome sends READY, then each guild.
func (s *Sim) welcome(c *conn, x *session) {
	if s.knobs.Op11BeforeReady.take() {
		c.op(opACK, nil)
	}
	x.conn, c.session = c, x
	s.sessions[x.id] = x
	guilds := s.guildsOf(x)
	list := make([]map[string]any, len(guilds))
	for i, g := range guilds {
		list[i] = map[string]any{"id": g.ID, "unavailable": true}
	}
	version := 10
	if c.query.Get("v") == "9" {
		version = 9
	}
	x.push("READY", encode(map[string]any{
		"v": version, "user": s.world.users[s.BotID()], "guilds": list, "session_id": x.id, "session_type": "normal",
		"resume_gateway_url": s.gatewayURL(), "shard": x.shard, "user_settings": struct{}{},
		"application":      map[string]any{"id": s.opt.ApplicationID, "flags": s.applicationFlags()},
		"private_channels": []int{}, "presences": []int{}, "relationships": []int{},
		"_trace": []string{"[\"discordsim\"]"},
	}))
	if x.intents&IntentGuilds != 0 {
		for _, g := range guilds {
			if !g.outage {
				x.push("GUILD_CREATE", encode(s.guildCreateJSON(g, x.intents, x.threshold)))
			}
		}
	}
}

func (s *Sim) resume(c *conn, d json.RawMessage) (int, string) {
	if c.session != nil {
		return 4005, "Already authenticated."
	}
	var p struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	if json.Unmarshal(d, &p) != nil {
		return 4002, "Error while decoding payload."
	}
	seen := Resume{At: s.Now(), SessionID: p.SessionID, Seq: p.Seq}
	defer func() { s.record.Resumes = keep(append(s.record.Resumes, seen)) }()
	x := s.sessions[p.SessionID]
	switch {
	case s.knobs.CloseOnResume != 0:
		return s.knobs.CloseOnResume, "Closed by a knob."
	case strings.TrimPrefix(p.Token, "Bot ") != s.opt.Token:
		return 4004, "Authentication failed."
	case s.knobs.Op7AfterResume.take():
		c.op(opReconnect, nil)
		return 0, ""
	case s.knobs.Op9OnResume.take():
		c.op(opInvalid, s.knobs.Op9Resumable)
		return 0, ""
	case x != nil && p.Seq > x.seq:
		return 4007, "Invalid seq."
	case x == nil || !x.resumable(p.Seq):
		if x != nil {
			s.forget(x)
		}
		c.op(opInvalid, false)
		return 0, ""
	}
	if x.conn != nil && x.conn != c {
		x.conn.session = nil
		x.conn.close(4000, "Session resumed elsewhere.")
	}
	if s.knobs.Op11BeforeReady.take() {
		c.op(opACK, nil)
	}
	x.conn, c.session = c, x
	for _, f := range x.kept() {
		if f.seq > p.Seq {
			c.send(f.data)
			seen.Replayed++
		}
	}
	seen.Accepted = true
	x.push("RESUMED", []byte(`{"_trace":["[\"discordsim\"]"]}`))
	return 0, ""
}
