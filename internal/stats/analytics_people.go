package stats

import (
	"cmp"
	"slices"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// Members is who broke rules in a window, and how much of the guild that is.
type Members struct {
	Offenders []Offender // the 10 who broke most, most first
	Repeat    Repeat
	Unknown   string    // why Offenders and Repeat are not known; empty: they are
	Change    [3]Change // of members with one violation, two, three or more
	Moderated Figure    // percent of the members active this calendar month who were ever moderated; change from last month
	Active    int64     // members active this calendar month
}

// Workload is what moderators did in a window.
type Workload struct {
	Moderators []Worker // the 50 who did most, most first
	Others     int      // how many more were active
	Responses  Responses
	Answers    []Answer // by severity of the answers' spread: the least consistent first
}

// Worker is somebody and what they did.
type Worker struct {
	Person
	Actions int64
	ByKind  [8]int64 // in the order of moderation.ActionKinds
	Hours   int      // in how many clock hours they were active
}

// Responses is how long guildwatch's own rules took from detection to the first action done.
type Responses struct {
	Median, P95 Figure // milliseconds
	Count       int64
}

// Answer is how moderators answered the violations of one rule and severity. Usual is the kind that they chose most often
// and Share how large a part of all it is: 1 where every violation was answered alike.
type Answer struct {
	Rule     string
	Name     string
	Severity moderation.Severity
	ByKind   [8]int64 // in the order of moderation.ActionKinds
	Total    int64
	Usual    moderation.ActionKind
	Share    float64
}

// workersShown is how many moderators are listed.
const workersShown = 50

// members reads who broke rules in the window and in the one before.
func (a *analysis) members() (m Members, top []store.Offender) {
	now, before := a.offendersIn(), a.OffendersIn(a.guild, a.window.Previous, 0)
	m.Repeat = Repeat{One: now.One, Two: now.Two, More: now.More}
	if m.Repeat == (Repeat{}) {
		m.Unknown = a.unknown()
	}
	why := a.window.needs()
	if a.watched.covers(a.window.Previous) {
		why = "the rows of the time before have been deleted"
	}
	for i, pair := range [3][2]int64{{now.One, before.One}, {now.Two, before.Two}, {now.More, before.More}} {
		m.Change[i] = a.rows().compare(float64(pair[0]), float64(pair[1]), a.window.Previous, why)
	}
	active, moderated := a.ModeratedInMonth(a.guild, a.now)
	lastActive, lastModerated := a.ModeratedInMonth(a.guild, monthOf(a.now, 1).From)
	m.Active = active
	month := comparison{a.watched, monthOf(a.now, 1), needsMonth}
	m.Moderated = month.figure(ratio{moderated, active}, ratio{lastModerated, lastActive}, 100,
		"nobody was active this month", "nobody was active last month")
	return m, now.Top
}

// offendersIn reads who broke rules in the window: from the running windows where the period has one.
func (a *analysis) offendersIn() store.Offenders {
	switch a.window.Period {
	case PeriodWeek:
		return a.WeekOffenders(a.guild, shownTargets)
	case PeriodMonth:
		return a.MonthOffenders(a.guild, shownTargets)
	}
	return a.OffendersIn(a.guild, a.window.Span, shownTargets)
}

// workload adds up what moderators did. Bots are left out: what they do is no moderator's work.
func (a *analysis) workload(acted []store.ModeratorQuarter, labels []store.RuleLabel) (w Workload) {
	workers, hours := map[snowflake.UserID]*Worker{}, map[snowflake.UserID]int64{}
	clock := localClock{zone: a.zone}
	for i := range acted {
		q := &acted[i]
		one := workers[q.User]
		if one == nil {
			one = &Worker{Person: Person{ID: q.User}}
			workers[q.User] = one
		}
		for kind, n := range q.ByKind {
			one.ByKind[kind] += int64(n)
			one.Actions += int64(n)
		}
		// Quarters of one person come in the order of their time.
		if _, _, same := clock.hour(q.Start); hours[q.User] != same {
			hours[q.User] = same
			one.Hours++
		}
	}
	for _, one := range workers {
		w.Moderators = append(w.Moderators, *one)
	}
	slices.SortFunc(w.Moderators, func(x, y Worker) int {
		return cmp.Or(cmp.Compare(y.Actions, x.Actions), cmp.Compare(y.Hours, x.Hours), cmp.Compare(x.ID, y.ID))
	})
	w.Others = max(0, len(w.Moderators)-workersShown)
	w.Moderators = w.Moderators[:len(w.Moderators)-w.Others]

	now, before := a.ResponseTimes(a.guild, a.window.Span), a.ResponseTimes(a.guild, a.window.Previous)
	compared := comparison{a.watched, a.window.Previous, a.window.needs()}
	w.Responses.Median, w.Responses.P95 = compared.responses(now, before)
	w.Responses.Count = now.Count
	w.Answers = answersOf(a.RuleAnswers(a.guild, a.window.Span), labels)
	return w
}

// answersOf lists how each rule and severity was answered, the least alike first.
func answersOf(answers map[string]store.Answers, labels []store.RuleLabel) (list []Answer) {
	names := make(map[string]string, len(labels))
	for _, label := range labels {
		names[label.Rule] = label.Name
	}
	for name, bySeverity := range answers {
		for i, kinds := range bySeverity {
			one := Answer{Rule: name, Name: cmp.Or(names[name], unknownRule(name).Name),
				Severity: moderation.Severities()[i], ByKind: kinds}
			most := int64(0)
			for kind, n := range kinds {
				one.Total += n
				if n > most {
					most, one.Usual = n, moderation.ActionKinds()[kind]
				}
			}
			if one.Total > 0 {
				one.Share = float64(most) / float64(one.Total)
				list = append(list, one)
			}
		}
	}
	slices.SortFunc(list, func(x, y Answer) int {
		return cmp.Or(cmp.Compare(x.Share, y.Share), cmp.Compare(y.Total, x.Total), cmp.Compare(x.Rule, y.Rule),
			cmp.Compare(x.Severity, y.Severity))
	})
	return list
}
