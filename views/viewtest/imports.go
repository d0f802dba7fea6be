package viewtest

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/stats"
	"guildwatch/views/imports"
)

// Imports is the page of imports as an admin sees it, with one of each state.
func Imports() imports.View {
	by := stats.Person{ID: 31, Name: "Otto <i>", Known: true}
	view := imports.View{Page: GuildPart("Pixel Harbor", "/imports"),
		Form: imports.Form{Guild: HarborID, Format: "table", Problem: "The file is not text in UTF-8. Save it as UTF-8 and try again."},
		List: imports.List{Guild: HarborID, At: Now, Seq: 4711, TimeZone: "America/New_York"}}
	for i, state := range []string{"draft", "running", "done", "undoing", "undone"} {
		view.List.Rows = append(view.List.Rows, imports.Row{Number: int64(5 - i), Format: "zeppelin", Name: "export_\u202e<b>.json", By: by,
			At: Now.Add(-time.Duration(i) * time.Hour), State: state, Rows: 1234, Known: 5, Skipped: int64(i)})
	}
	return view
}

// ImportPreview is a table that somebody looks at before it is taken over.
func ImportPreview() imports.Preview {
	view := Imports()
	who := stats.Person{ID: 32, Name: "Mara </script>", Known: true}
	row := view.List.Rows[0]
	row.Format, row.Skipped = "table", 2
	return imports.Preview{Page: GuildPart("Pixel Harbor", "/imports/5"), List: view.List, Row: row,
		Kinds:   []imports.Kind{{Kind: moderation.ActionWarn, N: 40}, {Kind: moderation.ActionBan, N: 2}},
		Samples: []imports.Sample{{Kind: moderation.ActionBan, Who: who, By: row.By, At: Now.AddDate(-1, 0, 0), Reason: "spam\n=1+1 <img>"}, {Kind: moderation.ActionWarn, Who: who}},
		Bad:     []imports.Bad{{Line: 4, Why: "Its time cannot be read. Write it like 2026-11-20T12:00:00Z."}},
		Columns: []string{"User", "What </option>", "When"}, Mapping: imports.Mapping{User: "User", Kind: "What </option>"},
		Known: 3, Twice: 1, Always: []moderation.ActionKind{moderation.ActionWarn, moderation.ActionBan},
		Problem: "Five files wait for a decision already. Take one over, or drop it."}
}
