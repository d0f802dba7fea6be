package discordsim

import (
	"encoding/json"
	"slices"
	"strings"

	"guildwatch/internal/snowflake"
)

// chunk is one GUILD_MEMBERS_CHUNK.
type chunk struct {
	GuildID  snowflake.GuildID  `json:"guild_id"`
	Members  []*Member          `json:"members"`
	Index    int                `json:"chunk_index"`
	Count    int                `json:"chunk_count"`
	NotFound []snowflake.UserID `json:"not_found,omitempty"`
	Nonce    string             `json:"nonce,omitempty"`
}

// membersAsked is op 8. User ids come as one or as a list.
type membersAsked struct {
	GuildID snowflake.GuildID `json:"guild_id"`
	Query   *string           `json:"query"`
	Limit   int               `json:"limit"`
	UserIDs userIDs           `json:"user_ids"`
	Nonce   string            `json:"nonce"`
}

type userIDs []snowflake.UserID

// UnmarshalJSON reads one id or a list of ids.
func (ids *userIDs) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '[' {
		return json.Unmarshal(data, (*[]snowflake.UserID)(ids))
	}
	*ids = userIDs{0}
	return json.Unmarshal(data, &(*ids)[0])
}

// requestMembers answers op 8 with chunks; or with RATE_LIMITED when a whole list is asked for too often.
func (s *Sim) requestMembers(x *session, d json.RawMessage) (int, string) {
	var p membersAsked
	if json.Unmarshal(d, &p) != nil || p.Query == nil && p.UserIDs == nil {
		return 4002, "Error while decoding payload."
	}
	if len(p.Nonce) > 32 {
		p.Nonce = ""
	}
	g := s.in(p.GuildID)
	if g == nil || !x.sees(g) {
		return 0, ""
	}
	whole := p.Query != nil && *p.Query == "" && p.Limit == 0
	switch {
	case whole && x.intents&IntentGuildMembers == 0:
		return 4002, "GUILD_MEMBERS is needed for the whole list."
	case whole && !g.listAskedAt.IsZero() && s.Now().Sub(g.listAskedAt) < s.knobs.MemberListEvery:
		wait := s.knobs.MemberListEvery - s.Now().Sub(g.listAskedAt)
		x.push("RATE_LIMITED", encode(map[string]any{
			"opcode": opMembers, "retry_after": wait.Seconds(),
			"meta": map[string]any{"guild_id": g.ID, "nonce": p.Nonce},
		}))
		return 0, ""
	case whole:
		g.listAskedAt = s.Now()
	}
	found, missing := g.find(p)
	s.sendChunks(x, g, found, missing, p.Nonce)
	return 0, ""
}

// find are the members that op 8 asks for, at most 100 unless it is the whole list.
func (g *guild) find(p membersAsked) (found []*Member, missing []snowflake.UserID) {
	if p.Query != nil {
		limit := p.Limit
		if *p.Query != "" && (limit == 0 || limit > 100) {
			limit = 100
		}
		for _, m := range byID(g.members) {
			if strings.HasPrefix(strings.ToLower(m.User.Username), strings.ToLower(*p.Query)) {
				found = append(found, m)
			}
		}
		if limit > 0 && len(found) > limit {
			found = found[:limit]
		}
		return found, nil
	}
	for _, id := range p.UserIDs[:min(len(p.UserIDs), 100)] {
		if m := g.members[id]; m != nil {
			found = append(found, m)
		} else {
			missing = append(missing, id)
		}
	}
	return found, missing
}

func (s *Sim) sendChunks(x *session, g *guild, members []*Member, missing []snowflake.UserID, nonce string) {
	size := max(1, s.knobs.ChunkSize)
	chunks := slices.Collect(slices.Chunk(members, size))
	if len(chunks) == 0 {
		chunks = [][]*Member{{}}
	}
	for i, part := range chunks {
		c := chunk{GuildID: g.ID, Members: part, Index: i, Count: len(chunks), Nonce: nonce}
		if i == 0 {
			c.NotFound = missing
		}
		x.push("GUILD_MEMBERS_CHUNK", encode(c))
	}
}
