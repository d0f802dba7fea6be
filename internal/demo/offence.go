package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/snowflake"
)

// offence is one way to break a rule.
type offence struct {
	rule  string // its name
	often float64
	say   func(*mouth) []discordsim.Content // one message after the other
	nick  func(*mouth) string               // what they call themselves instead
	alarm bool                              // a false one: the rule is wrong, not the member
}

// mouth is whom an offence comes from.
type mouth struct {
	random  *rand.Rand
	someone func() snowflake.UserID // to be mentioned
}

// offences are what happens in the town; each guild knows those against rules that it has.
var offences = []offence{
	{rule: bannedWords, often: 8, say: one(func(m *mouth) string {
		return fmt.Sprintf(pick(m, insults), disguised(m.random, pick(m, slices.Concat(unkind, []string{lateWord}))))
	})},
	{rule: bannedWords, often: 0.6, alarm: true, say: one(func(m *mouth) string { return pick(m, wordAlarms) })},
	{rule: scamLinks, often: 3, say: one(luring)},
	{rule: invitations, often: 3, say: one(func(m *mouth) string { return pick(m, calls) })},
	{rule: mentionSpam, often: 2, say: one(crowding)},
	{rule: flooding, often: 1.5, say: func(m *mouth) []discordsim.Content {
		return many(8+m.random.IntN(3), pick(m, floods))
	}},
	{rule: repeating, often: 1.5, say: func(m *mouth) []discordsim.Content {
		return many(4, "selling two meters, barely used, message me")
	}},
	{rule: shouting, often: 2, say: one(func(m *mouth) string { return strings.ToUpper(pick(m, shouts)) })},
	{rule: phoneNumbers, often: 2, say: one(func(m *mouth) string {
		return fmt.Sprintf("call me after six: 202-555-01%02d", m.random.IntN(100)) // numbers that are nobody's
	})},
	{rule: phoneNumbers, often: 1, alarm: true, say: one(func(m *mouth) string { return pick(m, partAlarms) })},
	{rule: rudeNames, often: 0.7, nick: func(m *mouth) string {
		return fmt.Sprintf("Sir %s", disguised(m.random, pick(m, unkind)))
	}},
	{rule: programs, often: 1, say: func(m *mouth) []discordsim.Content {
		file := fmt.Appendf(nil, `[{"id":"1","filename":%q,"size":48213}]`, pick(m, files))
		return []discordsim.Content{{Text: "works for me", Attachments: file}}
	}},
}

// insults hold one of the unkind words.
var insults = []string{
	"you absolute %s", "%s", "what a %s thing to say", "only a %s would do that", "go home, %s", "typical %s, really",
}

// lures hold one of the traps.
var lures = []string{
	"free nitro for a month: https://%s/claim", "skins for nothing, I leave the game: http://%s/trade",
	"is this you? %s/photo", "[discord.com/gifts](https://%s/gift)",
}

// traps are names on the list of known scam domains.
var traps = []string{"101nitro.com", "1nitro.club", "1month-premium.com"}

// typed are traps that no program should take for links.
var typed = []string{"101nitro[.]com by hand, the link gets removed", "go to 1nitro dot club, it is real", "1nitro(.)club/claim"}

// calls invite to servers that are not there.
var calls = []string{
	"better server: discord.gg/not-a-real-server-1", "join us at https://discord.com/invite/not-a-real-server-2 !!",
	"we moved, d i s c o r d dot gg is blocked so: .gg/not-a-real-server-3", "discord(.)gg/not-a-real-server-4 for giveaways",
}

var floods = []string{"first", "look at me", "spam spam spam", "wheee", "boring"}

var shouts = []string{
	"who took the last slot again", "this is so unfair please explain", "everyone come to the map right now",
}

var files = []string{"skins.exe", "map-editor.jar", "readme.pdf.scr"}

// wordAlarms are honest, and say an unkind word all the same.
var wordAlarms = []string{
	"my fish is called Snarfle, I do not see the problem", "is blorp on the list of banned words?",
	"the old manual really says zoggle switch",
}

// partAlarms are honest, and look like numbers to call.
var partAlarms = []string{
	"order code 100-220-4700, the blue one", "datasheet 330-101-2200 has the pinout", "use part 470-250-1000 instead",
}

func pick(m *mouth, from []string) string { return from[m.random.IntN(len(from))] }

func one(text func(*mouth) string) func(*mouth) []discordsim.Content {
	return func(m *mouth) []discordsim.Content { return []discordsim.Content{{Text: text(m)}} }
}

func many(n int, text string) []discordsim.Content {
	list := make([]discordsim.Content, n)
	for i := range list {
		list[i].Text = text
	}
	return list
}

// luring shows a trap.
func luring(m *mouth) string {
	if m.random.IntN(4) == 0 {
		return pick(m, typed)
	}
	return fmt.Sprintf(pick(m, lures), pick(m, traps))
}

// crowding calls seven to nine people at once.
func crowding(m *mouth) string {
	var text strings.Builder
	text.WriteString("come quick")
	called := []snowflake.UserID{0}
	for range 7 + m.random.IntN(3) {
		who := m.someone()
		for range 20 { // in a small guild the same one may come up
			if !slices.Contains(called, who) {
				break
			}
			who = m.someone()
		}
		called = append(called, who)
		fmt.Fprintf(&text, " <@%d>", who)
	}
	return text.String()
}

// offences gives what happens in a guild: what breaks one of the rules that it has.
func (g *Guild) offences() (list []offence) {
	has := map[string]bool{}
	for _, r := range g.OwnRules() {
		has[r.Name] = true
	}
	for _, change := range g.Changes() {
		has[change.Rule.Name] = true
	}
	for _, o := range offences {
		if has[o.rule] {
			list = append(list, o)
		}
	}
	return list
}

// draw picks an offence by how often it happens.
func draw(random *rand.Rand, list []offence) *offence {
	var total float64
	for i := range list {
		total += list[i].often
	}
	at := random.Float64() * total
	for i := range list {
		if at -= list[i].often; at < 0 {
			return &list[i]
		}
	}
	return &list[len(list)-1]
}

// FalseAlarm says whether a text breaks a rule without meaning to: the town's moderators know.
func FalseAlarm(text string) bool {
	return slices.Contains(wordAlarms, text) || slices.Contains(partAlarms, text)
}
