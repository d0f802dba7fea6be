package courier

import (
	"fmt"
	"strconv"

	"guildwatch/internal/bot"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// logLine says who did what to whom, why, and where that is on the dashboard. Names and reasons are text of users.
func (c *Courier) logLine(
	guild snowflake.GuildID, change *moderation.Change, row *store.ActionRow, names map[snowflake.UserID]store.Name,
) string {
	if change.Kind == moderation.ChangeAppeal {
		return c.appealLine(guild, change, names)
	}
	who := "**" + doer(change.Source) + "**"
	if change.Actor != 0 {
		who = "**" + called(names, change.Actor) + "**"
	}
	whom := "somebody"
	if change.User != 0 {
		whom = fmt.Sprintf("**%s** (<@%s>)", called(names, change.User), change.User)
	}
	line := who + " " + verb(change, row) + " " + whom
	if change.Action == moderation.ActionTimeout && !row.Until.IsZero() {
		line += fmt.Sprintf(" until <t:%d:f>", row.Until.Unix())
	}
	if change.Outcome == moderation.OutcomeFailed {
		line = "⚠️ Not done: " + line
		if row.Problem != "" {
			line += ". " + bot.Plain(clip(row.Problem, 200))
		}
	} else if change.Detail != "" && row.Undoes == 0 {
		line += ": " + bot.Plain(clip(change.Detail, 200))
	}
	if url := c.url(guild, "/violations/"+strconv.FormatInt(row.Violation, 10)); url != "" && row.Violation != 0 {
		line += fmt.Sprintf(" ([violation #%d](<%s>))", row.Violation, url)
	}
	return line
}

func (c *Courier) appealLine(
	guild snowflake.GuildID, change *moderation.Change, names map[snowflake.UserID]store.Name,
) string {
	member := fmt.Sprintf("**%s** (<@%s>)", called(names, change.User), change.User)
	appeal := fmt.Sprintf("appeal #%d", change.Ref)
	if url := c.url(guild, "/appeals/"+strconv.FormatInt(change.Ref, 10)); url != "" {
		appeal = fmt.Sprintf("[%s](<%s>)", appeal, url)
	}
	switch moderation.AppealState(change.Label) {
	case moderation.AppealOpen:
		return member + " appeals: " + appeal
	case moderation.AppealWithdrawn:
		return member + " has withdrawn " + appeal
	}
	return fmt.Sprintf("**%s** has %s %s of %s", called(names, change.Actor), change.Label, appeal, member)
}

// verbs are what was done, before the name of whom it was done to.
var verbs = map[moderation.ActionKind]string{
	moderation.ActionDelete: "deleted a message of", moderation.ActionWarn: "warned", moderation.ActionTimeout: "timed out",
	moderation.ActionUntimeout: "ended the timeout of", moderation.ActionKick: "kicked", moderation.ActionBan: "banned",
	moderation.ActionUnban: "unbanned", moderation.ActionNote: "noted something about",
}

func verb(change *moderation.Change, row *store.ActionRow) string {
	switch {
	case row.Count > 1 && change.Action == moderation.ActionDelete:
		return fmt.Sprintf("deleted %d messages of", row.Count)
	case row.Undoes != 0 && change.Action == moderation.ActionNote:
		return "took back what was done about"
	}
	if known := verbs[change.Action]; known != "" {
		return known
	}
	return "acted on"
}

// doer is who acted where no person did.
func doer(source moderation.Source) string {
	switch source {
	case moderation.SourceAutoMod:
		return "Discord AutoMod"
	case moderation.SourceAudit:
		return "Somebody in Discord"
	case moderation.SourceRule:
		return "guildwatch"
	}
	return "Somebody"
}
