package store

import (
	"slices"
	"strings"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// ViolationFilter chooses violations. What is zero or empty chooses all.
type ViolationFilter struct {
	Severity moderation.Severity
	Source   moderation.Source
	Rule     string // as in moderation.Violation: "rule:12"
	User     snowflake.UserID
	Channel  snowflake.ChannelID
	State    moderation.ViolationState
	From, To time.Time // half-open
	Text     string    // in the rule's name, the keyword or the text; small and large ASCII letters are the same
	Before   int64     // the number that the last page ended with; 0: the newest
}

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

// chosenViolations asks the index that leaves fewest rows to look at.
func (s *Snapshot) chosenViolations(guild snowflake.GuildID, f *ViolationFilter, most int) ([]db.Violation, error) {
	p := db.ListViolationsParams{
		GuildID: int64(guild), Before: newest, Source: string(f.Source), Severity: string(f.Severity), Rule: f.Rule,
		UserID: int64(f.User), ChannelID: int64(f.Channel), State: string(f.State), Since: msOf(f.From), Until: newest,
		Text: lowerASCII(f.Text), Max: int64(most),
	}
	if f.Before > 0 {
		p.Before = f.Before
	}
	if !f.To.IsZero() {
		p.Until = msOf(f.To)
	}
	if p.Since > 0 {
		first, err := s.q.FindFirstViolation(s.ctx,
			db.FindFirstViolationParams{GuildID: p.GuildID, Since: p.Since})
		if err != nil || first == 0 {
			return nil, err
		}
		p.FromNumber = first
	}
	switch {
	case f.User != 0:
		return s.q.ListViolationsOfUser(s.ctx, db.ListViolationsOfUserParams(p))
	case f.State != "" && f.State != moderation.StateCounted:
		return s.q.ListViolationsUncounted(s.ctx, db.ListViolationsUncountedParams(p))
	case f.Rule != "":
		return s.q.ListViolationsOfRule(s.ctx, db.ListViolationsOfRuleParams(p))
	case f.Severity != "":
		return s.q.ListViolationsOfSeverity(s.ctx, db.ListViolationsOfSeverityParams(p))
	}
	return s.q.ListViolations(s.ctx, p)
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

// lowerASCII is SQLite's lower().
func lowerASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, strings.TrimSpace(text))
}
