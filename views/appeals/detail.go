package appeals

import (
	"github.com/a-h/templ"

	"guildwatch/internal/frame"
	"guildwatch/internal/moderation"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
	"guildwatch/views/violations"
)

// CaseRegion is the name under which the page of one appeal fetches what is known of it again.
const CaseRegion frame.Name = "appeal-case"

// Detail is the page of one appeal.
type Detail struct {
	Page   layout.Page
	Case   Case
	Decide *DecideForm // nil: the viewer may not, or it is decided
	Past   Past
}

// Case is all that is known of an appeal: what can be fetched again by itself.
type Case struct {
	violations.Place
	violations.Appeal
	Row     *violations.Row     // the violation; nil: the action answered none
	Actions []violations.Action // what was done, the oldest first
	Thread  moderation.Notice   // in which moderators talk; zero: none was planned
	Told    moderation.Notice   // the member, of the decision; zero: nothing yet
}

// DecideForm is where a moderator decides, as it was filled in.
type DecideForm struct {
	Answer  string
	Problem string // why nothing was decided
}

// Past is where the member stands, and their other appeals.
type Past struct {
	Counted int64 // violations of the member that count, ever
	Level   int   // on the ladder, now
	Next    string
	Rows    []violations.Row    // other violations, the newest first
	Appeals []violations.Appeal // other appeals, the newest first
}

func (d Detail) page() layout.Page {
	page := d.Page.Part("Appeal #" + ui.Count(d.Case.Number))
	page.Sections = []layout.Section{{ID: "case", Label: "Appeal", Icon: "gavel"}}
	if d.Decide != nil {
		page.Sections = append(page.Sections, layout.Section{ID: "decide", Label: "Decide", Icon: "circle-check"})
	}
	page.Sections = append(page.Sections, layout.Section{ID: "past", Label: "Past", Icon: "history"})
	return page
}

func (c Case) panel() ui.Panel {
	return ui.Panel{Region: CaseRegion, Title: "Appeal", Icon: "gavel", Seq: c.Seq, Moment: moment(c.Place, c.Place.At),
		RefetchOn: frame.Appeal + " " + frame.Violation}
}

func (c Case) url(deed string) templ.SafeURL {
	return templ.URL(violations.AppealURL(c.Guild, c.Number) + deed)
}

func (c Case) made() ui.Moment { return moment(c.Place, c.Appeal.At) }

// bare is the place without buttons: what is done about an appeal is to decide it.
func (c Case) bare() violations.Place {
	bare := c.Place
	bare.May = violations.May{}
	return bare
}

// thread says where moderators talk about the appeal.
func (c Case) thread() string {
	switch c.Thread.State {
	case moderation.NoticeDue:
		return "A thread is being opened in the log channel."
	case moderation.NoticeSaid:
		if c.Thread.Problem != "" {
			return c.Thread.Problem
		}
		return "There is a private thread in the log channel."
	}
	return c.Thread.Problem
}

// told says whether the member knows of the decision.
func (c Case) told() string {
	switch c.Told.State {
	case moderation.NoticeDue:
		return "The member is being told."
	case moderation.NoticeSaid:
		return "The member was told. " + c.Told.Problem
	}
	return c.Told.Problem
}

// effect is what an approval would bring.
func (c Case) effect() string {
	text := "Approving takes back what can be taken back, and the warning does not count any more."
	switch c.Against.Kind {
	case moderation.ActionKick:
		return text + " A kick cannot be undone, but it is not held against the member."
	case moderation.ActionBan:
		return text + " The ban is lifted."
	case moderation.ActionTimeout:
		return text + " The timeout ends."
	}
	return text
}

func (f DecideForm) answer() ui.Field {
	return ui.Field{Name: "answer", Label: "Answer to the member", Value: f.Answer,
		Hint: "They read it with the decision. May be empty.", More: templ.Attributes{"rows": "3", "maxlength": "1000"}}
}

func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return ui.Count(n) + " " + many
}
