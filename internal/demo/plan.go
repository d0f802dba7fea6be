package demo

import (
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
)

// plan is what a guild is like: its size, its pace and its temper. Rates are for a mean day.
type plan struct {
	name     string
	zone     string // the guild's own clock: its evenings are busy
	age      time.Duration
	members  int
	regulars float64 // share of members who write in a month
	messages float64
	commands float64
	joins    float64
	leaves   float64
	actions  float64 // by moderators and other bots, in Discord's own screens
	hits     float64 // of native AutoMod rules
	peak     int     // busiest hour, local
	weekend  float64 // how much busier a weekend day is
	bursts   float64 // live: bursts in an hour
	pace     float64 // live: how much faster than history, so that a visitor sees something happen
	mods     int
	broken   float64       // of guildwatch's own rules
	trouble  time.Duration // live: mean time between two who break a rule
	rascals  int           // live: how many break one again and again
	channels []string
	topics   []string
	temper   temper        // which rules it has
	later    []string      // templates that become rules when the demo starts
	ladder   ladder.Ladder // nil: the one that every guild begins with
}

// plans are the demo's three guilds: a large and loud one, a busy club, and a small quiet one.
var plans = []plan{
	{
		name: "Pixel Harbour", zone: "America/New_York", age: 4 * 365 * 24 * time.Hour, members: 12_400, regulars: 0.22,
		messages: 14_000, commands: 130, joins: 64, leaves: 58, actions: 26, hits: 58, peak: 21, weekend: 1.4, bursts: 9, pace: 5, mods: 14,
		channels: []string{"general", "looking-for-group", "clips", "trading-post", "memes", "help-desk", "off-topic", "mod-log"},
		topics:   []string{"the harbour map", "tonight's tournament", "the new patch", "ranked", "that boss fight", "the speedrun", "co-op"},
		broken:   20, trouble: 20 * time.Second, rascals: 6, temper: loud, later: []string{"programs"},
		ladder: ladder.Ladder{{Kind: moderation.ActionWarn}, {Kind: moderation.ActionTimeout, Timeout: time.Minute},
			{Kind: moderation.ActionTimeout, Timeout: 10 * time.Minute}, {Kind: moderation.ActionKick}},
	},
	{
		name: "Copper Wire Club", zone: "Europe/Berlin", age: 2 * 365 * 24 * time.Hour, members: 1_850, regulars: 0.3,
		messages: 2_400, commands: 38, joins: 9, leaves: 8, actions: 7, hits: 9, peak: 20, weekend: 1.7, bursts: 4, pace: 12, mods: 6,
		channels: []string{"workbench", "schematics", "firmware", "show-and-tell", "parts-swap", "log"},
		topics:   []string{"the ground loop", "my reflow oven", "that voltage regulator", "the board revision", "an oscilloscope", "solder paste"},
		broken:   5, trouble: 70 * time.Second, rascals: 3, temper: busy, later: []string{"shouting"},
	},
	{
		name: "Moss & Fern", zone: "Asia/Kolkata", age: 150 * 24 * time.Hour, members: 140, regulars: 0.5,
		messages: 160, commands: 5, joins: 0.9, leaves: 0.7, actions: 0.6, hits: 0.4, peak: 19, weekend: 1.2, bursts: 0.4, pace: 40, mods: 2,
		channels: []string{"greenhouse", "plant-doctor", "photos"},
		topics:   []string{"the fern", "repotting", "my monstera", "the moss terrarium", "a new cutting", "the humidity"},
		broken:   0.4, trouble: 4 * time.Minute, rascals: 2, temper: quiet,
	},
}

// remarks are what people write; %s is a topic of the guild.
var remarks = []string{
	"anyone else having trouble with %s?", "I could talk about %s all day", "ok so %s worked on the first try, I am suspicious",
	"does somebody have a guide for %s?", "morning all", "good night everyone", "that is the best thing I have seen today",
	"%s again? really?", "thanks, that fixed it", "brb, food", "has anyone tried %s with the new settings?", "lol", "same here",
	"I will post a picture of %s later", "who is around tonight?", "congrats!!", "can someone pin that?", "nope, still broken",
	"I think %s deserves its own channel", "welcome to the new people", "this is why I love this place", "wait, since when?",
	"first attempt at %s, be kind", "we should do this every week", "my cat walked over the keyboard, sorry",
	"question about %s: does the order matter?", "I read the docs twice and still do not get %s", "yes\nno\nmaybe",
	"`data: not an event`", "<script>alert('just text')</script> is what the form gave me for %s",
}

// scams are what AutoMod catches: harmless lines that look like the real ones. The hosts are reserved and lead nowhere.
var scams = []string{
	"free nitro for everyone: https://gift.example/claim", "I leave the game, skins for free at http://trade.example/now",
	"@everyone check this out https://prize.example", "my friend made a bot that doubles coins, ask me",
	"your account will be closed, verify at https://login.example",
}

// reasons are what moderators give.
var reasons = []string{
	"spam", "scam links", "second warning ignored", "advertising without asking", "rude after a reminder", "bot account",
	"posting in the wrong channel again", "cool-down requested", "appeal accepted", "slurs", "raid account", "",
}

// nativeRules are the AutoMod rules that each guild has, and how often each is the one that fires.
var nativeRules = []struct {
	name    string
	trigger int
	weight  float64
	actions []discordsim.AutoModAction
	looks   string // Discord's trigger_metadata
}{
	{"Scam links", discordsim.TriggerKeyword, 0.46, []discordsim.AutoModAction{block, pause},
		`{"keyword_filter":["*nitro-gift*","free nitro","*steamcommunlty*","claim your*"],"regex_patterns":["(?i)fr[e3]{2}\\s+n[i1]tro"],` +
			`"allow_list":["free nitro trial"]}`},
	{"Suspected spam", discordsim.TriggerSpam, 0.27, []discordsim.AutoModAction{block}, `{}`},
	{"Word list", discordsim.TriggerPreset, 0.17, []discordsim.AutoModAction{block}, `{"presets":[1,3],"allow_list":["scunthorpe"]}`},
	{"Mention spam", discordsim.TriggerMentionSpam, 0.10, []discordsim.AutoModAction{block, pause},
		`{"mention_total_limit":8,"mention_raid_protection_enabled":true}`},
}

// What those rules do: stop the message, and keep its author quiet for five minutes.
var (
	block = discordsim.AutoModAction{Type: discordsim.AutoModBlock}
	pause = discordsim.AutoModAction{Type: discordsim.AutoModTimeout, Metadata: discordsim.AutoModMetadata{Seconds: 300}}
)
