package desk

import (
	"context"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// thereTime bounds the wait for Discord's word whether somebody is in the guild: a page answers within 5 s.
const thereTime = 2 * time.Second

// absent are what is said where there is nobody to do something to. A ban and its end need nobody there.
var absent = map[moderation.ActionKind]string{
	moderation.ActionWarn:      "They are not in this server any more, so a warning would reach nobody. A ban would keep them out.",
	moderation.ActionTimeout:   "They are not in this server any more, so there is nobody to time out. A ban would keep them out.",
	moderation.ActionUntimeout: "They are not in this server any more. A timeout that is not over holds again should they come back.",
	moderation.ActionKick:      "They are not in this server any more, so there is nobody to kick. A ban would keep them out.",
}

// mustBeThere refuses what needs somebody in the guild about who has left it, or never was there: Discord would take it
// for done. While Discord does not answer it refuses nothing.
func (d *Desk) mustBeThere(ctx context.Context, grant access.Grant[access.ActOnMembers], o *moderation.Order) error {
	sentence, needed := absent[o.Kind]
	if !needed || d.there == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, thereTime)
	defer cancel()
	if there, err := d.there(ctx, grant.Guild(), o.Target); err != nil || there {
		return nil
	}
	return fault.New(fault.Conflict, "%s", sentence)
}
