package bot

import (
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

const (
	// refusalLife is how long a refusal is believed without asking again. In a raid the same channel refuses the same
	// hundred times a minute, and after 10 000 refusals in ten minutes Discord bans the address.
	refusalLife = time.Minute
	// refusalsKept bounds the memory, to about 1 MB.
	refusalsKept = 10_000
)

// refusals remembers what Discord has just refused for a missing permission.
type refusals struct {
	mu   sync.Mutex
	last map[refusalOf]lately
}

// refusalOf is what a refusal holds for: deletions in one channel, or one kind of action about one member.
type refusalOf struct {
	guild  snowflake.GuildID
	kind   moderation.ActionKind
	place  snowflake.ChannelID
	target snowflake.UserID
}

type lately struct {
	at   time.Time
	text string
}

func (d *deed) refusalOf() refusalOf {
	if d.Kind == moderation.ActionDelete {
		return refusalOf{guild: d.Guild, kind: d.Kind, place: d.Channel}
	}
	return refusalOf{guild: d.Guild, kind: d.Kind, target: d.Target}
}

// known is a refusal that needs no request: the bot lacks the permission in the whole guild, or was refused just now. A
// channel may allow what the guild does not, so deletions are asked for.
func (d *deed) known(memory *refusals) string {
	need, guildwide := needs[d.Kind]
	if profile, seen := d.guilds.profile(d.Guild); seen && guildwide && d.Kind != moderation.ActionDelete &&
		!profile.Permissions.Has(need.permission) {
		return d.lacking()
	}
	memory.mu.Lock()
	defer memory.mu.Unlock()
	if last, noted := memory.last[d.refusalOf()]; noted && d.now.Sub(last.at) < refusalLife {
		return last.text
	}
	return ""
}

// note remembers a refusal for a missing permission.
func (r *refusals) note(d *deed, code int, text string) {
	if code != discordgo.ErrCodeMissingPermissions && code != discordgo.ErrCodeMissingAccess {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.last == nil || len(r.last) >= refusalsKept {
		r.last = map[refusalOf]lately{}
	}
	r.last[d.refusalOf()] = lately{d.now, text}
}
