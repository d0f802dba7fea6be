package store

import (
	"strings"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// nameCandidates is how many users of a name are looked at, in whatever guild they are. An instance that knows more of
// them finds those of one guild by more letters.
const nameCandidates = 2000

// FindMembers lists who is in a guild and whose id is text, or whose nick, display name or user name begins with it, in
// this order and at most most. Upper and lower case are alike for the letters A to Z; an @ before the name is ignored.
func (s *Snapshot) FindMembers(guild snowflake.GuildID, text string, most int) (list []moderation.Member) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "@")
	if text == "" || s.err != nil {
		return nil
	}
	found := map[snowflake.UserID]bool{}
	add := func(m db.Member, u db.User) {
		if id := snowflake.UserID(m.UserID); !found[id] && len(list) < most {
			found[id] = true
			list = append(list, memberOf(&m, &u))
		}
	}
	if id, err := snowflake.Parse[snowflake.UserID](text); err == nil {
		row, err := s.q.FindMemberByID(s.ctx, db.FindMemberByIDParams{GuildID: int64(guild), UserID: int64(id)})
		if s.ok("member", err) {
			add(row.Member, row.User)
		}
	}
	beyond := text + "\U0010FFFF" // no name goes on with it: it is no character
	nicks, err := s.q.ListMembersByNick(s.ctx, db.ListMembersByNickParams{
		GuildID: int64(guild), First: text, Beyond: beyond, Max: int64(most),
	})
	if s.ok("members by nick", err) {
		for _, row := range nicks {
			add(row.Member, row.User)
		}
	}
	displayed, err := s.q.ListMembersByGlobalName(s.ctx, db.ListMembersByGlobalNameParams{
		GuildID: int64(guild), First: text, Beyond: beyond, Candidates: nameCandidates, Max: int64(most),
	})
	if s.ok("members by display name", err) {
		for _, row := range displayed {
			add(row.Member, row.User)
		}
	}
	named, err := s.q.ListMembersByName(s.ctx, db.ListMembersByNameParams{
		GuildID: int64(guild), First: text, Beyond: beyond, Candidates: nameCandidates, Max: int64(most),
	})
	if s.ok("members by name", err) {
		for _, row := range named {
			add(row.Member, row.User)
		}
	}
	return list
}

func memberOf(m *db.Member, u *db.User) moderation.Member {
	return moderation.Member{
		User: moderation.User{
			ID: snowflake.UserID(u.UserID), Name: u.Name, Global: u.GlobalName, Avatar: u.Avatar, Bot: u.Bot != 0,
		},
		Nick: m.Nick, Roles: rolesOf(m.Roles), JoinedAt: timeOf(m.JoinedAt), TimeoutUntil: timeOf(m.TimeoutUntil),
	}
}
