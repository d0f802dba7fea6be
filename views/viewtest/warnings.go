package viewtest

import (
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/stats"
	"guildwatch/views/member"
	"guildwatch/views/ui"
	"guildwatch/views/violations"
	"guildwatch/views/warnings"
)

// Warnings are rows of every kind, with what people try on those who read them.
func Warnings() []warnings.Row {
	mara, otto, evil := Person(31, "Mara Voss"), Person(41, "Otto Lind"), Person(33, "evil\u202ename\u200b<script>")
	rows := []warnings.Row{
		{Who: evil, Warning: moderation.Warning{Source: moderation.SourceRule, Violation: 412, Reason: "House words </p>"}},
		{Who: mara, Giver: otto, Warning: moderation.Warning{Source: moderation.SourceCommand, Reason: "please keep it in #off-topic"}},
		{Who: mara, Giver: otto, Clearer: otto, ClearReason: "my mistake \u202e<b>",
			Warning: moderation.Warning{Source: moderation.SourceDashboard, Cleared: Now.Add(-time.Hour)}},
		{Who: mara, Warning: moderation.Warning{Source: moderation.SourceCommand, Cleared: Now.Add(-time.Minute)}},
	}
	for i := range rows {
		rows[i].Number, rows[i].User, rows[i].At = int64(9-i), rows[i].Who.ID, Now.Add(-time.Duration(i*i)*time.Hour)
	}
	return rows
}

// WarningList is a page of the list.
func WarningList(may bool) warnings.List {
	return warnings.List{Place: ViolationsPlace(may), Rows: Warnings(), Older: warnings.URL(HarborID) + "?before=6"}
}

// Card is a member about whom all is known, or somebody who is a number.
func Card(known bool) member.Card {
	mara := Person(31, "Mara Voss")
	if !known {
		nobody := stats.Person{ID: mara.ID, Name: "User #120044"}
		return member.Card{Place: ViolationsPlace(false), Who: nobody, User: moderation.User{ID: mara.ID}, Left: true,
			Next: "a warning"}
	}
	return member.Card{Place: ViolationsPlace(true), Who: mara, Seen: true, Nick: "Mara\u202e",
		User: moderation.User{ID: mara.ID, Name: "mara.voss"}, Joined: Now.AddDate(-1, 0, 0), TimedOut: Now.Add(time.Hour),
		Roles: []ui.DiscordRole{Staff, Forged, Lost}, Level: 2, Next: "a timeout of 1 h", Kicked: true, Counted: 3, Shadow: 2, False: 1,
		Warnings: Warnings()[1:], Actions: Deeds(Person(41, "Otto Lind")), Rows: Violations()[1:4]}
}

// MemberPage is the page of a card as a moderator sees it.
func MemberPage() member.View {
	card := Card(true)
	return member.View{Page: GuildPart("Pixel Harbor", "/members/130023424"), Card: card,
		Act: &violations.ActForm{To: violations.MemberURL(HarborID, card.User.ID) + "/act", TimedOut: true}}
}
