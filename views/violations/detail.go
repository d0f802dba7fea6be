package violations

import (
	"time"

	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/stats"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// CaseRegion is the name under which the page of one violation fetches what is known of it again.
const CaseRegion frame.Name = "violation"

// Detail is the page of one violation.
type Detail struct {
	Page layout.Page
	Case Case
	Act  *ActForm // nil: the viewer may not
	Note NoteForm
	Past Past
}

// Case is all that is known of a violation: what can be fetched again by itself.
type Case struct {
	Place
	Row
	Notes   []Note   // the oldest first
	Appeals []Appeal // the newest first
}

// Note is what a moderator wrote beside a violation.
type Note struct {
	At   time.Time
	By   stats.Person
	Text string
}

// NoteForm is where a note is written, as it was filled in.
type NoteForm struct {
	Text    string
	Problem string
}

// Past is what the member did before and after.
type Past struct {
	Rows    []Row // the newest first, without the one of the page
	Counted int64 // violations of the member that count, ever
	Level   int   // on the ladder, now
	Next    string
}

func (d Detail) page() layout.Page {
	page := d.Page.Part("Violation #" + ui.Count(d.Case.Number))
	page.Sections = []layout.Section{{ID: "case", Label: "Case", Icon: "shield-alert"}}
	if d.Act != nil {
		page.Sections = append(page.Sections, layout.Section{ID: "act", Label: "Act", Icon: "gavel"})
	}
	if d.Case.May.Manage {
		page.Sections = append(page.Sections, layout.Section{ID: "note", Label: "Note", Icon: "sticky-note"})
	}
	if d.Case.User != 0 {
		page.Sections = append(page.Sections, layout.Section{ID: "past", Label: "Past", Icon: "history"})
	}
	return page
}

func (c Case) panel() ui.Panel {
	return ui.Panel{Region: CaseRegion, Title: "What happened", Icon: "shield-alert", Seq: c.Seq,
		Moment:    c.moment(c.Place.At),
		RefetchOn: frame.Violation}
}

// url is the page, or one of the places that its forms are posted to.
func (c Case) url(deed string) templ.SafeURL {
	return templ.URL(PageURL(c.Place.Guild, c.Number) + deed)
}

// happened is when it was; Place has another At.
func (c Case) happened() ui.Moment { return c.moment(c.Violation.At) }

func (r Row) claimed() bool { return r.Claim != Claim{} }

// OnIt says who is on the violation; empty: nobody.
func (r Row) OnIt() string {
	if !r.claimed() {
		return ""
	}
	return onIt(r.Claim)
}

// onIt says who is on a violation.
func onIt(claim Claim) string {
	if claim.Mine {
		return "You are on it"
	}
	return ui.Visible(ui.Clip(claim.By.Name, 64)) + " is on it"
}

func (f NoteForm) field() ui.Field {
	return ui.Field{Name: "text", Label: "Note", Value: f.Text, Problem: f.Problem,
		Hint: "For moderators; the member never sees it.", More: templ.Attributes{"rows": "3", "maxlength": "1000"}}
}
