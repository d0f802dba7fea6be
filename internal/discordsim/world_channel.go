package discordsim

import "guildwatch/internal/snowflake"

// AddChannel makes a channel in a guild. It is 0 when there is no such guild.
func (s *Sim) AddChannel(id snowflake.GuildID, c Channel) snowflake.ChannelID {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.in(id)
	if g == nil {
		return 0
	}
	planted := s.plantChannel(g, c)
	s.emit("CHANNEL_CREATE", g, &planted.Channel)
	return planted.ID
}

// RemoveChannel deletes a channel with its messages.
func (s *Sim) RemoveChannel(id snowflake.ChannelID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.here(id); c != nil {
		s.removeChannel(c)
	}
}

func (s *Sim) removeChannel(c *channel) {
	delete(s.world.channels, c.ID)
	if c.guild != nil {
		delete(c.guild.channels, c.ID)
		name := "CHANNEL_DELETE"
		if c.Thread != nil {
			name = "THREAD_DELETE"
		}
		s.emit(name, c.guild, &c.Channel)
	}
}

// ChannelNamed is the id of a guild's channel by its name, 0 when there is none.
func (s *Sim) ChannelNamed(id snowflake.GuildID, name string) snowflake.ChannelID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.world.guilds[id]; g != nil {
		for _, c := range byID(g.channels) {
			if c.Name == name {
				return c.ID
			}
		}
	}
	return 0
}

// ChangeChannel edits a channel: its name, parent, position or overwrites; id and guild stay. False when there is no
// such channel. Edit runs under the Sim's lock, so it must not call the Sim.
func (s *Sim) ChangeChannel(id snowflake.ChannelID, edit func(*Channel)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.here(id)
	if c == nil || c.guild == nil {
		return false
	}
	edit(&c.Channel)
	c.ID, c.GuildID = id, c.guild.ID
	s.emit("CHANNEL_UPDATE", c.guild, &c.Channel)
	return true
}
