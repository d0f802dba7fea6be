package discordsim

import (
	"cmp"
	"slices"
	"time"

	"guildwatch/internal/snowflake"
)

// message finds a message of a channel, nil when it is gone.
func (c *channel) message(id snowflake.MessageID) *Message {
	at, found := c.find(id)
	if !found {
		return nil
	}
	return c.messages[at]
}

func (c *channel) find(id snowflake.MessageID) (int, bool) {
	return slices.BinarySearchFunc(c.messages, id, (*Message).order)
}

// order compares the message's id: messages are kept in the order of their ids, which is that of their times.
func (m *Message) order(id snowflake.MessageID) int { return cmp.Compare(m.ID, id) }

// MessageByID is a copy of a message; false when it is gone.
func (s *Sim) MessageByID(id snowflake.ChannelID, message snowflake.MessageID) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.world.channels[id]; c != nil {
		if m := c.message(message); m != nil {
			return *m, true
		}
	}
	return Message{}, false
}

// Messages are copies of what a channel holds, oldest first; at most the newest Options.Keep to twice as many.
func (s *Sim) Messages(id snowflake.ChannelID) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.world.channels[id]
	if c == nil {
		return nil
	}
	messages := make([]Message, len(c.messages))
	for i, m := range c.messages {
		messages[i] = *m
	}
	return messages
}

// age is how long ago the message was written, by its id.
func (s *Sim) age(id snowflake.MessageID) time.Duration { return s.Now().Sub(snowflake.Time(id)) }
