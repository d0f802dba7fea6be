package discordsim

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"guildwatch/internal/snowflake"
)

// Flags of an application that say which privileged intents it may use while in few guilds.
const (
	appPresence = 1 << 13
	appMembers  = 1 << 15
	appContent  = 1 << 19
)

func (s *Sim) applicationFlags() int {
	flags := 1 << 23 // has commands
	for intent, flag := range map[Intents]int{
		IntentGuildPresences: appPresence, IntentGuildMembers: appMembers, IntentMessageContent: appContent,
	} {
		if s.knobs.PrivilegedIntents&intent != 0 {
			flags |= flag
		}
	}
	return flags
}

func getGateway(c *call) answer {
	return ok(map[string]any{"url": c.sim.gatewayURL()})
}

func getGatewayBot(c *call) answer {
	s := c.sim
	left, reset := s.knobs.StartsTotal, time.Duration(0)
	if s.starts.used > 0 && s.Now().Sub(s.starts.since) < 24*time.Hour {
		left, reset = max(0, left-s.starts.used), 24*time.Hour-s.Now().Sub(s.starts.since)
	}
	return ok(map[string]any{
		"url": s.gatewayURL(), "shards": s.knobs.Shards,
		"session_start_limit": map[string]any{
			"total": s.knobs.StartsTotal, "remaining": left, "reset_after": reset.Milliseconds(),
			"max_concurrency": s.knobs.MaxConcurrency,
		},
	})
}

// getApplication is GET /applications/@me and its older name under /oauth2. In a team, the owner is the team's.
func getApplication(c *call) answer {
	s := c.sim
	app := map[string]any{
		"id": s.opt.ApplicationID, "name": s.opt.BotName, "icon": nil, "description": "", "bot_public": true,
		"bot_require_code_grant": false, "flags": s.applicationFlags(), "verify_key": "00", "team": nil,
		"owner": s.world.users[s.opt.Owner], "redirect_uris": append([]string{}, s.knobs.Redirects...), "approximate_guild_count": len(s.world.guilds),
		"bot": s.world.users[s.BotID()],
	}
	if len(s.world.team) > 0 {
		members := []map[string]any{}
		for state, users := range [][]snowflake.UserID{1: s.world.invited, 2: s.world.team} {
			for _, id := range users {
				members = append(members, map[string]any{
					"membership_state": state, "team_id": s.opt.ApplicationID, "permissions": []string{"*"}, "role": "admin",
					"user": s.world.users[id],
				})
			}
		}
		app["team"] = map[string]any{
			"id": s.opt.ApplicationID, "icon": nil, "name": s.opt.BotName + " team", "owner_user_id": s.world.team[0],
			"members": members,
		}
	}
	return ok(app)
}

// SetTeam makes the application belong to a team of these users, the first of whom owns it. None ends the team.
func (s *Sim) SetTeam(users ...snowflake.UserID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.team, s.world.invited = users, nil
}

// InviteToTeam invites a user to the application's team, who has not accepted yet.
func (s *Sim) InviteToTeam(user snowflake.UserID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.invited = append(s.world.invited, user)
}

func getMe(c *call) answer { return ok(c.user) }

func getUser(c *call) answer {
	user := c.sim.world.users[pathID[snowflake.UserID](c, "user")]
	if user == nil {
		return unknown(codeUnknownUser, "User")
	}
	return ok(user)
}

// getMyGuilds lists the guilds of whoever asks, in pages by id.
func getMyGuilds(c *call) answer {
	if c.grant != nil && !c.grant.has("guilds") {
		return fail(http.StatusForbidden, codeMissingAccess, "Missing Access")
	}
	limit, refused := c.limit(200, 200)
	if refused != nil {
		return *refused
	}
	after, before := queryID[snowflake.GuildID](c, "after"), queryID[snowflake.GuildID](c, "before")
	list := []map[string]any{}
	for _, g := range byID(c.sim.world.guilds) {
		if g.members[c.user.ID] == nil || g.ID <= after || before != 0 && g.ID >= before || len(list) == limit {
			continue
		}
		entry := map[string]any{
			"id": g.ID, "name": g.Name, "icon": g.Icon, "owner": g.OwnerID == c.user.ID, "features": []string{"COMMUNITY"},
			"permissions": g.permissions(c.user.ID),
		}
		if c.URL.Query().Get("with_counts") == "true" {
			entry["approximate_member_count"] = len(g.members)
		}
		list = append(list, entry)
	}
	return ok(list)
}

// postMyChannels opens the direct conversation with a user. Discord opens it even when messages will be refused.
func postMyChannels(c *call) answer {
	var p struct {
		Recipient snowflake.UserID `json:"recipient_id"`
	}
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	user := c.sim.world.users[p.Recipient]
	if user == nil || user.ID == c.sim.BotID() {
		return invalid("recipient_id", "USER_INVALID", "The user does not exist.")
	}
	return ok(&c.sim.direct(user).Channel)
}

// DirectChannel is where a user and the bot write to each other; 0 when there is no such user.
func (s *Sim) DirectChannel(user snowflake.UserID) snowflake.ChannelID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.world.users[user]; u != nil {
		return s.direct(u).ID
	}
	return 0
}

// Letters are the newest messages that the bot wrote to users, at most n, newest first: one for each user.
func (s *Sim) Letters(n int) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var letters []Message
	for _, c := range s.world.channels {
		if c.with == nil {
			continue
		}
		for i := len(c.messages) - 1; i >= 0; i-- {
			if c.messages[i].Author == s.BotID() {
				letters = append(letters, *c.messages[i])
				break
			}
		}
	}
	slices.SortFunc(letters, func(a, b Message) int { return cmp.Compare(b.ID, a.ID) })
	return letters[:min(n, len(letters))]
}

// Recipient is the other side of a direct conversation; 0 when the channel is none.
func (s *Sim) Recipient(direct snowflake.ChannelID) snowflake.UserID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.world.channels[direct]; c != nil && c.with != nil {
		return c.with.ID
	}
	return 0
}

// CloseDMs lets a user refuse direct messages, or take them again. The bot's get 50007 from then on.
func (s *Sim) CloseDMs(user snowflake.UserID, closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.world.users[user]; u != nil {
		u.ClosedDMs = closed
	}
}

// acquainted says whether a user and the bot are in a guild together: without one, Discord delivers no direct message.
func (s *Sim) acquainted(user snowflake.UserID) bool {
	for _, g := range s.world.guilds {
		if !g.away && g.members[user] != nil {
			return true
		}
	}
	return false
}

// direct is the conversation between the bot and a user.
func (s *Sim) direct(user *User) *channel {
	for _, c := range s.world.channels {
		if c.with == user {
			return c
		}
	}
	c := &channel{with: user, Channel: Channel{
		ID: newID[snowflake.ChannelID](s), Type: ChannelDM, Recipients: []*User{user}, Overwrites: []Overwrite{},
	}}
	s.world.channels[c.ID] = c
	return c
}
