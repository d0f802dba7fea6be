package viewtest

import (
	"time"

	"guildwatch/internal/access"
	"guildwatch/views/audit"
	"guildwatch/views/instance"
	"guildwatch/views/ui"
)

// Audit is a page of the log in which every kind of row occurs.
func Audit() audit.List {
	otto, mara := audit.Who{Person: Person(41, "Otto Lind")}, audit.Who{Person: Person(31, "Mara Voss")}
	rows := []audit.Row{
		{Actor: otto, Role: access.Owner, Action: "role.assigned", Person: mara, Before: `"viewer"`,
			After: `"moderator"`, Request: "k3v9qpx2mzla"},
		{Actor: otto, Role: access.Owner, Action: "role.assigned", Target: "discord_role:9", Discord: &Forged,
			After: `"moderator"`},
		{Actor: mara, Role: access.Moderator, Action: "denied", Target: "right:manage_roles", After: `{"unnoted":12}`, Request: "u7d2hw0bcrty"},
		{Actor: otto, Role: access.Owner, Action: "settings.changed",
			Before: `{"time_zone":"UTC","log_channel":"0","same":1}`,
			After:  `{"time_zone":"Europe/Lisbon","log_channel":"12345678901234567","same":1}`,
			Names:  map[string]string{"12345678901234567": "#mod-log\u202e<b>"}},
		{Actor: audit.Who{Erased: 7_204_418}, Role: access.Admin, Action: "role.taken", Person: audit.Who{Erased: 12},
			Before: `"admin"`},
		{Actor: audit.Who{Person: Person(33, "evil\u202ename\u200b<script>")}, Action: "session.started"},
		{Action: "rule.switched_off", Target: "rule:17", After: `{"enabled":false,"why":null,"hits":[1,2]}`},
		{Actor: otto, Action: "secret.set", Target: "secret:discord_client_secret", After: "no JSON \u202e at all"},
		{Actor: audit.Who{Person: Person(31, "You")}, Role: access.Admin, Action: "denied", Target: "right:manage_roles",
			Person: otto, After: `{"wanted":"owner"}`},
	}
	for i := range rows {
		rows[i].Number, rows[i].At = int64(1204-i), Now.Add(-time.Duration(i*i)*time.Hour)
	}
	return audit.List{Guild: HarborID, At: Now, Seq: 4711, TimeZone: "Europe/Lisbon", Rows: rows}
}

// AuditFilter is the form of the log with everything filled in.
func AuditFilter() audit.Filter {
	return audit.Filter{Guild: HarborID, Person: "130023424", Who: Person(31, "Mara Voss"), Action: "denied",
		From: "2026-03-01", To: "2026-03-14", Actions: []string{"denied", "role.assigned", "role.taken", "rule.switched_off"}}
}

// Instance is the operator's page with one part degraded and one down.
func Instance() instance.View {
	log := Audit()
	log.Guild, log.Rows, log.TimeZone = 0, log.Rows[5:8], ""
	page := Page("Instance", instance.Path)
	page.Live = ""
	return instance.View{
		Page: page, Log: log,
		State: instance.State{At: Now, Version: "0.1.0", BuildTime: "2026-03-01T07:00:00Z", Started: Now.Add(-50 * time.Hour),
			Streams: 1204, Parts: []instance.Part{
				{Name: "database", Label: "ok", Tone: ui.Good},
				{Name: "discord", Label: "degraded", Tone: ui.Warn, Reason: "Discord refused the privileged intents."},
				{Name: "live", Label: "down", Tone: ui.Bad, Reason: "The announcer has stopped."}}},
		Secret: instance.Secret{Set: true, Hint: "x7Qa", By: Person(41, "Otto Lind"), At: Now.AddDate(0, 0, -3),
			Redirect: "https://mod.example.org/sign-in/callback"},
		Mail:  instance.Mail{Server: "mail.example.org:587", From: "guildwatch@example.org", Password: instance.Secret{Set: true, By: Person(41, "Otto Lind"), At: Now.AddDate(0, 0, -3)}},
		Chain: instance.Chain{Rows: 1204, Head: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
	}
}
