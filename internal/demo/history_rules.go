package demo

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/moderation/rule/scam"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// reaction is the longest that guildwatch took to act; mostly it was much faster.
const reaction = time.Second

// docket is what one guild's history remembers of its own rules.
type docket struct {
	rules    *rule.Set
	memory   *rule.Memory
	offences []offence
	warned   map[snowflake.UserID][]time.Time
}

func newDocket(g *Guild) docket {
	rules, _ := rule.Compile(g.ID, g.OwnRules(), scam.Known())
	return docket{rules: rules, memory: rule.NewMemory(), offences: g.offences(),
		warned: map[snowflake.UserID][]time.Time{}}
}

// offences lets members break guildwatch's own rules. What follows is decided when all else up to that moment is
// written, because the ladder asks what was before.
func (c *chronicle) offences() {
	c.cases = newDocket(c.guild)
	c.often(c.guild.broken, func(at time.Time) { c.offend(at, nil) })
}

// offend adds that somebody breaks a rule. With goes, it is the last thing that this resident does here.
func (c *chronicle) offend(at time.Time, goes *Resident) {
	if at.Before(c.town.Start.Add(-ruleAge)) {
		return
	}
	c.add(at, func() {
		for range 20 { // not every choice fits: a kick is for those who go, and some words were no offence then
			who := goes
			if who == nil {
				who = c.troublemaker(at)
			}
			if c.offence(at, who, goes != nil) {
				return
			}
		}
	})
}

// offence lets who break some rule, and says whether that had a place in history.
func (c *chronicle) offence(at time.Time, who *Resident, goes bool) bool {
	o := draw(c.random, c.cases.offences)
	m := &mouth{c.random, func() snowflake.UserID { return c.guild.People[c.random.IntN(len(c.guild.People))].ID }}
	message := rule.Message{Author: who.ID, At: at, Channel: c.guild.Channels[c.random.IntN(len(c.guild.Channels)-1)]}
	if o.nick != nil {
		message.Channel, message.Edit = 0, true
		message.Texts = []moderation.Text{{Surface: moderation.SurfaceName, Value: o.nick(m)}}
		return c.open(at, &message, c.cases.rules.Judge(&message, nil), goes, false)
	}
	said := o.say(m)
	for i := range said {
		c.last++
		message.At = at.Add(time.Duration(i+1-len(said)) * 300 * time.Millisecond)
		message.ID = snowflake.At[snowflake.MessageID](message.At, c.last)
		message.Texts = []moderation.Text{{Surface: moderation.SurfaceContent, Value: said[i].Text}}
		message.Mentions = strings.Count(said[i].Text, "<@")
		if hits := c.cases.rules.Judge(&message, c.cases.memory); len(hits) > 0 {
			return c.open(at, &message, hits, goes, o.alarm)
		}
	}
	return false
}

// open adds a case for the gravest rule that a message breaks, unless what follows has no place in history: who is sent
// away goes, and who goes was sent away.
func (c *chronicle) open(at time.Time, m *rule.Message, hits []rule.Hit, goes, alarm bool) bool {
	if len(hits) == 0 {
		return false
	}
	hit, broken := &hits[0], hits[0].Rule
	asked, shadow := broken.Respond, broken.Mode == rule.Shadow
	if shadow {
		asked = rule.RespondNothing
	}
	step := c.step(asked, broken.Timeout, m.Author, at)
	away := step.Kind == moderation.ActionKick || step.Kind == moderation.ActionBan
	if away != goes || !c.guild.can(step.Kind) {
		return false
	}
	took := time.Duration(80+c.random.ExpFloat64()*110) * time.Millisecond
	past := store.Past{Took: min(took, reaction-time.Millisecond)}
	if !shadow {
		past.Done = done(at, broken, step, m)
	}
	if alarm || c.random.IntN(40) == 0 {
		past.Wrong = c.moderator()
	} else if asked == rule.RespondLadder || asked == rule.RespondWarn {
		c.cases.warned[m.Author] = append(c.cases.warned[m.Author], at)
	}
	v := moderation.Violation{Guild: c.guild.ID, At: at, Source: moderation.SourceRule, User: m.Author,
		Channel: m.Channel, Message: m.ID, Severity: broken.Severity, Rule: fmt.Sprintf("rule:%d", broken.Number),
		RuleName: broken.Name, Keyword: cmp.Or(hit.Read, hit.Matched), Content: m.Texts[0].Value}
	v.Number = c.im.Case(moderation.Case{Violation: v, Version: broken.Version, Shadow: shadow, Surface: hit.Surface,
		Detected: at.Add(time.Millisecond),
		Response: moderation.Response{Delete: broken.Delete, Ladder: asked == rule.RespondLadder}}, past)
	if !shadow && past.Wrong == 0 {
		c.answer(&v)
	}
	return true
}

// step is what a response means for a member; the zero step: nothing.
func (c *chronicle) step(asked rule.Response, timeout time.Duration, who snowflake.UserID, at time.Time) ladder.Step {
	switch asked {
	case rule.RespondLadder:
		return c.guild.Ladder().Next(ladder.Level(c.cases.warned[who], at), false)
	case rule.RespondWarn:
		return ladder.Step{Kind: moderation.ActionWarn}
	case rule.RespondTimeout:
		return ladder.Step{Kind: moderation.ActionTimeout, Timeout: timeout}
	case rule.RespondKick:
		return ladder.Step{Kind: moderation.ActionKick}
	}
	return ladder.Step{}
}

// done is what guildwatch did.
func done(at time.Time, r *rule.Rule, step ladder.Step, m *rule.Message) (list []moderation.Action) {
	if r.Delete && m.ID != 0 {
		list = append(list, moderation.Action{Kind: moderation.ActionDelete, Reason: r.Name, Count: 1})
	}
	if step.Kind != "" {
		action := moderation.Action{Kind: step.Kind, Reason: r.Name, Count: 1}
		if step.Kind == moderation.ActionTimeout {
			action.Until = at.Add(step.Timeout)
		}
		list = append(list, action)
	}
	return list
}

// can says whether guildwatch has been given what it takes.
func (g *Guild) can(kind moderation.ActionKind) bool {
	switch kind {
	case moderation.ActionTimeout:
		return g.permissions()&discordsim.PermissionModerateMembers != 0
	case moderation.ActionBan:
		return g.permissions()&discordsim.PermissionBanMembers != 0
	}
	return true
}
