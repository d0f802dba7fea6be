package main

import (
	"context"
	"sync"

	"guildwatch/handlers"
	"guildwatch/store"
)

// auditWatch is what is known of the audit log since the start.
type auditWatch struct {
	mu     sync.Mutex
	reason string // why the log is not in order; empty: it is, or was not looked at yet
}

// proveAudit follows the audit log's chain once. A broken one is told loudly and guildwatch goes on: what was changed
// cannot be brought back by standing still, and else whoever tampers with the log could switch moderation off.
func (p *parts) proveAudit(ctx context.Context) {
	proof, err := p.store.VerifyAudit(ctx)
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		p.log.Error("the audit log could not be verified", "err", err)
		p.audit.say("The audit log could not be read. Look at the log of guildwatch.")
	case !proof.Whole():
		p.log.Error("the audit log is not what was written", "why", proof.Why, "row", proof.Bad,
			"whole_rows", proof.Rows)
		p.audit.say("The audit log is not what was written. " + proof.Why +
			" Keep a copy of the database and find out who could write it.")
	default:
		// The line is a head noted elsewhere: guildwatch audit verify --expect takes it.
		p.log.Info("the audit log is whole", "rows", proof.Rows,
			"head", auditHead{store.AuditMark{Number: proof.Rows, Hash: proof.Head}}.String())
	}
}

func (a *auditWatch) say(reason string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.reason = reason
}

// health is degraded, never down: everything else works, and a container must not be restarted for it.
func (a *auditWatch) health() handlers.Part {
	a.mu.Lock()
	defer a.mu.Unlock()
	part := handlers.Part{Name: "audit", State: handlers.Well, Reason: a.reason}
	if a.reason != "" {
		part.State = handlers.Degraded
	}
	return part
}
