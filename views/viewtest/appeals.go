package viewtest

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/views/appeals"
	"guildwatch/views/violations"
)

// Appeals are appeals in every state, against everything that can be appealed, with what people try on those who read
// them.
func Appeals() []violations.Appeal {
	mara, otto := Person(31, "Mara Voss"), Person(41, "Otto Lind")
	evil := Person(33, "evil\u202ename\u200b<script>")
	kinds := []struct {
		state moderation.AppealState
		kind  moderation.ActionKind
		text  string
	}{{moderation.AppealOpen, moderation.ActionTimeout, "it is my fish's name </blockquote><script>alert(1)</script> \u202egnp.exe"},
		{moderation.AppealApproved, moderation.ActionBan, "it was my brother"},
		{moderation.AppealDenied, moderation.ActionKick, "I do not care"}, {moderation.AppealWithdrawn, moderation.ActionWarn, ""}}
	list := make([]violations.Appeal, len(kinds))
	for i, k := range kinds {
		a := moderation.Appeal{Number: int64(9 - i), Action: int64(70 + i), Violation: 412, User: evil.ID, State: k.state, Text: k.text,
			At: Now.Add(-time.Duration(i*i) * time.Hour)}
		list[i] = violations.Appeal{Appeal: a, Who: evil, Against: violations.Action{ID: a.Action, At: a.At, Violation: 412,
			Action: moderation.Action{Kind: k.kind, Outcome: moderation.OutcomeDone, Source: moderation.SourceRule, Reason: "House <b>words"}}}
		if k.state == moderation.AppealApproved || k.state == moderation.AppealDenied {
			list[i].DecidedBy, list[i].DecidedAt, list[i].Decider = otto.ID, Now.Add(-time.Minute), otto
			list[i].Answer = "sorry </p><b>friend</b>\u202e"
		}
	}
	list[3].Who, list[3].DecidedAt = mara, Now.Add(-time.Minute)
	return list
}

// AppealList is a page of the list.
func AppealList() appeals.List {
	all := Appeals()
	return appeals.List{Place: ViolationsPlace(true), Open: all[:1], Rows: all[1:], Older: appeals.URL(HarborID, "", 6)}
}

// AppealPage is the page of one appeal as a moderator sees it.
func AppealPage(a violations.Appeal) appeals.Detail {
	row := Violations()[0]
	actions := Deeds(Person(41, "Otto Lind"))
	actions[1].Told = moderation.Notice{State: moderation.NoticeSaid}
	actions[2].Told = moderation.Notice{State: moderation.NoticeRefused, Problem: "The member takes no direct messages <b>."}
	actions[3].Told = moderation.Notice{State: moderation.NoticeDue}
	return appeals.Detail{
		Page: GuildPart("Pixel Harbor", "/appeals/9"),
		Case: appeals.Case{Place: ViolationsPlace(true), Appeal: a, Row: &row, Actions: actions,
			Thread: moderation.Notice{State: moderation.NoticeSaid}},
		Decide: &appeals.DecideForm{},
		Past:   appeals.Past{Rows: Violations()[1:3], Counted: 3, Level: 2, Next: "a timeout of 1 h", Appeals: Appeals()[2:]},
	}
}
