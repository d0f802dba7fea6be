package bot

import (
	"encoding/json"
	"time"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

type wireEntry struct {
	ID       id     `json:"id"`
	GuildID  id     `json:"guild_id"`
	UserID   id     `json:"user_id"`
	TargetID id     `json:"target_id"`
	Action   int    `json:"action_type"`
	Reason   string `json:"reason"`
	Changes  []struct {
		Key string          `json:"key"`
		New json.RawMessage `json:"new_value"`
	} `json:"changes"`
	Options struct {
		ChannelID id     `json:"channel_id"`
		Count     id     `json:"count"`
		Removed   id     `json:"members_removed"`
		Rule      string `json:"auto_moderation_rule_name"`
		Trigger   id     `json:"auto_moderation_rule_trigger_type"`
	} `json:"options"`
}

// auditEntry passes on what a moderator or another bot did to a member or a message. What the bot did itself is
// recorded where it was decided, and what AutoMod did comes as its execution: entries 143 to 146 would count it twice.
func (w *worker) auditEntry(it item) error {
	var e wireEntry
	if err := decode(it.payload, &e); err != nil || e.ID == 0 || e.GuildID == 0 {
		return err
	}
	if a := discordgo.AuditLogAction(e.Action); a == discordgo.AuditLogActionMemberKick ||
		a == discordgo.AuditLogActionMemberBanAdd {
		// As of its arrival, not of its id: a clock of Discord's that is behind ours must not make it older than what
		// was asked about the member before. Also when the bot did it itself: the rights are gone all the same.
		w.lost(arrived(it, e.GuildID), snowflake.UserID(e.TargetID))
	}
	if e.Options.Rule == "" {
		w.entry(&e, it.at)
	}
	return nil
}

// entry passes on an entry that is not AutoMod's.
func (w *worker) entry(e *wireEntry, at time.Time) {
	if snowflake.UserID(e.UserID) == w.guilds.self() {
		return
	}
	action := moderation.Action{
		Source: moderation.SourceAudit, Outcome: moderation.OutcomeDone, Target: snowflake.UserID(e.TargetID),
		Actor: snowflake.UserID(e.UserID), Channel: snowflake.ChannelID(e.Options.ChannelID), Reason: e.Reason, Count: 1,
	}
	switch discordgo.AuditLogAction(e.Action) {
	case discordgo.AuditLogActionMemberKick:
		action.Kind = moderation.ActionKick
	case discordgo.AuditLogActionMemberPrune:
		action.Kind, action.Count = moderation.ActionKick, max(1, int(min(e.Options.Removed, 1e6)))
	case discordgo.AuditLogActionMemberBanAdd:
		action.Kind = moderation.ActionBan
	case discordgo.AuditLogActionMemberBanRemove:
		action.Kind = moderation.ActionUnban
	case discordgo.AuditLogActionMemberUpdate:
		until, found := e.timeout()
		if !found {
			return
		}
		action.Kind, action.Until = moderation.ActionTimeout, until
		if until.IsZero() {
			action.Kind = moderation.ActionUntimeout
		}
	case discordgo.AuditLogActionMessageDelete, discordgo.AuditLogActionMessageBulkDelete:
		action.Kind, action.Count = moderation.ActionDelete, max(1, int(min(e.Options.Count, 1e6)))
		if discordgo.AuditLogAction(e.Action) == discordgo.AuditLogActionMessageBulkDelete {
			action.Target, action.Channel = 0, snowflake.ChannelID(e.TargetID) // its target is the channel
		}
	default:
		return
	}
	origin := moderation.Origin{Guild: snowflake.GuildID(e.GuildID), At: madeAt(e.ID, at)}
	w.emit(moderation.AuditEntry{Origin: origin, Entry: snowflake.EntryID(e.ID), Action: action})
}

// timeout is the end of a timeout that the entry set; zero when it lifted one.
func (e *wireEntry) timeout() (until time.Time, found bool) {
	for _, change := range e.Changes {
		if change.Key == "communication_disabled_until" {
			var end moment
			_ = end.UnmarshalJSON(change.New)
			return end.Time, true
		}
	}
	return time.Time{}, false
}

// The kinds of AutoMod's actions.
const (
	autoModBlock   = 1
	autoModAlert   = 2
	autoModTimeout = 3
	autoModMute    = 4 // keeps the member from interacting until the profile is changed
)

// autoModExecution passes on one action of a native rule. The desk groups those of one hit.
func (w *worker) autoModExecution(it item) error {
	var e struct {
		GuildID   id     `json:"guild_id"`
		RuleID    id     `json:"rule_id"`
		Trigger   int    `json:"rule_trigger_type"`
		UserID    id     `json:"user_id"`
		ChannelID id     `json:"channel_id"`
		MessageID id     `json:"message_id"`
		Content   string `json:"content"`
		Keyword   string `json:"matched_keyword"`
		Matched   string `json:"matched_content"`
		Action    struct {
			Type     int `json:"type"`
			Metadata struct {
				Seconds int64 `json:"duration_seconds"`
			} `json:"metadata"`
		} `json:"action"`
	}
	if err := decode(it.payload, &e); err != nil || e.GuildID == 0 || e.RuleID == 0 || e.UserID == 0 {
		return err
	}
	event := moderation.AutoModExecution{
		Origin: arrived(it, e.GuildID), Rule: snowflake.RuleID(e.RuleID), Trigger: moderation.Trigger(e.Trigger),
		User: snowflake.UserID(e.UserID), Channel: snowflake.ChannelID(e.ChannelID), Message: snowflake.MessageID(e.MessageID),
		Keyword: e.Keyword, Content: e.Content, Did: moderation.ActionNote,
	}
	if event.Keyword == "" {
		event.Keyword = e.Matched // preset and spam rules have no keyword of their own
	}
	switch e.Action.Type {
	case autoModBlock:
		event.Did = moderation.ActionDelete
	case autoModTimeout:
		event.Did = moderation.ActionTimeout
		event.Duration = time.Duration(min(max(e.Action.Metadata.Seconds, 0), 28*24*3600)) * time.Second // Discord's longest
	case autoModAlert, autoModMute: // a note
	}
	w.emit(event)
	return nil
}

func (w *worker) autoModRule(it item) error {
	var r wireRule
	if err := decode(it.payload, &r); err != nil || r.ID == 0 || r.GuildID == 0 {
		return err
	}
	seen := r.event(it.at, it.kind == kindAutoModRuleDelete)
	seen.Live = true
	w.emit(seen)
	return nil
}
