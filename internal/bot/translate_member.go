package bot

import (
	"strconv"

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
	w.members.tell(origin.Guild, snowflake.UserID(m.User.ID), true)
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
	w.members.tell(origin.Guild, snowflake.UserID(m.User.ID), false)
	w.emit(moderation.MemberLeft{Origin: origin, User: m.User.user()})
	return nil
}

// banAdd tells of somebody who was thrown out. A ban needs no member: it may be somebody who was never here.
func (w *worker) banAdd(it item) error {
	var ban struct {
		GuildID id        `json:"guild_id"`
		User    *wireUser `json:"user"`
	}
	if err := decode(it.payload, &ban); err != nil || ban.GuildID == 0 || ban.User == nil || ban.User.ID == 0 {
		return err
	}
	w.lost(arrived(it, ban.GuildID), snowflake.UserID(ban.User.ID))
	return nil
}

// lost passes on that somebody was kicked or banned, unless GUILD_MEMBER_REMOVE tells it: that counts as a leave, which
// it would not in the same millisecond as this.
func (w *worker) lost(origin moderation.Origin, user snowflake.UserID) {
	if user != 0 && !w.members.hears() {
		w.emit(moderation.MemberLost{Origin: origin, User: user})
	}
}

func (w *worker) memberUpdate(it item) error {
	var m wireGuildMember
	if err := decode(it.payload, &m); err != nil || m.GuildID == 0 || m.User == nil || m.User.ID == 0 {
		return err
	}
	origin := arrived(it, m.GuildID)
	w.members.tell(origin.Guild, snowflake.UserID(m.User.ID), true)
	w.emit(moderation.MemberChanged{Origin: origin, Member: m.member(m.User)})
	if snowflake.UserID(m.User.ID) == w.guilds.self() {
		profile, v := w.guilds.ownRoles(origin, roleIDs(m.Roles))
		w.reseen(origin, profile, v)
	}
	return nil
}

// membersChunk passes on a part of a guild's members, and with the last one who is in the guild at all.
func (w *worker) membersChunk(it item) error {
	var chunk struct {
		GuildID id           `json:"guild_id"`
		Members []wireMember `json:"members"`
		Index   int          `json:"chunk_index"`
		Count   int          `json:"chunk_count"`
		Nonce   string       `json:"nonce"`
	}
	if err := decode(it.payload, &chunk); err != nil || chunk.GuildID == 0 {
		return err
	}
	origin := arrived(it, chunk.GuildID)
	p := part{guild: origin.Guild, index: chunk.Index, count: chunk.Count}
	p.number, _ = strconv.ParseInt(chunk.Nonce, 10, 64) // 0 is nobody's
	for i := range chunk.Members {
		if m := &chunk.Members[i]; m.User != nil && m.User.ID != 0 {
			p.members = append(p.members, m.member(m.User))
		}
	}
	news, everybody := w.members.arrived(p)
	if len(news) > 0 {
		w.emit(moderation.MembersListed{Origin: origin, Members: news})
	}
	if len(everybody) > 0 {
		w.emit(moderation.MembersComplete{Origin: origin, Members: everybody})
	}
	return nil
}

// recorded follows an event that is in the ledger now.
func (w *worker) recorded(event moderation.Event) {
	if _, is := event.(moderation.MembersComplete); is {
		w.members.recorded(event.Where().Guild)
	}
}
