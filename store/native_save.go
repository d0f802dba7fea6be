package store

import (
	"context"
	"slices"
	"strings"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// NoteNativeRule records that somebody made or changed a native rule in Discord through guildwatch; before is nil for a
// new one. Discord has it already: this is the mirror, the audit log and the pages.
func (s *Store) NoteNativeRule(
	ctx context.Context, grant access.Grant[access.UpdateRules], before *moderation.NativeRule, after moderation.NativeRule,
) error {
	d := deedOf(ctx, grant, "native_rule.changed")
	if before == nil {
		d.action = "native_rule.made"
	} else {
		d.before = auditedNative(before)
	}
	d.after = auditedNative(&after)
	return s.noteNative(ctx, d, &after, false)
}

// NoteNativeRuleGone records that somebody deleted a native rule in Discord through guildwatch.
func (s *Store) NoteNativeRuleGone(
	ctx context.Context, grant access.Grant[access.DeleteRules], before moderation.NativeRule,
) error {
	d := deedOf(ctx, grant, "native_rule.deleted")
	d.before = auditedNative(&before)
	return s.noteNative(ctx, d, &before, true)
}

func (s *Store) noteNative(ctx context.Context, d deed, r *moderation.NativeRule, gone bool) error {
	d.target = "native_rule:" + snowflake.String(r.ID)
	return s.write(ctx, func(t *tx) error {
		row, err := nativeRuleRow(moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: d.guild, At: t.writer.clock()},
			Rule: r.ID, Name: r.Name, Trigger: r.Trigger, Enabled: r.Enabled, Deleted: gone, Spec: &r.Spec})
		if err != nil {
			return err
		}
		if err := t.PutNativeRule(t.ctx, row); err != nil {
			return err
		}
		t.config(d.guild)
		if err := t.audit(d); err != nil {
			return err
		}
		return t.nativeChanged(d.guild, d.actor.User())
	})
}

// nativeDeeds is what native rules do, as the audit log has it.
var nativeDeeds = map[moderation.NativeActionKind]string{moderation.NativeBlock: "block", moderation.NativeAlert: "alert",
	moderation.NativeTimeout: "timeout", moderation.NativeMute: "mute"}

// auditedNative is what the audit log keeps of a native rule: how much of everything, since its words may name people.
func auditedNative(r *moderation.NativeRule) map[string]any {
	s := &r.Spec
	kept := map[string]any{"trigger": r.Trigger.String(), "enabled": r.Enabled}
	for name, n := range map[string]int{"keywords": len(s.Keywords), "patterns": len(s.Patterns), "allowed": len(s.Allow),
		"mentions": s.Mentions, "exempt_roles": len(s.ExemptRoles), "exempt_channels": len(s.ExemptChannels)} {
		if n > 0 {
			kept[name] = n
		}
	}
	if len(s.Presets) > 0 {
		kept["lists"] = len(s.Presets)
	}
	var does []string
	for _, a := range s.Actions {
		does = append(does, nativeDeeds[a.Kind])
	}
	slices.Sort(does)
	kept["does"] = strings.Join(does, ", ")
	return kept
}
