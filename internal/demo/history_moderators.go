package demo

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// moderators lets those who look after the guild write, the first ones most, and hardly anybody at night: the hours in
// which nobody does are on the page of analytics.
func (c *chronicle) moderators() {
	for at := c.begin(); at.Before(c.town.Now); at = at.Add(moderation.Bucket) {
		lively := c.rhythm.at(at)
		if lively < 0.35 {
			continue
		}
		for i := range c.guild.mods {
			if c.deeds.Float64() < 0.09*lively/float64(1+i) {
				c.im.Wrote(c.guild.ID, c.guild.People[i].ID, at)
			}
		}
	}
}

// answer lets a moderator act on what a rule found, mostly in the way that fits how severe it was.
func (c *chronicle) answer(v *moderation.Violation) {
	fits := map[moderation.Severity]moderation.ActionKind{moderation.SeverityLow: moderation.ActionNote,
		moderation.SeverityMedium: moderation.ActionWarn}
	kind, ok := fits[v.Severity]
	if !ok {
		kind = moderation.ActionTimeout
	}
	if x := c.deeds.IntN(10); x == 0 {
		kind = moderation.ActionNote
	} else if x < 3 {
		kind = moderation.ActionWarn
	}
	if c.deeds.IntN(4) != 0 {
		return
	}
	at := v.At.Add(time.Duration(1+c.deeds.IntN(20)) * time.Second)
	who := c.guild.People[int(c.deeds.Float64()*c.deeds.Float64()*float64(c.guild.mods))].ID
	action := moderation.Action{Kind: kind, Source: moderation.SourceDashboard, Target: v.User, Actor: who, Count: 1,
		Reason: v.RuleName, Outcome: moderation.OutcomeDone}
	if kind == moderation.ActionTimeout {
		action.Until = at.Add(time.Hour)
	}
	c.last++
	c.im.Answered(v, moderation.AuditEntry{Origin: c.origin(at), Entry: snowflake.At[snowflake.EntryID](at, c.last),
		Action: action})
}
