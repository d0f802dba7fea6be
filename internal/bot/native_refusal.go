package bot

import (
	"errors"
	"strings"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// mayNative says which permission is missing for AutoMod before Discord is asked: 10 000 refusals in 10 minutes have it
// ban the address. spec is what a rule is to do; nil: it is read or deleted.
func (b *Bot) mayNative(guild snowflake.GuildID, spec *moderation.NativeSpec) error {
	profile, known := b.guilds.profile(guild)
	if !known {
		return nil // Discord will say
	}
	const remedy = "guildwatch lacks the permission %s. In Discord, open Server Settings, Roles, and switch it on for " +
		"guildwatch's role."
	if !profile.Permissions.Has(moderation.PermManageGuild) {
		return fault.New(fault.Forbidden, remedy, "Manage Server, without which nobody may see or change AutoMod")
	}
	if spec == nil {
		return nil
	}
	if _, times := spec.Action(moderation.NativeTimeout); times && !profile.Permissions.Has(moderation.PermModerateMembers) {
		return fault.New(fault.Forbidden, remedy, "Timeout Members, which a rule needs that times members out")
	}
	return nil
}

// codeUnknownNativeRule is Discord's code for a rule that is gone; discordgo has no name for it.
const codeUnknownNativeRule = 10066

// nativeRefused explains why a request about AutoMod was refused.
func nativeRefused(err error) error {
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	switch refusal.Code {
	case codeUnknownNativeRule:
		return fault.Wrap(refusal, fault.NotFound, "Discord has no such AutoMod rule any more.")
	case discordgo.ErrCodeMissingPermissions, discordgo.ErrCodeMissingAccess:
		return fault.Wrap(refusal, fault.Forbidden, "Discord refused this: guildwatch lacks the permission Manage Server, or "+
			"Timeout Members for a rule that times members out. In Discord, open Server Settings, Roles, and switch them on "+
			"for guildwatch's role.")
	case discordgo.ErrCodeInvalidFormBody:
		if len(refusal.Details) == 0 {
			return fault.Wrap(refusal, fault.Unprocessable, "Discord does not accept this rule.")
		}
		return fault.Wrap(refusal, fault.Unprocessable, "Discord does not accept this rule: %s",
			strings.Join(refusal.Details, " "))
	}
	return err
}
