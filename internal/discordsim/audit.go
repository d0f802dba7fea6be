package discordsim

import (
	"slices"
	"strconv"
	"time"

	"guildwatch/internal/snowflake"
)

// What an audit entry may say was done.
const (
	AuditGuildUpdate    = 1
	AuditChannelCreate  = 10
	AuditChannelUpdate  = 11
	AuditChannelDelete  = 12
	AuditKick           = 20
	AuditBan            = 22
	AuditUnban          = 23
	AuditMemberUpdate   = 24
	AuditMemberRoles    = 25
	AuditRoleCreate     = 30
	AuditRoleUpdate     = 31
	AuditRoleDelete     = 32
	AuditWebhookCreate  = 50
	AuditWebhookDelete  = 52
	AuditMessageDelete  = 72
	AuditBulkDelete     = 73
	AuditThreadCreate   = 110
	AuditThreadUpdate   = 111
	AuditThreadDelete   = 112
	AuditRuleCreate     = 140
	AuditRuleUpdate     = 141
	AuditRuleDelete     = 142
	AuditAutoModBlock   = 143
	AuditAutoModAlert   = 144
	AuditAutoModTimeout = 145
)

// AuditEntry is a line of a guild's audit log.
type AuditEntry struct {
	ID       snowflake.EntryID `json:"id"`
	UserID   snowflake.UserID  `json:"user_id"`
	TargetID string            `json:"target_id"`
	Action   int               `json:"action_type"`
	Changes  []AuditChange     `json:"changes,omitempty"`
	Options  map[string]string `json:"options,omitempty"`
	Reason   string            `json:"reason,omitempty"`
	at       time.Time
}

// AuditChange is one field that a deed changed; nil values are left out.
type AuditChange struct {
	Key string `json:"key"`
	Old any    `json:"old_value,omitempty"`
	New any    `json:"new_value,omitempty"`
}

// auditEvent is the entry as the gateway sends it.
type auditEvent struct {
	*AuditEntry
	GuildID snowflake.GuildID `json:"guild_id"`
}

// note writes an audit entry and emits it, if the bot may read the log.
func (s *Sim) note(g *guild, entry AuditEntry) *AuditEntry {
	entry.ID, entry.at = newID[snowflake.EntryID](s), s.Now()
	g.audit = append(g.audit, &entry)
	if len(g.audit) > 2*s.opt.Keep {
		g.audit = slices.Delete(g.audit, 0, len(g.audit)-s.opt.Keep)
	}
	s.emitAudit(g, &entry)
	return &entry
}

// noting does a deed and writes its entry: before the deed when the knob says so, for on Discord either may come first.
func (s *Sim) noting(g *guild, entry AuditEntry, deed func()) {
	if s.knobs.AuditFirst {
		s.note(g, entry)
		deed()
		return
	}
	deed()
	s.note(g, entry)
}

func (s *Sim) emitAudit(g *guild, entry *AuditEntry) {
	if g.permissions(s.BotID())&PermissionViewAuditLog != 0 {
		s.emit("GUILD_AUDIT_LOG_ENTRY_CREATE", g, auditEvent{entry, g.ID})
	}
}

// auditDelete notes that somebody deleted another's message. Within 5 min Discord only raises the count of the last
// entry for the same deed, without an event.
func (s *Sim) auditDelete(c *channel, author, by snowflake.UserID, reason string) {
	g := c.guild
	if n := len(g.audit); n > 0 && reason == "" {
		last := g.audit[n-1]
		if last.Action == AuditMessageDelete && last.UserID == by && last.TargetID == author.String() && last.Reason == "" &&
			last.Options["channel_id"] == c.ID.String() && s.Now().Sub(last.at) < 5*time.Minute {
			count, _ := strconv.Atoi(last.Options["count"])
			last.Options["count"] = strconv.Itoa(count + 1)
			return
		}
	}
	s.note(g, AuditEntry{
		UserID: by, TargetID: author.String(), Action: AuditMessageDelete, Reason: reason,
		Options: map[string]string{"channel_id": c.ID.String(), "count": "1"},
	})
}

// AuditLog are copies of a guild's audit entries, oldest first.
func (s *Sim) AuditLog(id snowflake.GuildID) []AuditEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guilds[id]
	if g == nil {
		return nil
	}
	entries := make([]AuditEntry, len(g.audit))
	for i, entry := range g.audit {
		entries[i] = *entry
	}
	return entries
}
