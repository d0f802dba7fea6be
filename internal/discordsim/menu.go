package discordsim

import "guildwatch/internal/snowflake"

// UseOnMember lets a member use a command of the menu of another one, such as "Warn". It is 0 like RunCommand's, and
// when there is no such user.
func (s *Sim) UseOnMember(
	channel snowflake.ChannelID, user snowflake.UserID, name string, target snowflake.UserID,
) snowflake.InteractionID {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.here(channel)
	if c == nil || c.guild == nil || c.guild.members[user] == nil || s.world.users[target] == nil {
		return 0
	}
	command := s.offered(c, user, commandOfUser, name)
	if command == nil {
		return 0
	}
	return s.interact(c, user, 2, map[string]any{
		"id": command.ID, "name": command.Name, "type": commandOfUser, "target_id": target,
		"resolved": s.resolve(c.guild, []Option{{Type: 6, Value: target.String()}}),
	}, nil)
}

// UseOnMessage lets a member use a command of the menu of a message, such as "Report to moderators".
func (s *Sim) UseOnMessage(
	channel snowflake.ChannelID, user snowflake.UserID, name string, message snowflake.MessageID,
) snowflake.InteractionID {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.here(channel)
	if c == nil || c.guild == nil || c.guild.members[user] == nil || c.message(message) == nil {
		return 0
	}
	command := s.offered(c, user, commandOfMessage, name)
	if command == nil {
		return 0
	}
	return s.interact(c, user, 2, map[string]any{
		"id": command.ID, "name": command.Name, "type": commandOfMessage, "target_id": message,
		"resolved": map[string]any{"messages": map[string]any{message.String(): c.message(message)}},
	}, nil)
}

// wrongForm checks the form with which an interaction is answered.
func (p *messageBody) wrongForm() *answer {
	var refused answer
	switch rows := list(p.Components); {
	case p.CustomID == "" || len(p.CustomID) > 100:
		refused = invalid("custom_id", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case p.Title == "" || len([]rune(p.Title)) > 45:
		refused = invalid("title", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 45 in length.")
	case rows < 1 || rows > 5:
		refused = invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	default:
		return nil
	}
	return &refused
}
