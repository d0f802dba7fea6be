package desk

import (
	"context"
	"errors"
	"testing"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// moderators has everybody a moderator.
type moderators struct{}

func (moderators) RoleIn(context.Context, snowflake.GuildID, access.Actor) (access.Role, error) {
	return access.Moderator, nil
}

func TestWhatNeedsSomebodyThereIsRefusedWhereNobodyIs(t *testing.T) {
	grant, err := access.Check[access.ActOnMembers](t.Context(), moderators{}, access.Person(1, false), 42)
	if err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]struct {
		there bool
		err   error
	}{"gone": {}, "there": {there: true}, "silent": {err: errors.New("no answer")}} {
		d := &Desk{there: func(context.Context, snowflake.GuildID, snowflake.UserID) (bool, error) {
			return answer.there, answer.err
		}}
		for _, kind := range moderation.ActionKinds() {
			err := d.mustBeThere(t.Context(), grant, &moderation.Order{Kind: kind, Target: 7})
			needs := kind == moderation.ActionWarn || kind == moderation.ActionTimeout || kind == moderation.ActionUntimeout ||
				kind == moderation.ActionKick
			if want := name == "gone" && needs; (fault.Of(err) == fault.Conflict) != want || !want && err != nil {
				t.Errorf("%s, %s: %v", name, kind, err)
			}
		}
	}
}
