package bot

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// wireGuildMember is a member as its own events carry it.
type wireGuildMember struct {
	wireMember
	GuildID id `json:"guild_id"`
}

func (w *worker) memberAdd(it item) error {
	var m wireGuildMember
	if err := decode(it.payload, &m); err != nil || m.GuildID == 0 || m.User == nil || m.User.ID == 0 {
		return err
	}
	origin := arrived(it, m.GuildID)
	if at := m.JoinedAt.Time; !at.IsZero() && !at.After(it.at.Add(farAhead)) {
		origin.At = at
	}
	w.guilds.count(origin.Guild, 1)
	w.emit(moderation.MemberJoined{Origin: origin, Member: m.member(m.User)})
	return nil
}

func (w *worker) memberRemove(it item) error {
	var m wireGuildMember
	if err := decode(it.payload, &m); err != nil || m.GuildID == 0 || m.User == nil || m.User.ID == 0 {
		return err
	}
	origin := arrived(it, m.GuildID)
	w.guilds.count(origin.Guild, -1)
	w.emit(moderation.MemberLeft{Origin: origin, User: m.User.user()})
	return nil
}

func (w *worker) memberUpdate(it item) error {
	var m wireGuildMember
	if err := decode(it.payload, &m); err != nil || m.GuildID == 0 || m.User == nil || m.User.ID == 0 {
		return err
	}
	origin := arrived(it, m.GuildID)
	w.emit(moderation.MemberChanged{Origin: origin, Member: m.member(m.User)})
	if snowflake.UserID(m.User.ID) == w.guilds.self() {
		profile, v := w.guilds.ownRoles(origin, roleIDs(m.Roles))
		w.reseen(origin, profile, v)
	}
	return nil
}

// membersChunk passes on a part of a guild's members and tells the list, which then asks for the next guild.
func (w *worker) membersChunk(it item) error {
	var chunk struct {
		GuildID id           `json:"guild_id"`
		Members []wireMember `json:"members"`
		Index   int          `json:"chunk_index"`
		Count   int          `json:"chunk_count"`
	}
	if err := decode(it.payload, &chunk); err != nil || chunk.GuildID == 0 {
		return err
	}
	listed := moderation.MembersListed{Origin: arrived(it, chunk.GuildID)}
	for i := range chunk.Members {
		if m := &chunk.Members[i]; m.User != nil && m.User.ID != 0 {
			listed.Members = append(listed.Members, m.member(m.User))
		}
	}
	if len(listed.Members) > 0 {
		w.emit(listed)
	}
	w.members.arrived(listed.Guild, chunk.Index+1 >= chunk.Count)
	return nil
}
