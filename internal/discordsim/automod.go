package discordsim

import (
	"encoding/json"
	"strconv"
	"time"

	"guildwatch/internal/snowflake"
)

// What makes an AutoMod rule fire.
const (
	TriggerKeyword       = 1
	TriggerSpam          = 3
	TriggerPreset        = 4
	TriggerMentionSpam   = 5
	TriggerMemberProfile = 6
)

// What an AutoMod rule does.
const (
	AutoModBlock   = 1
	AutoModAlert   = 2
	AutoModTimeout = 3
	AutoModMute    = 4 // blocks the member's interaction
)

// AutoModRule is a rule of Discord's own.
type AutoModRule struct {
	ID             snowflake.RuleID      `json:"id"`
	GuildID        snowflake.GuildID     `json:"guild_id"`
	Name           string                `json:"name"`
	CreatorID      snowflake.UserID      `json:"creator_id"`
	Event          int                   `json:"event_type"`
	Trigger        int                   `json:"trigger_type"`
	Metadata       json.RawMessage       `json:"trigger_metadata"`
	Actions        []AutoModAction       `json:"actions"`
	Enabled        bool                  `json:"enabled"`
	ExemptRoles    []snowflake.RoleID    `json:"exempt_roles"`
	ExemptChannels []snowflake.ChannelID `json:"exempt_channels"`
}

// AutoModAction is one of a rule's consequences.
type AutoModAction struct {
	Type     int             `json:"type"`
	Metadata AutoModMetadata `json:"metadata"`
}

// AutoModMetadata is what an action needs to know.
type AutoModMetadata struct {
	ChannelID snowflake.ChannelID `json:"channel_id,omitempty"`       // of an alert
	Seconds   int                 `json:"duration_seconds,omitempty"` // of a timeout
	Message   string              `json:"custom_message,omitempty"`   // of a block
}

// AutoModHit is content that fires a rule.
type AutoModHit struct {
	Guild   snowflake.GuildID
	Rule    snowflake.RuleID
	User    snowflake.UserID
	Channel snowflake.ChannelID // 0 when the content is a profile
	Content string
	Keyword string // of the rule
	Matched string // within Content
}

// execution is AUTO_MODERATION_ACTION_EXECUTION.
type execution struct {
	GuildID   snowflake.GuildID   `json:"guild_id"`
	Action    AutoModAction       `json:"action"`
	RuleID    snowflake.RuleID    `json:"rule_id"`
	Trigger   int                 `json:"rule_trigger_type"`
	UserID    snowflake.UserID    `json:"user_id"`
	ChannelID snowflake.ChannelID `json:"channel_id,omitempty"`
	MessageID snowflake.MessageID `json:"message_id,omitempty"`
	AlertID   snowflake.MessageID `json:"alert_system_message_id,omitempty"`
	Content   string              `json:"content"`
	Keyword   Text                `json:"matched_keyword"`
	Matched   Text                `json:"matched_content"`
}

// CreateAutoModRule makes a rule, by somebody. Zero fields become those of a keyword rule on messages, a zero ID is
// made up. 0 when there is no such guild.
func (s *Sim) CreateAutoModRule(guild snowflake.GuildID, by snowflake.UserID, rule AutoModRule) snowflake.RuleID {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.guilds[guild]
	if g == nil {
		return 0
	}
	return s.putRule(g, by, rule).ID
}

func (s *Sim) putRule(g *guild, by snowflake.UserID, rule AutoModRule) *AutoModRule {
	if rule.ID == 0 {
		rule.ID = newID[snowflake.RuleID](s)
	}
	rule.GuildID, rule.CreatorID = g.ID, by
	rule.fill()
	g.rules[rule.ID] = &rule
	s.emit("AUTO_MODERATION_RULE_CREATE", g, &rule)
	s.note(g, AuditEntry{
		UserID: by, TargetID: rule.ID.String(), Action: AuditRuleCreate,
		Changes: []AuditChange{{Key: "name", New: rule.Name}},
	})
	return &rule
}

func (r *AutoModRule) fill() {
	if r.Event == 0 {
		r.Event = 1
	}
	if r.Trigger == 0 {
		r.Trigger = TriggerKeyword
	}
	if len(r.Metadata) == 0 {
		r.Metadata = json.RawMessage(`{}`)
	}
	if r.Actions == nil {
		r.Actions = []AutoModAction{}
	}
	if r.ExemptRoles == nil {
		r.ExemptRoles = []snowflake.RoleID{}
	}
	if r.ExemptChannels == nil {
		r.ExemptChannels = []snowflake.ChannelID{}
	}
}

// AutoModExecute lets a member's content fire a rule: its actions happen and each sends its own event, as on Discord.
// The message's id is 0 when the rule blocks it; false when the guild, the rule or the member is not there, or the rule
// is off.
func (s *Sim) AutoModExecute(hit AutoModHit) (snowflake.MessageID, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.in(hit.Guild)
	if g == nil || g.rules[hit.Rule] == nil || !g.rules[hit.Rule].Enabled || g.members[hit.User] == nil {
		return 0, false
	}
	rule, c := g.rules[hit.Rule], g.channels[hit.Channel]
	e := execution{
		GuildID: g.ID, RuleID: rule.ID, Trigger: rule.Trigger, UserID: hit.User, Content: hit.Content,
		Keyword: Text(hit.Keyword), Matched: Text(hit.Matched),
	}
	if c != nil {
		e.ChannelID = c.ID
		if !rule.does(AutoModBlock) {
			e.MessageID = s.post(c, Post{Channel: c.ID, Author: hit.User, Content: hit.Content}, nil).ID
		}
	}
	for _, action := range rule.Actions {
		s.execute(g, rule, action, e)
	}
	return e.MessageID, true
}

func (r *AutoModRule) does(kind int) bool {
	for _, action := range r.Actions {
		if action.Type == kind {
			return true
		}
	}
	return false
}

// execute carries out one action and tells of it: first the deed, then the execution, then the audit log.
func (s *Sim) execute(g *guild, rule *AutoModRule, action AutoModAction, e execution) {
	e.Action = action
	entry := AuditEntry{
		UserID: e.UserID, TargetID: e.UserID.String(), Action: AuditAutoModBlock,
		Options: map[string]string{
			"auto_moderation_rule_name": rule.Name, "auto_moderation_rule_trigger_type": strconv.Itoa(rule.Trigger),
		},
	}
	if e.ChannelID != 0 {
		entry.Options["channel_id"] = e.ChannelID.String()
	}
	switch action.Type {
	case AutoModAlert:
		if to := g.channels[action.Metadata.ChannelID]; to != nil {
			embeds := encode([]map[string]any{{"type": "auto_moderation_message", "description": e.Content}})
			e.AlertID = s.post(to, Post{Author: e.UserID, Type: 24, With: Content{Embeds: embeds}}, nil).ID
		}
		entry.Action = AuditAutoModAlert
	case AutoModTimeout:
		until := s.Now().Add(time.Duration(action.Metadata.Seconds) * time.Second)
		m := g.members[e.UserID]
		m.TimeoutUntil = &until
		s.memberChanged(g, m)
		entry.Action = AuditAutoModTimeout
	}
	s.emitExecution(g, e)
	if action.Type != AutoModMute {
		s.note(g, entry)
	}
}

// emitExecution hides the content from sessions without MESSAGE_CONTENT.
func (s *Sim) emitExecution(g *guild, e execution) {
	if len(s.sessions) == 0 {
		return
	}
	body := encode(e)
	e.Content, e.Matched = "", ""
	s.dispatch(event{
		name: "AUTO_MODERATION_ACTION_EXECUTION", guild: g, need: IntentAutoModExecution, body: body, blind: encode(e),
	})
}
