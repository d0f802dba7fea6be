package viewtest

import (
	"time"

	"guildwatch/internal/moderation"
	core "guildwatch/internal/moderation/raid"
	"guildwatch/internal/stats"
	"guildwatch/views/raid"
)

// RaidPlace is where pages of raids stand, for somebody who may do everything there, or only look.
func RaidPlace(may bool) raid.Place {
	return raid.Place{Guild: HarborID, At: Now, Seq: 4711, TimeZone: "Europe/Berlin", Switch: may, Act: may, Set: may}
}

// Raids are a raid that is on, one whose changes cannot be put back, one that is over and one that was expected.
func Raids() []raid.Raid {
	otto := Person(41, "Otto Lind")
	held := core.Lever{State: core.Held, Was: 1, Set: 3}
	rows := []raid.Raid{
		{Raid: core.Raid{Trigger: core.ByJoins, NewJoins: 9, AllJoins: 12, State: core.Raised, Invites: held, Verification: held}},
		{Starter: otto, Ender: otto, Raid: core.Raid{Trigger: core.ByPerson, By: otto.ID, State: core.Restoring, EndedBy: otto.ID,
			EndedWhy: core.EndedByPerson, Invites: held, Verification: core.Lever{State: core.Restored, Was: 1, Set: 3},
			Problem: "guildwatch lacks the permission Manage Server."}},
		{Raid: core.Raid{Trigger: core.ByMessages, State: core.Over, EndedWhy: core.EndedCalm,
			Invites:      core.Lever{State: core.Refused, Problem: "guildwatch lacks the permission Manage Server."},
			Verification: core.Lever{State: core.Kept, Was: 1, Set: 3}}},
		{Raid: core.Raid{Trigger: core.ByNewJoins, NewJoins: 7, AllJoins: 7, State: core.Over, EndedWhy: core.EndedExpected}},
	}
	for i := range rows {
		r := &rows[i].Raid
		r.Guild, r.Number, r.Started = HarborID, int64(9-i), Now.Add(-time.Duration(5+90*i)*time.Minute)
		r.LastSign = r.Started.Add(2 * time.Minute)
		if !r.On() {
			r.Ended = r.Started.Add(17 * time.Minute)
		}
	}
	return rows
}

// RaidNow is whether raid mode is on: with a raid of Raids, or (nil) off.
func RaidNow(may bool, r *raid.Raid) raid.Now {
	return raid.Now{Place: RaidPlace(may), Raid: r, Chosen: core.Settings{Preset: core.Balanced}}
}

// RaidPage is the page of raids during one.
func RaidPage() raid.View {
	rows := Raids()
	return raid.View{Page: GuildPart("Pixel Harbor", "/raid"), Now: RaidNow(true, &rows[0]),
		Past: raid.Past{Place: RaidPlace(true), Rows: rows, Older: raid.URL(HarborID) + "?before=6"}}
}

// RaidReport is the page about one raid, with what people try on those who read it.
func RaidReport(plan *raid.Plan) raid.Report {
	p, rows := RaidPlace(true), Raids()
	evil, mara := Person(33, "evil\u202ename\u200b<script>"), Person(31, "Mara Voss")
	at := rows[0].Started
	members := []raid.Member{
		{Who: evil, Made: at.Add(-2 * time.Hour), Joined: at, Messages: 6, Kind: moderation.ActionBan, Outcome: moderation.OutcomeDone},
		{Who: mara, Made: at.AddDate(-3, 0, 0), Messages: 2},
		{Who: Person(34, "kestrel-hush"), Made: at.AddDate(0, 0, -3), Joined: at, Kind: moderation.ActionKick,
			Outcome: moderation.OutcomeFailed, Problem: "guildwatch's highest role is not above this member's."},
		{Who: Person(35, "plain-otter"), Made: at.AddDate(0, -2, 0), Joined: at, Left: Now.Add(-time.Minute)},
		{Who: Person(36, "quiet-heron"), Made: at.Add(-time.Hour), Joined: at, Kind: moderation.ActionBan, Outcome: moderation.OutcomeSent},
	}
	return raid.Report{Page: GuildPart("Pixel Harbor", "/raid/9"),
		Facts: raid.Facts{Place: p, Raid: rows[0], Ages: raid.Ages{9, 2, 1, 0, 3},
			Counts: raid.Counts{Joined: 15, New: 11, Wrote: 6, Banned: 1, Left: 1, Full: true}},
		Clusters: []raid.Cluster{{Text: "free <b>nitro</b> \u202e here", Messages: 31, First: at, Last: at.Add(time.Minute)},
			{Messages: 12, First: at, Last: at}},
		Members: raid.Members{Place: p, Raid: 9, Rows: members, Older: raid.ReportURL(HarborID, 9) + "?page=2"},
		Act:     &raid.ActForm{Place: p, Raid: 9, Kind: "ban", Who: raid.WhoNew, Plan: plan}}
}

// RaidPlan is what a press of the button would do.
func RaidPlan() *raid.Plan {
	return &raid.Plan{Print: "0123456789abcdef01234567", Moderators: 2, Left: 1, Done: 4,
		Users: []stats.Person{Person(33, "evil\u202ename\u200b<script>"), Person(34, "kestrel-hush")}}
}
