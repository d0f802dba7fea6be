package store

import "guildwatch/internal/moderation/rule/scam"

// UseScams has rules look for these scam domains from now on, in place of those before. All compiled rules are made anew.
func (s *Store) UseScams(domains scam.Domains) {
	s.scams.Store(&domains)
	s.rules.Clear()
}

// Scams are the scam domains that rules look for: those that come with guildwatch, until others are used.
func (s *Store) Scams() scam.Domains {
	if own := s.scams.Load(); own != nil {
		return *own
	}
	return scam.Known()
}
