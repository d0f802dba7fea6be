package viewtest_test

import (
	"time"

	"guildwatch/views/layout"
	"guildwatch/views/signin"
	"guildwatch/views/viewtest"
)

// doors are the ways in and out.
func doors() []state {
	nobody := layout.Page{Title: "Sign in", Path: "/sign-in", Now: viewtest.Now, Version: "0.1.0"}
	mine := viewtest.Page("Your sessions", "/sessions")
	mine.LookAs, mine.Demo, mine.Account, mine.Live = "", false, true, ""
	invitation := signin.Invitation{Page: nobody, Person: viewtest.Person(31, "Mara Voss"), Guild: viewtest.HarborID,
		Name: "Pixel Harbor", Expires: viewtest.Now.Add(4 * time.Minute)}
	forged := invitation
	forged.Person.Name, forged.Name = "<b>Mara\u202e", "\"><script>alert(1)</script>"
	return []state{
		{"signin.Page/link", signin.Page(signin.Door{Page: nobody})},
		{"signin.Page/discord", signin.Page(signin.Door{Page: nobody, Discord: "/sign-in/discord?next=%2Fservers",
			Message: "You are signed out."})},
		{"signin.Page/barred", signin.Page(signin.Door{Page: nobody, Barred: "Nobody can sign in at this address."})},
		{"signin.Link/known", signin.Link(invitation)},
		{"signin.Link/forged", signin.Link(forged)},
		{"signin.Refused/spent", signin.Refused(signin.Refusal{Page: nobody,
			Icon: "lock", Title: "This link was used already",
			Message: "Write /guildwatch dashboard for a new one.", Reference: "7f3a91"})},
		{"signin.Refused/again", signin.Refused(signin.Refusal{Page: nobody, Icon: "unplug", Title: "Discord does not answer",
			Message: "Please try again.", Retry: "/sign-in/discord?next=%2F"})},
		{"signin.Refused/inside", signin.Refused(signin.Refusal{Page: mine, Icon: "lock", Title: "This link was used already",
			Message: "Write /guildwatch dashboard for a new one."})},
		{"signin.Refused/other", signin.Refused(signin.Refusal{Page: mine, Icon: "users",
			Title: "You are signed in as somebody else", Message: "Sign out first.", Stay: true, Back: "/sign-in/link/aB3"})},
		{"signin.List/three", signin.List(signin.Sessions{Page: mine, List: []signin.Session{
			{ID: "1", Device: "Firefox on Linux", Address: "192.0.2.7", Began: viewtest.Now.Add(-26 * time.Hour),
				LastUsed: viewtest.Now, Ends: viewtest.Now.Add(142 * time.Hour), Current: true},
			{ID: "2", Device: "Chrome on Android", Address: "2001:db8:85a3:8d3:1319:8a2e:370:7348",
				Began: viewtest.Now.Add(-3 * time.Hour), LastUsed: viewtest.Now.Add(-40 * time.Minute),
				Ends: viewtest.Now.Add(165 * time.Hour)},
			{ID: "3", Device: "Unknown browser", Address: "198.51.100.20", Began: viewtest.Now.Add(-6 * 24 * time.Hour),
				LastUsed: viewtest.Now.Add(-11 * time.Hour), Ends: viewtest.Now.Add(24 * time.Hour)},
		}})},
	}
}
