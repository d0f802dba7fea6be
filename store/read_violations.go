package store

import (
	"slices"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// ViolationRow is a violation with what became of it.
type ViolationRow struct {
	moderation.Violation
	State    moderation.ViolationState
	Shadow   bool  // the rule was in shadow mode, whatever the state is now
	Version  int64 // of the rule; 0: not one of guildwatch's own
	Surface  moderation.Surface
	Detected time.Time     // when guildwatch had read it; zero for those that others found
	Response time.Duration // from there to the first action done, in ms; negative: none yet
	MarkedBy snowflake.UserID
	Claim    Claim
	Actions  []ActionRow // the oldest first
}

// Claim is who is on a violation; zero when nobody is.
type Claim struct {
	By    snowflake.UserID
	Until time.Time
}

// ActionRow is an action as its row has it.
type ActionRow struct {
	moderation.Action
	ID        int64
	At        time.Time
	Violation int64 // its number; 0: none
	Message   snowflake.MessageID
	Problem   string // why it failed, with the fix
	Settled   time.Time
	Undoes    int64 // the action that this one takes back; 0: none
	UndoneBy  int64 // the action that takes, or took, this one back; 0: none
}

// CanUndo says whether Undo would take the action back, as far as the row tells.
func (a *ActionRow) CanUndo() bool {
	_, err := inverseOf(&db.Action{Kind: string(a.Kind), Outcome: string(a.Outcome), UndoneBy: a.UndoneBy}, true)
	return err == nil
}

// ViolationDetail is all that is known of a violation.
type ViolationDetail struct {
	ViolationRow
	Notes []ViolationNote // the oldest first
}

// ViolationNote is what a moderator wrote beside a violation.
type ViolationNote struct {
	At   time.Time
	By   snowflake.UserID
	Text string
}

// Violations lists at most so many of a guild's violations, the newest first.
func (s *Snapshot) Violations(guild snowflake.GuildID, f ViolationFilter, most int) []ViolationRow {
	if s.err != nil {
		return nil
	}
	rows, err := s.chosenViolations(guild, &f, most)
	s.ok("violations", err)
	list := make([]ViolationRow, len(rows))
	numbers := make([]int64, len(rows))
	for i := range rows {
		list[i], numbers[i] = s.violationRow(&rows[i]), rows[i].Number
	}
	about := s.actionsAbout(guild, numbers)
	for i := range list {
		list[i].Actions = about[list[i].Number]
	}
	return list
}

const (
	// window is how many of the newest violations, for each that is asked for, are gone through before an index is asked, whose
	// lists take 2 to 4 ms to open: 0.4 ms for a page of 50, which is found whole where one violation in twenty is on it.
	window = 20
	// firstLook is the same for words, which an index is needed for sooner: 0.8 ms for a page.
	firstLook = 4
)

// chosenViolations gives the newest of a guild's violations that a filter chooses, at most so many.
func (s *Snapshot) chosenViolations(guild snowflake.GuildID, f *ViolationFilter, most int) (chosen []db.Violation, err error) {
	if f.choosesNone() {
		return nil, nil
	}
	from, before, err := s.violationRange(guild, f)
	if err != nil || from >= before {
		return nil, err
	}
	var looked []db.Violation
	switch {
	case f.Text != "":
		chosen, looked, err = s.lookForWords(guild, f, from, before, most)
		if err != nil || len(looked) < firstLook*most {
			return chosen, err
		}
		before = looked[len(looked)-1].Number
	case f.hasFacets():
		if before == newest {
			before = s.LastRows(guild).Violations + 1
		}
		recent := max(from, before-int64(window*most))
		chosen, err = s.q.ListViolations(s.ctx, f.listed(guild, recent, before, most))
		before = recent
	default:
		return s.q.ListViolations(s.ctx, f.listed(guild, from, before, most))
	}
	if err != nil || len(chosen) == most || from == before {
		return chosen, err
	}
	rest, err := s.search(guild, f, looked, from, before, most-len(chosen))
	return append(chosen, rest...), err
}

// lookForWords gives those of a guild's newest violations of a range of numbers that a filter chooses, and all that it looked
// at.
func (s *Snapshot) lookForWords(guild snowflake.GuildID, f *ViolationFilter, from, before int64, most int) (
	chosen, looked []db.Violation, err error,
) {
	all := ViolationFilter{From: f.From, To: f.To}
	looked, err = s.q.ListViolations(s.ctx, all.listed(guild, from, before, firstLook*most))
	if err != nil {
		return nil, nil, err
	}
	return f.choose(looked, most), looked, nil
}

// violationRange gives the half-open range of numbers in which all that a filter chooses lie: what came late has a
// higher number than its neighbours in time.
func (s *Snapshot) violationRange(guild snowflake.GuildID, f *ViolationFilter) (from, before int64, err error) {
	before = newest
	if f.Before > 0 {
		before = f.Before
	}
	if f.From.IsZero() && f.To.IsZero() {
		return 1, before, nil
	}
	span := db.GetViolationSpanParams{GuildID: int64(guild), Until: newest}
	if !f.From.IsZero() {
		span.Since = dayOf(msOf(f.From))
	}
	if !f.To.IsZero() {
		span.Until = msOf(f.To)
	}
	row, err := s.q.GetViolationSpan(s.ctx, span)
	if err != nil || row.Highest == 0 {
		return 0, 0, err
	}
	return row.Lowest, min(before, row.Highest+1), nil
}

// Violation gives one of a guild's violations with all that is known of it.
func (s *Snapshot) Violation(guild snowflake.GuildID, number int64) (detail ViolationDetail, known bool) {
	if s.err != nil {
		return ViolationDetail{}, false
	}
	row, err := s.q.GetViolation(s.ctx, db.GetViolationParams{GuildID: int64(guild), Number: number})
	if !s.ok("violation", err) {
		return ViolationDetail{}, false
	}
	detail.ViolationRow = s.violationRow(&row)
	detail.Actions = s.actionsAbout(guild, []int64{number})[number]
	notes, err := s.q.ListNotes(s.ctx, db.ListNotesParams{GuildID: int64(guild), Number: number})
	s.ok("notes", err)
	for _, note := range notes {
		detail.Notes = append(detail.Notes,
			ViolationNote{At: timeOf(note.At), By: snowflake.UserID(note.MadeBy), Text: note.Text})
	}
	return detail, s.err == nil
}

func (s *Snapshot) violationRow(row *db.Violation) ViolationRow {
	v := ViolationRow{
		Violation: violationOf(row), State: moderation.ViolationState(row.State), Shadow: row.Shadow != 0,
		Version: row.RuleVersion, Surface: moderation.Surface(row.Surface), Detected: timeOf(row.DetectedAt),
		Response: time.Duration(row.ResponseMs) * time.Millisecond, MarkedBy: snowflake.UserID(row.MarkedBy),
	}
	if row.ClaimedUntil > msOf(s.now) {
		v.Claim = Claim{snowflake.UserID(row.ClaimedBy), timeOf(row.ClaimedUntil)}
	}
	return v
}

// actionsAbout gives what was done about violations, by their numbers.
func (s *Snapshot) actionsAbout(guild snowflake.GuildID, numbers []int64) map[int64][]ActionRow {
	if s.err != nil || len(numbers) == 0 {
		return nil
	}
	rows, err := s.q.ListActionsAbout(s.ctx,
		db.ListActionsAboutParams{GuildID: int64(guild), Numbers: jsonIDs(numbers)})
	s.ok("actions about violations", err)
	about := make(map[int64][]ActionRow, len(numbers))
	slices.SortFunc(rows, func(a, b db.Action) int { return int(a.ActionID - b.ActionID) })
	for i := range rows {
		about[rows[i].Violation] = append(about[rows[i].Violation], actionRowOf(&rows[i]))
	}
	return about
}

func actionRowOf(row *db.Action) ActionRow {
	return ActionRow{
		Action: actionOf(row), ID: row.ActionID, At: timeOf(row.At), Violation: row.Violation,
		Message: snowflake.MessageID(row.MessageID), Problem: row.Problem, Settled: timeOf(row.SettledAt),
		Undoes: row.Undoes, UndoneBy: row.UndoneBy,
	}
}
