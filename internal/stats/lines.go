package stats

import (
	"context"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// Lines fills in the names of those in changes. It never waits for Discord, and never fails: who is not known shows by
// number, and OnNames tells when that has changed.
func (s *Stats) Lines(ctx context.Context, changes []moderation.Change) []Line {
	lines, err := s.lines(ctx, changes)
	if err != nil {
		s.log.WarnContext(ctx, "lines of the feed go out without names", "lines", len(changes), "error", err)
		return linesOf(changes, nil, nil)
	}
	return lines
}

// OnNames has fn called with users whose names have just been learned from Discord. It must not block. Set it up before
// the names are fetched.
func (s *Stats) OnNames(fn func([]snowflake.UserID)) { s.store.Names().OnLearned(fn) }

func (s *Stats) lines(ctx context.Context, changes []moderation.Change) ([]Line, error) {
	var users []snowflake.UserID
	var guilds []snowflake.GuildID
	for _, change := range changes {
		users = append(users, change.User, change.Actor)
		if change.Guild != 0 {
			guilds = append(guilds, change.Guild)
		}
	}
	names, err := s.store.Names().Look(ctx, users)
	if err != nil {
		return nil, err
	}
	profiles, err := s.store.Profiles(ctx, guilds)
	if err != nil {
		return nil, err
	}
	return linesOf(changes, names, profiles), nil
}

func linesOf(
	changes []moderation.Change, names map[snowflake.UserID]store.Name, profiles map[snowflake.GuildID]store.Profile,
) []Line {
	lines := make([]Line, len(changes))
	for i, change := range changes {
		guild := profiles[change.Guild]
		lines[i] = Line{
			Change: change, GuildName: guild.Name, TimeZone: guild.TimeZone, Target: person(names, change.User),
			By: person(names, change.Actor),
		}
	}
	return lines
}

// person finds a user among names; the zero Person for nobody.
func person(names map[snowflake.UserID]store.Name, id snowflake.UserID) Person {
	if id == 0 {
		return Person{}
	}
	name, ok := names[id]
	if !ok {
		name.ID = id
	}
	return personOf(name)
}

func personOf(n store.Name) Person {
	return Person{ID: n.ID, Name: n.Display(), Avatar: n.Avatar, Bot: n.Bot, Gone: n.Gone, Known: n.Known || n.Gone}
}

func peopleIn(lines []Line) []Person {
	people := make([]Person, 0, 2*len(lines))
	for _, line := range lines {
		for _, person := range []Person{line.Target, line.By} {
			if person.ID != 0 {
				people = append(people, person)
			}
		}
	}
	return people
}
