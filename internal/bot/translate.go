package bot

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// translate reads the payload of it and leaves what it means in w.out. It is the one place where Discord's words become
// ours.
func (w *worker) translate(it item) error {
	switch it.kind {
	case kindMessageCreate:
		return w.messageCreate(it)
	case kindMessageUpdate:
		return w.messageUpdate(it)
	case kindMessageDelete, kindMessageDeleteBulk:
		return w.messageDelete(it)
	case kindThreadCreate, kindThreadUpdate:
		return w.threadTitle(it)
	case kindGuildCreate:
		return w.guildCreate(it)
	case kindGuildUpdate:
		return w.guildUpdate(it)
	case kindGuildDelete:
		return w.guildDelete(it)
	case kindRoleCreate, kindRoleUpdate, kindRoleDelete:
		return w.roleChange(it)
	case kindChannelCreate, kindChannelUpdate, kindChannelDelete:
		return w.channelChange(it)
	case kindMemberAdd:
		return w.memberAdd(it)
	case kindMemberRemove:
		return w.memberRemove(it)
	case kindMemberUpdate:
		return w.memberUpdate(it)
	case kindMembersChunk:
		return w.membersChunk(it)
	case kindBanAdd:
		return w.banAdd(it)
	case kindAuditEntry:
		return w.auditEntry(it)
	case kindAutoModExecution:
		return w.autoModExecution(it)
	case kindAutoModRuleCreate, kindAutoModRuleUpdate, kindAutoModRuleDelete:
		return w.autoModRule(it)
	case kindPage:
		return w.pageOf(it)
	}
	return nil
}

func (w *worker) emit(event moderation.Event) { w.out = append(w.out, event) }

// arrived is the origin of what Discord gives no time for.
func arrived(it item, guild id) moderation.Origin {
	return moderation.Origin{Guild: snowflake.GuildID(guild), At: it.at.UTC()}
}
