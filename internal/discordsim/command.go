package discordsim

import (
	"encoding/json"
	"slices"

	"guildwatch/internal/snowflake"
)

// Command is a registered application command.
type Command struct {
	ID                 snowflake.CommandID     `json:"id"`
	ApplicationID      snowflake.ApplicationID `json:"application_id"`
	GuildID            snowflake.GuildID       `json:"guild_id,omitempty"`
	Version            snowflake.CommandID     `json:"version"`
	Type               int                     `json:"type"`
	Name               string                  `json:"name"`
	Description        string                  `json:"description"`
	Options            json.RawMessage         `json:"options,omitempty"`
	DefaultPermissions *Permissions            `json:"default_member_permissions"`
	DMPermission       *bool                   `json:"dm_permission,omitempty"`
	Contexts           []int                   `json:"contexts,omitempty"`
	NSFW               bool                    `json:"nsfw"`
}

// Commands are those registered for a guild; for guild 0 the global ones.
func (s *Sim) Commands(guild snowflake.GuildID) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.world.commands[guild])
}

// The types of commands.
const (
	commandTyped     = 1
	commandOfUser    = 2
	commandOfMessage = 3
)

// commandNamed finds a command as a user of the guild would: the guild's own come first.
func (s *Sim) commandNamed(guild snowflake.GuildID, kind int, name string) *Command {
	for _, of := range []snowflake.GuildID{guild, 0} {
		for i := range s.world.commands[of] {
			if s.world.commands[of][i].Name == name && s.world.commands[of][i].Type == kind {
				return &s.world.commands[of][i]
			}
		}
	}
	return nil
}

// commandsOf checks the path of a command route: the application must be the bot's own, the guild one that it is in.
func (c *call) commandsOf() (snowflake.GuildID, *answer) {
	if pathID[snowflake.ApplicationID](c, "application") != c.sim.opt.ApplicationID {
		refused := unknown(codeUnknownApplication, "Application")
		return 0, &refused
	}
	if c.PathValue("guild") == "" {
		return 0, nil
	}
	g, refused := c.guild(0)
	if refused != nil {
		return 0, refused
	}
	return g.ID, nil
}

// wrong checks a command's name and description.
func (command *Command) wrong() *answer {
	if command.Type == 0 {
		command.Type = commandTyped
	}
	var refused answer
	switch {
	case command.Name == "" || len([]rune(command.Name)) > 32:
		refused = invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length.")
	case command.Type != commandTyped && command.Description != "":
		refused = invalid("description", "APPLICATION_COMMAND_DESCRIPTION_INVALID", "Context menu commands cannot have description.")
	case command.Type != commandTyped && list(command.Options) != 0:
		refused = invalid("options", "APPLICATION_COMMAND_OPTIONS_INVALID", "Context menu commands cannot have options.")
	case command.Type == commandTyped && (command.Description == "" || len([]rune(command.Description)) > 100):
		refused = invalid("description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
	case list(command.Options) < 0 || list(command.Options) > 25:
		refused = invalid("options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	default:
		return nil
	}
	return &refused
}

// adopt gives a command its ids; one of the same name keeps its own.
func (s *Sim) adopt(command *Command, guild snowflake.GuildID) {
	command.ID = newID[snowflake.CommandID](s)
	for _, known := range s.world.commands[guild] {
		if known.Name == command.Name && known.Type == command.Type {
			command.ID = known.ID
		}
	}
	command.Version = newID[snowflake.CommandID](s)
	command.ApplicationID, command.GuildID = s.opt.ApplicationID, guild
}

func listCommands(c *call) answer {
	guild, refused := c.commandsOf()
	if refused != nil {
		return *refused
	}
	return ok(append([]Command{}, c.sim.world.commands[guild]...))
}

// putCommands replaces all commands of the guild, or all global ones.
func putCommands(c *call) answer {
	guild, refused := c.commandsOf()
	if refused != nil {
		return *refused
	}
	commands := []Command{}
	if refused, fits := c.read(&commands); !fits {
		return refused
	}
	for i := range commands {
		if wrong := commands[i].wrong(); wrong != nil {
			return *wrong
		}
	}
	for i := range commands {
		c.sim.adopt(&commands[i], guild)
	}
	c.sim.world.commands[guild] = commands
	return ok(commands)
}

// postCommand adds one; a command of the same name is replaced.
func postCommand(c *call) answer {
	guild, refused := c.commandsOf()
	if refused != nil {
		return *refused
	}
	var command Command
	if refused, fits := c.read(&command); !fits {
		return refused
	}
	if wrong := command.wrong(); wrong != nil {
		return *wrong
	}
	c.sim.adopt(&command, guild)
	known := c.sim.world.commands[guild]
	for i := range known {
		if known[i].ID == command.ID {
			known[i] = command
			return ok(command)
		}
	}
	c.sim.world.commands[guild] = append(known, command)
	return created(command)
}

func deleteCommand(c *call) answer {
	guild, refused := c.commandsOf()
	if refused != nil {
		return *refused
	}
	id := pathID[snowflake.CommandID](c, "command")
	rest := slices.DeleteFunc(slices.Clone(c.sim.world.commands[guild]), func(k Command) bool { return k.ID == id })
	if len(rest) == len(c.sim.world.commands[guild]) {
		return unknown(codeUnknownCommand, "application command")
	}
	c.sim.world.commands[guild] = rest
	return done()
}
