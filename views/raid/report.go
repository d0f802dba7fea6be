package raid

import (
	"time"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/views/chart"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// The regions of a report.
const (
	RegionReport  frame.Name = "raid-report"
	RegionMembers frame.Name = "raid-members"
)

// Report is the page about one raid.
type Report struct {
	Page     layout.Page
	Facts    Facts
	Clusters []Cluster // the largest first
	Members  Members
	Act      *ActForm // nil: the viewer may look alone, or there is nobody to act on
}

// Facts are what happened, and in numbers.
type Facts struct {
	Place
	Raid   Raid
	Ages   Ages
	Counts Counts
}

// Counts are the members of a raid by what became of them.
type Counts struct {
	Joined, New, Wrote, Banned, Kicked, Left int64
	Full                                     bool // no more members are kept of one raid
}

// Ages are how many joined with an account of an age: under a day, a week, a month, a year, and older.
type Ages [5]int64

// Add counts somebody who joined.
func (a *Ages) Add(age time.Duration) {
	const day = 24 * time.Hour
	for i, limit := range []time.Duration{day, 7 * day, 30 * day, 365 * day} {
		if age < limit {
			a[i]++
			return
		}
	}
	a[4]++
}

// Cluster is a number of similar messages.
type Cluster struct {
	Text        string // of users; empty: it is not kept, or not any more
	Messages    int64
	First, Last time.Time
}

// Members is a page of whom a raid has.
type Members struct {
	Place
	Raid   int64
	Rows   []Member
	Newest string // address of the first page; empty: this is it
	Older  string // address of the next page; empty: this is the last
}

// Member is one of them.
type Member struct {
	Who      stats.Person
	Made     time.Time // the account
	Joined   time.Time // during the raid; zero: was there before
	Messages int64
	Left     time.Time
	Kind     moderation.ActionKind // of the kick or ban since; empty: none
	Outcome  moderation.Outcome
	Problem  string
}

// The choices of whom something is done about.
const (
	WhoNew    = "new"    // joined with a new account
	WhoJoined = "joined" // joined
	WhoWrote  = "wrote"  // wrote what belongs to a cluster
	WhoAll    = "all"
)

// ActForm is the form by which many are kicked or banned at once: first what would happen, then the button.
type ActForm struct {
	Place
	Raid    int64
	Kind    string
	Who     string
	Problem string
	Plan    *Plan // what would happen; nil: nobody has asked yet
}

// Plan is what a press of the button would do.
type Plan struct {
	Print      string // the fingerprint of the list: another list is another plan
	Users      []stats.Person
	Moderators int // left out: moderators, and whose role is not known now
	Left       int // left out: left already
	Done       int // left out: it was done, or is about to be
}

func (r Report) page() layout.Page {
	page := r.Page.Part(r.Facts.Raid.name())
	page.Sections = []layout.Section{{ID: "what", Label: "What", Icon: "lock"},
		{ID: "text", Label: "Texts", Icon: "message-square"}, {ID: "members", Label: "Who", Icon: "users"}}
	if r.Act != nil {
		page.Sections = append(page.Sections, layout.Section{ID: "act", Label: "Act", Icon: "gavel"})
	}
	return page
}

func (f Facts) panel() ui.Panel {
	return ui.Panel{Region: RegionReport, Title: f.Raid.name(), Icon: "lock", Seq: f.Seq, Moment: f.moment(f.At),
		RefetchOn: frame.Raid}
}

func (m Members) panel() ui.Panel {
	return ui.Panel{Region: RegionMembers, Title: "Members", Icon: "users", Note: "in the order of their joining", Seq: m.Seq,
		Moment: m.moment(m.At), RefetchOn: frame.Violation}
}

// ActURL is where many are acted on at once.
func ActURL(guild snowflake.GuildID, number int64) string { return ReportURL(guild, number) + "/act" }

func (a Ages) bars() []chart.Bar {
	names := [...]string{"Under a day", "1 to 7 days", "7 to 30 days", "1 to 12 months", "Over a year"}
	tones := [...]string{"tone-bad", "tone-bad", "tone-warn", "tone-neutral", "tone-neutral"}
	var sum int64
	for _, n := range a {
		sum += n
	}
	bars := make([]chart.Bar, len(a))
	for i, n := range a {
		bars[i] = chart.Bar{Label: names[i], Icon: "clock", Count: n, Class: tones[i]}
		if sum > 0 {
			bars[i].Part = float64(n) / float64(sum)
		}
	}
	return bars
}

func (a Ages) none() bool { return a == Ages{} }

// became is the badge of what became of a member; ok is false where nothing did.
func (m Member) became() (badge ui.Badge, ok bool) {
	word := map[moderation.ActionKind][2]string{moderation.ActionBan: {"Banned", "Ban"}, moderation.ActionKick: {"Kicked", "Kick"}}[m.Kind]
	switch m.Outcome {
	case moderation.OutcomeDone:
		return ui.Badge{Label: word[0], Icon: ui.KindIcon(m.Kind), Tone: ui.Bad}, true
	case moderation.OutcomePlanned, moderation.OutcomeSent:
		return ui.Badge{Label: word[1] + " under way", Icon: "clock", Tone: ui.Info}, true
	case moderation.OutcomeFailed:
		return ui.Badge{Label: word[1] + " failed", Icon: "circle-x", Tone: ui.Bad}, true
	case moderation.OutcomeUndone:
		return ui.Badge{Label: word[1] + " undone", Icon: "undo-2", Tone: ui.Neutral}, true
	}
	if !m.Left.IsZero() {
		return ui.Badge{Label: "Left", Icon: "log-out", Tone: ui.Neutral}, true
	}
	return ui.Badge{}, false
}

// age is how old the account was when the member joined, or is now.
func (m Member) age(now time.Time) string {
	at := m.Joined
	if at.IsZero() {
		at = now
	}
	return "account " + ui.Span(max(at.Sub(m.Made), 0)) + " old"
}

func (m Member) isNew() bool { return !m.Joined.IsZero() && m.Joined.Sub(m.Made) < raid.NewAccount }

func (f ActForm) kind() ui.Field {
	return ui.Field{Name: "kind", Label: "What", Value: f.Kind, Options: []ui.Option{{Value: "ban", Label: "Ban"},
		{Value: "kick", Label: "Kick"}}}
}

func (f ActForm) who() ui.Field {
	return ui.Field{Name: "who", Label: "Whom", Value: f.Who, Options: []ui.Option{
		{Value: WhoNew, Label: "Who joined with a new account"}, {Value: WhoJoined, Label: "Everybody who joined"},
		{Value: WhoWrote, Label: "Who wrote similar messages"}, {Value: WhoAll, Label: "All of them"}}}
}

// Summary says what a plan would do: "37 would be banned; left out: 2 moderators, 1 left already."
func (f ActForm) Summary() string {
	p := f.Plan
	done := map[string]string{"ban": "banned", "kick": "kicked"}[f.Kind]
	text := ui.Count(int64(len(p.Users))) + " would be " + done
	var out []string
	add := func(n int, one, many string) {
		switch {
		case n == 1:
			out = append(out, one)
		case n > 1:
			out = append(out, ui.Count(int64(n))+" "+many)
		}
	}
	add(p.Moderators, "1 who is a moderator or not to be checked now", "who are moderators or not to be checked now")
	add(p.Left, "1 who left already", "who left already")
	add(p.Done, "1 of whom it was done", "of whom it was done")
	for i, o := range out {
		if i == 0 {
			text += "; left out: " + o
		} else {
			text += ", " + o
		}
	}
	return text + "."
}

// named is how many of a plan are named one by one.
const named = 30

func (p Plan) few() []stats.Person { return p.Users[:min(named, len(p.Users))] }

func (p Plan) more() string {
	if n := len(p.Users) - named; n > 0 {
		return "and " + ui.Count(int64(n)) + " more"
	}
	return ""
}

func (f ActForm) button() string {
	verb := map[string]string{"ban": "Ban", "kick": "Kick"}[f.Kind]
	return verb + " " + ui.Count(int64(len(f.Plan.Users))) + " now"
}
