package bot

import (
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// roll is one guild's list of members while it comes, in parts. Events come between the parts, and what they say is
// newer: who left must not come back with a part, and who joined must not count as absent.
type roll struct {
	guild   snowflake.GuildID
	number  int64 // of the list; Discord repeats it with each part
	parts   int   // that came
	members []snowflake.UserID
	since   map[snowflake.UserID]bool // of whom events told since: true for a member
}

// tell notes what an event says of a user: a member of the guild, or not any more. It runs, as arrived and recorded, on
// the lane of the guild.
func (m *memberList) tell(guild snowflake.GuildID, user snowflake.UserID, member bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.roll != nil && m.roll.guild == guild {
		m.roll.since[user] = member
	}
}

// part is one of the messages in which a list comes.
type part struct {
	guild        snowflake.GuildID
	number       int64
	index, count int
	members      []moderation.Member
}

// arrived takes a part and gives those members of whom nothing newer is known. With the last part comes everybody who
// is in the guild, in ascending order; nil when a part is missing, and then the list is asked for again. A part of
// another list says nothing: it was given up, and a newer one is on its way.
func (m *memberList) arrived(p part) (news []moderation.Member, everybody []snowflake.UserID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.roll
	if r == nil || r.guild != p.guild || r.number != p.number {
		return nil, nil
	}
	for _, member := range p.members {
		if _, told := r.since[member.ID]; !told {
			news = append(news, member)
		}
		r.members = append(r.members, member.ID)
	}
	r.parts++
	m.nudge()
	switch {
	case p.index+1 < p.count:
		return news, nil
	case r.parts != p.count:
		m.putOff(m.pace.chunks)
		return news, nil
	}
	m.roll, m.ended[r.guild] = nil, true
	return news, r.everybody()
}

func (r *roll) everybody() []snowflake.UserID {
	for user, member := range r.since {
		if member {
			r.members = append(r.members, user)
		}
	}
	slices.Sort(r.members)
	return slices.DeleteFunc(slices.Compact(r.members), func(user snowflake.UserID) bool {
		member, told := r.since[user]
		return told && !member
	})
}

// recorded notes that a guild's whole list is in the ledger, unless something made it doubtful meanwhile.
func (m *memberList) recorded(guild snowflake.GuildID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ended[guild] && !slices.Contains(m.queue, guild) {
		m.whole[guild] = true
	}
	delete(m.ended, guild)
}
