package discordsim

import "context"

// Burst posts n messages as fast as the connected clients read them: it waits while more than 4096 frames are unsent.
// The function runs under the Sim's lock. Posts that are not allowed are skipped; the number of those written is
// returned.
func (s *Sim) Burst(ctx context.Context, n int, next func(i int) Post) (int, error) {
	const batch, ahead = 256, 4096
	written := 0
	for i := 0; i < n; {
		if err := s.waitRead(ctx, ahead); err != nil {
			return written, err
		}
		s.mu.Lock()
		for end := min(i+batch, n); i < end; i++ {
			p := next(i)
			if c := s.here(p.Channel); c != nil && s.mayPost(c, p.Author) {
				s.post(c, p, nil)
				written++
			}
		}
		s.mu.Unlock()
	}
	return written, nil
}

// waitRead waits until each socket has at most limit frames unsent.
func (s *Sim) waitRead(ctx context.Context, limit int) error {
	s.mu.Lock()
	conns := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		conns = append(conns, c)
	}
	s.mu.Unlock()
	for _, c := range conns {
		for c.waiting() > limit {
			select {
			case <-c.drained:
			case <-c.gone:
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			if c.ended() {
				break
			}
		}
	}
	return ctx.Err()
}
