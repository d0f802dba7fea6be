package store

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// MemberCard is what a guild knows of somebody who may be a member of it.
type MemberCard struct {
	Seen         bool              // Discord has told of them in this guild
	Member       moderation.Member // as far as it is known
	Left         bool
	LeftAt       time.Time    // zero: they have not
	Active       time.Time    // the quarter of an hour in which they last did something here; zero: unknown
	Warnings     []WarningRow // the newest 50, cleared ones too
	Level        int          // on the ladder, now
	KickedBefore bool
	Next         ladder.Step // what the next violation on the ladder costs
	Actions      []ActionRow // the newest 50
	Violations   RuleCounts  // by what became of them, ever
	Recent       []ViolationRow
}

// cardRows is how many of each kind a card shows; the lists have the rest.
const cardRows = 50

// MemberCard gives what a guild knows of a user.
func (s *Snapshot) MemberCard(guild snowflake.GuildID, user snowflake.UserID) MemberCard {
	if s.err != nil {
		return MemberCard{}
	}
	card := MemberCard{Member: moderation.Member{User: moderation.User{ID: user}}}
	s.cardMember(&card, guild)
	card.Warnings = s.Warnings(guild, WarningFilter{User: user}, cardRows)
	if s.err != nil {
		return MemberCard{}
	}
	var err error
	card.Level, err = levelOf(s.ctx, s.q, guild, user, s.now)
	s.ok("level", err)
	card.KickedBefore, err = wasKicked(s.ctx, s.q, guild, user)
	s.ok("kick", err)
	card.Next = s.Ladder(guild).Next(card.Level, card.KickedBefore)
	actions, err := s.q.ListActionsOn(s.ctx,
		db.ListActionsOnParams{GuildID: int64(guild), TargetID: int64(user), Max: cardRows})
	s.ok("actions on a member", err)
	for i := range actions {
		card.Actions = append(card.Actions, actionRowOf(&actions[i]))
	}
	n, err := s.q.CountStatesOf(s.ctx, db.CountStatesOfParams{GuildID: int64(guild), UserID: int64(user)})
	s.ok("violations of a member", err)
	card.Violations = RuleCounts{n.Counted, n.Shadow, n.FalsePositives}
	card.Recent = s.Violations(guild, ViolationFilter{User: user}, cardRows)
	return card
}

// cardMember fills in what Discord has told of the user, in this guild and elsewhere.
func (s *Snapshot) cardMember(card *MemberCard, guild snowflake.GuildID) {
	user := card.Member.ID
	m, err := s.q.GetMember(s.ctx, db.GetMemberParams{GuildID: int64(guild), UserID: int64(user)})
	if s.ok("member", err) {
		card.Seen, card.Left = true, m.LeftAt != 0
		card.LeftAt, card.Active = timeOf(m.LeftAt), timeOf(m.LastActiveAt)
		card.Member.Nick, card.Member.Roles = m.Nick, rolesOf(m.Roles)
		card.Member.JoinedAt, card.Member.TimeoutUntil = timeOf(m.JoinedAt), timeOf(m.TimeoutUntil)
	}
	users, err := s.q.ListUsers(s.ctx, jsonIDs([]snowflake.UserID{user}))
	s.ok("user", err)
	for _, u := range users {
		card.Member.User = moderation.User{ID: user, Name: u.Name, Global: u.GlobalName, Avatar: u.Avatar, Bot: u.Bot != 0}
	}
}
