package bot

import (
	"context"
	"encoding/json"
	"time"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/moderation"
)

// Before is what an action found, as Result.Before holds it.
type Before struct {
	TimeoutUntil time.Time `json:"timeout_until,omitzero"` // the member was timed out until then
}

// timeout keeps the member from writing until a time. A longer timeout that holds already stays: ours is over before it.
func (d *deed) timeout(ctx context.Context) moderation.Result {
	if !d.Until.After(d.now) {
		return moderation.Result{Done: true} // it was planned long ago, and is over
	}
	member, there, err := d.rest.member(ctx, d.Guild, d.Target)
	if err != nil || !there {
		return d.result(err)
	}
	end, found := d.Until.Add(d.ahead()), ""
	// An end that is ours says that an earlier request arrived, whose answer was lost.
	if earlier := member.TimeoutUntil; earlier.After(d.now.Add(d.ahead())) && !earlier.Equal(end.Truncate(time.Millisecond)) {
		text, err := json.Marshal(Before{TimeoutUntil: earlier})
		if err != nil {
			return again(err)
		}
		found = string(text)
	}
	if member.TimeoutUntil.Before(end) {
		err = d.disable(ctx, end)
	}
	result := d.result(err)
	if codeOf(err) == discordgo.ErrCodeMissingPermissions && d.guilds.administrates(d.Guild, member.Roles) {
		result.Refused = "Discord times out nobody who has the permission Administrator. In Server Settings, Members, take " +
			"the role with it from this member first."
	}
	if result.Done {
		result.Before = found
	}
	return result
}

// untimeout lets the member write again, or not before the time that an undo restores.
func (d *deed) untimeout(ctx context.Context) moderation.Result {
	return d.result(d.disable(ctx, d.Until))
}

// ahead is by how much Discord's clock is ahead of ours, where that is more than a delay on the way: members are timed out
// by Discord's. Where ours is wrong by an hour, ten minutes would be over before they begin, or take an hour.
func (d *deed) ahead() time.Duration {
	off := time.Duration(d.rest.calls.skew.Load()).Round(time.Minute)
	if off.Abs() < 2*time.Minute {
		return 0
	}
	return off
}

// disable sets, by Discord's clock, until when the member cannot write; a time that is over, or zero, lets them.
func (d *deed) disable(ctx context.Context, until time.Time) error {
	var end *time.Time
	if until.After(d.now.Add(d.ahead())) {
		until = until.UTC().Truncate(time.Millisecond)
		end = &until
	}
	return d.ask(ctx, "PATCH", d.member(), map[string]*time.Time{"communication_disabled_until": end})
}

// rejoinLeast is how long after the reason for a kick somebody must have joined to have joined again: beyond it the two
// clocks do not differ.
const rejoinLeast = 10 * time.Second

// kick throws the member out, once: whoever is in the guild since after the reason was thrown out already, and came back.
func (d *deed) kick(ctx context.Context) moderation.Result {
	member, there, err := d.rest.member(ctx, d.Guild, d.Target)
	if err != nil || !there || !d.Detected.IsZero() && member.JoinedAt.After(d.Detected.Add(rejoinLeast)) {
		return d.result(err)
	}
	return d.result(d.ask(ctx, "DELETE", d.member(), nil))
}
