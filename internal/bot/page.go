package bot

import (
	"slices"
	"time"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// page is one answer of Discord's REST API on its way through a lane: at most 100 messages of a channel, or entries of
// an audit log. It is one item, so that no mark comes between what it counts and how far that goes.
type page struct {
	moderation.OpenReading
	body []byte
	upto int64 // the id up to which the reading has come with it
	last bool
}

// pageOf passes on what stands on a page, oldest first, and behind it that it was read.
func (w *worker) pageOf(it item) (err error) {
	p := it.page
	read := moderation.HistoryRead{
		Origin: moderation.Origin{Guild: p.Guild, At: it.at.UTC()}, Reading: p.Reading,
		Progress: moderation.Progress{Upto: p.upto, Requests: 1},
	}
	if p.last {
		read.Progress.State = moderation.ReadDone
	}
	if p.Channel == 0 {
		read.Progress.Found, err = w.auditPage(it)
	} else {
		read.Progress.Found, err = w.messagePage(it)
	}
	w.emit(read)
	return err
}

// messagePage tells of messages as they are now: one that was edited is a message and an edit, one that was deleted is
// not there. Of the author's place in the guild REST says nothing.
func (w *worker) messagePage(it item) (found int64, _ error) {
	var list []wireMessage
	if err := decode(it.payload, &list); err != nil {
		return 0, err
	}
	slices.SortFunc(list, func(a, b wireMessage) int { return int(min(max(a.ID-b.ID, -1), 1)) })
	for i := range list {
		m := &list[i]
		if int64(m.ID) <= it.page.After || int64(m.ID) > it.page.upto || !written(m.Type) {
			continue
		}
		m.ChannelID, m.GuildID = id(it.page.Channel), id(it.page.Guild)
		posted := m.posted("")
		posted.Origin = moderation.Origin{Guild: it.page.Guild, At: madeAt(m.ID, it.at)}
		posted.Late = true
		w.emit(posted)
		found++
		edited := m.EditedTimestamp.Time
		if last, known := w.edits.get(int64(m.ID)); edited.IsZero() || known && last >= edited.UnixMicro() {
			continue
		}
		w.edits.put(int64(m.ID), edited.UnixMicro()) // the same edit may be on its way as an event
		posted.At, posted.Edit = edited, true
		w.emit(posted)
	}
	return found, nil
}

// auditPage tells of what was done in the gap. Entries are unique by their ids, so those from before the gap that come
// along change nothing.
func (w *worker) auditPage(it item) (found int64, _ error) {
	var log struct {
		Entries []wireEntry `json:"audit_log_entries"`
		Rules   []wireRule  `json:"auto_moderation_rules"`
	}
	if err := decode(it.payload, &log); err != nil {
		return 0, err
	}
	for i := range log.Entries {
		e := &log.Entries[i]
		if e.ID == 0 {
			continue
		}
		e.GuildID = id(it.page.Guild)
		at, before := madeAt(e.ID, it.at), len(w.out)
		if e.Options.Rule == "" {
			w.entry(e, it.at)
		} else if at.After(it.page.From) && int64(e.ID) <= it.page.Until {
			w.nativeHit(e, log.Rules, at)
		}
		if len(w.out) > before && at.After(it.page.From) {
			found++
		}
	}
	return found, nil
}

// auditQuarantine is the entry for a member whom AutoMod keeps from interacting; discordgo has no name for it.
const auditQuarantine = 146

// nativeHit makes an execution of AutoMod's entry, which knows neither what was written nor, but by its name, the rule.
func (w *worker) nativeHit(e *wireEntry, rules []wireRule, at time.Time) {
	hit := moderation.AutoModExecution{
		Origin:  moderation.Origin{Guild: snowflake.GuildID(e.GuildID), At: at},
		Trigger: moderation.Trigger(e.Options.Trigger), User: snowflake.UserID(e.TargetID),
		Channel: snowflake.ChannelID(e.Options.ChannelID),
	}
	if hit.User == 0 {
		hit.User = snowflake.UserID(e.UserID)
	}
	for _, r := range rules {
		if r.Name == e.Options.Rule && moderation.Trigger(r.Trigger) == hit.Trigger {
			hit.Rule = snowflake.RuleID(r.ID)
		}
	}
	switch discordgo.AuditLogAction(e.Action) {
	case discordgo.AuditLogActionAutoModerationBlockMessage:
		hit.Did = moderation.ActionDelete
	case discordgo.AuditLogActionAutoModerationUserCommunicationDisabled:
		hit.Did = moderation.ActionTimeout
	case discordgo.AuditLogActionAutoModerationFlagToChannel, auditQuarantine:
		hit.Did = moderation.ActionNote
	default:
		return
	}
	w.emit(hit)
}
