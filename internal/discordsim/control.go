package discordsim

// Disconnect closes all gateway sockets with a close code, as Discord does.
func (s *Sim) Disconnect(code int) {
	s.eachConn(func(c *conn) { c.close(code, "") })
}

// Drop cuts all gateway sockets without a close frame. The sessions stay resumable.
func (s *Sim) Drop() {
	s.eachConn(func(c *conn) { c.drop() })
}

// Reconnect sends op 7 to all sockets.
func (s *Sim) Reconnect() {
	s.eachConn(func(c *conn) { c.op(opReconnect, nil) })
}

// Invalidate sends op 9 to all sockets. Sessions that are not resumable are forgotten.
func (s *Sim) Invalidate(resumable bool) {
	s.eachConn(func(c *conn) {
		if c.session != nil && !resumable {
			s.forget(c.session)
			c.session = nil
		}
		c.op(opInvalid, resumable)
	})
}

// Forget ends all sessions silently: the next RESUME gets op 9.
func (s *Sim) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.sessions)
}

// AskHeartbeat sends op 1, which a client must answer with a heartbeat at once.
func (s *Sim) AskHeartbeat() {
	s.eachConn(func(c *conn) { c.op(opHeartbeat, nil) })
}

// SpendStarts takes n IDENTIFYs from the day's budget, as if somebody else with the same token had used them.
func (s *Sim) SpendStarts(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.starts.used == 0 {
		s.starts.since = s.Now()
	}
	s.starts.used += n
}

func (s *Sim) eachConn(do func(*conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		do(c)
	}
}
