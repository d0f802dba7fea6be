package discordsim

import (
	"encoding/json"
	"slices"

	"guildwatch/internal/snowflake"
)

// postThread starts a thread without a message, or a forum's post with one.
func postThread(c *call) answer {
	parent, refused := c.channel(0)
	if refused != nil {
		return *refused
	}
	return c.startThread(parent, 0)
}

// postMessageThread starts a thread at a message; it has the message's id.
func postMessageThread(c *call) answer {
	parent, refused := c.channel(PermissionCreateThreads)
	if refused != nil {
		return *refused
	}
	m := parent.message(pathID[snowflake.MessageID](c, "message"))
	if m == nil {
		return unknown(codeUnknownMessage, "Message")
	}
	return c.startThread(parent, snowflake.ChannelID(m.ID))
}

func (c *call) startThread(parent *channel, id snowflake.ChannelID) answer {
	var p struct {
		Name      string          `json:"name"`
		Type      int             `json:"type"`
		Archive   int             `json:"auto_archive_duration"`
		Slowmode  int             `json:"rate_limit_per_user"`
		Invitable *bool           `json:"invitable"`
		Tags      []string        `json:"applied_tags"`
		Message   json.RawMessage `json:"message"`
	}
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	need := PermissionCreateThreads
	if p.Type == ChannelPrivateThread && id == 0 {
		need = PermissionPrivateThreads
	}
	switch {
	case parent.guild == nil || parent.Thread != nil:
		return missingAccess()
	case parent.guild.permissionsIn(parent, c.sim.BotID())&need == 0:
		return missingPermissions()
	case p.Type == ChannelPrivateThread && parent.Type == ChannelNews:
		return fail(400, 50024, "Cannot execute action on this channel type")
	case p.Name == "" || len([]rune(p.Name)) > 100:
		return invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case c.sim.world.channels[id] != nil:
		return fail(400, 160004, "A thread has already been created for this message")
	case parent.Type == ChannelForum && p.Message == nil:
		return invalid("message", "BASE_TYPE_REQUIRED", "This field is required")
	}
	if p.Type == 0 || id != 0 {
		p.Type = ChannelPublicThread
	}
	if p.Archive == 0 {
		p.Archive = 4320
	}
	thread := c.sim.startThread(parent, Channel{
		ID: id, Type: p.Type, Name: p.Name, RateLimitPerUser: p.Slowmode, OwnerID: c.sim.BotID(), AppliedTags: p.Tags,
		Thread: &ThreadState{AutoArchiveDuration: p.Archive, Invitable: p.Invitable == nil || *p.Invitable},
	})
	c.auditChannel(thread, AuditThreadCreate)
	if p.Message != nil {
		c.body = p.Message
		if result := c.write(thread); result.status >= 300 {
			return result
		}
	}
	return created(&thread.Channel)
}

// startThread plants the thread and tells of it.
func (s *Sim) startThread(parent *channel, thread Channel) *channel {
	thread.ParentID, thread.Thread.ArchiveTimestamp = parent.ID, s.Now()
	planted := s.plantChannel(parent.guild, thread)
	planted.join(thread.OwnerID)
	s.emit("THREAD_CREATE", parent.guild, struct {
		*Channel
		New bool `json:"newly_created"`
	}{&planted.Channel, true})
	return planted
}

// StartThread opens a public thread, by a member. It is 0 when that is not possible.
func (s *Sim) StartThread(parent snowflake.ChannelID, by snowflake.UserID, name string) snowflake.ChannelID {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.here(parent)
	if c == nil || c.guild == nil || c.Thread != nil || !s.mayPost(c, by) {
		return 0
	}
	return s.startThread(c, Channel{
		Type: ChannelPublicThread, Name: name, OwnerID: by, Thread: &ThreadState{AutoArchiveDuration: 4320},
	}).ID
}

// patchThread archives, locks and renames.
func (c *call) patchThread(ch *channel) answer {
	var p struct {
		Name      *string  `json:"name"`
		Archived  *bool    `json:"archived"`
		Locked    *bool    `json:"locked"`
		Invitable *bool    `json:"invitable"`
		Archive   *int     `json:"auto_archive_duration"`
		Slowmode  *int     `json:"rate_limit_per_user"`
		Tags      []string `json:"applied_tags"`
	}
	if refused, fits := c.read(&p); !fits {
		return refused
	}
	manages := ch.guild.permissionsIn(ch, c.sim.BotID())&PermissionManageThreads != 0
	opens := p.Archived != nil && !*p.Archived
	switch {
	case !manages && (ch.OwnerID != c.sim.BotID() || p.Locked != nil || ch.Thread.Locked):
		return missingPermissions()
	case ch.Thread.Archived && !opens:
		return fail(400, codeArchivedThread, "Thread is archived")
	}
	set(&ch.Name, p.Name)
	if p.Archived != nil && *p.Archived != ch.Thread.Archived {
		ch.Thread.Archived, ch.Thread.ArchiveTimestamp = *p.Archived, c.sim.Now()
	}
	set(&ch.Thread.Locked, p.Locked)
	set(&ch.Thread.Invitable, p.Invitable)
	set(&ch.Thread.AutoArchiveDuration, p.Archive)
	set(&ch.RateLimitPerUser, p.Slowmode)
	if p.Tags != nil {
		ch.AppliedTags = p.Tags
	}
	c.sim.emit("THREAD_UPDATE", ch.guild, &ch.Channel)
	c.auditChannel(ch, AuditThreadUpdate)
	return ok(&ch.Channel)
}

// putThreadMember adds somebody to a thread.
func putThreadMember(c *call) answer {
	ch, refused := c.channel(PermissionSendInThreads)
	if refused != nil {
		return *refused
	}
	switch {
	case ch.Thread == nil:
		return unknown(codeUnknownChannel, "Channel")
	case ch.Thread.Archived:
		return fail(400, codeArchivedThread, "Thread is archived")
	}
	m, refused := c.member(ch.guild)
	if refused != nil {
		return *refused
	}
	ch.join(m.User.ID)
	return done()
}

// join notes that somebody is in a thread.
func (c *channel) join(user snowflake.UserID) {
	if !slices.Contains(c.inside, user) {
		c.inside = append(c.inside, user)
	}
}

// admits says whether somebody sees a thread: a private one only who is in it, or manages threads.
func (c *channel) admits(user snowflake.UserID) bool {
	return c.Type != ChannelPrivateThread || slices.Contains(c.inside, user) ||
		c.guild.permissionsIn(c, user)&PermissionManageThreads != 0
}

// ThreadMembers are who is in a thread, in the order in which they came.
func (s *Sim) ThreadMembers(thread snowflake.ChannelID) []snowflake.UserID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.here(thread); c != nil {
		return slices.Clone(c.inside)
	}
	return nil
}

// Threads are the threads of a channel, oldest first.
func (s *Sim) Threads(parent snowflake.ChannelID) []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var threads []Channel
	if c := s.here(parent); c != nil && c.guild != nil {
		for _, t := range byID(c.guild.channels) {
			if t.Thread != nil && t.ParentID == parent {
				state := *t.Thread
				threads = append(threads, t.Channel)
				threads[len(threads)-1].Thread = &state
			}
		}
	}
	return threads
}

func listThreads(c *call) answer {
	g, refused := c.guild(0)
	if refused != nil {
		return *refused
	}
	threads := []*Channel{}
	for _, ch := range byID(g.channels) {
		if ch.Thread != nil && !ch.Thread.Archived {
			threads = append(threads, &ch.Channel)
		}
	}
	return ok(map[string]any{"threads": threads, "members": []int{}})
}
