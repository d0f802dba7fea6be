package viewtest

import (
	"time"

	"guildwatch/views/exports"
)

// Exports are exports in every state, with what people try on those who read them.
func Exports() exports.List {
	otto, evil := Person(41, "Otto Lind"), Person(33, "evil\u202ename\u200b<script>")
	rows := []exports.Row{
		{What: "violations", Format: "csv", Who: otto, State: "running", Rows: 412_000, Total: 1_000_000, Gone: 412_000, May: true},
		{What: "actions", Format: "json", Who: evil, State: "running", Rows: 3000, Total: 14_850, Gone: 7_000, Narrow: "warn"},
		{What: "temporal-analytics", Format: "json", Who: evil, State: "running"},
		{What: "warnings", Format: "csv", Who: otto, State: "queued"},
		{What: "violations", Format: "csv", Who: evil, State: "done", Rows: 12_431, Bytes: 3_412_000,
			Narrow: "high, with “</p><script>alert(1)”, from 1 Nov 2026", Expires: Now.AddDate(0, 0, 29), May: true,
			Downloads: 3, Downloaded: Now.Add(-2 * time.Hour)},
		{What: "audit-log", Format: "json", Who: otto, State: "done", Rows: 1, Bytes: 812, Expires: Now.AddDate(0, 0, 20), Locked: true},
		{What: "violations", Format: "csv", Who: otto, State: "failed", Rows: 81_000,
			Problem: "The disk is full. Ask for it again when there is room."},
		{What: "violations", Format: "csv", Who: otto, State: "aborted", Rows: 2000,
			Problem: "guildwatch was stopped before it was done. Ask for it again."},
		{What: "top-offenders", Format: "csv", Who: otto, State: "expired", Rows: 10, Bytes: 1200},
		{What: "warnings", Format: "json", Who: otto, State: "cancelled", Rows: 1200, Ender: evil},
		{What: "health", Format: "csv", Who: otto, State: "deleted", Rows: 4, Bytes: 800, Ender: otto, Downloads: 1,
			Downloaded: Now.Add(-24 * 26 * time.Hour)},
	}
	for i := range rows {
		rows[i].ID, rows[i].At = string(rune('A'+i)), Now.Add(-time.Duration(i*i*i)*time.Hour)
	}
	return exports.List{Guild: HarborID, At: Now, Seq: 4711, TimeZone: "Europe/Lisbon", Rows: rows}
}

// ExportForm is the form for a table as somebody filled it in.
func ExportForm(what string) exports.Form {
	filter := ViolationFilter()
	return exports.Form{Guild: HarborID, What: what, Format: "csv", Severity: "high", Period: "week", Rules: filter.Rules,
		Channels: filter.Channels,
		Whats:    []string{"violations", "actions", "warnings", "health", "top-offenders", "rule-effectiveness", "audit-log"}}
}

// ExportsPage is the page as a moderator sees it.
func ExportsPage() exports.View {
	return exports.View{Page: GuildPart("Pixel Harbor", "/exports"), Form: ExportForm("violations"), List: Exports()}
}
