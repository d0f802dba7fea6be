package store

// AuditEnd is the last row of the audit log, of all guilds together; the zero mark while there is none.
func (s *Snapshot) AuditEnd() AuditMark {
	if s.err != nil {
		return AuditMark{}
	}
	head, err := s.q.GetAuditHead(s.ctx)
	s.ok("end of the audit log", err)
	return AuditMark{Number: head.Number, Hash: head.Hash}
}
