package handlers

import "guildwatch/internal/access"

// routes is every address that guildwatch answers, with the right that it needs: the whole surface on one page. A route
// is made by naming its right, and the handler takes what proves it (right.go), so there is none without.
//
//	page    HTML, whole or one region of it        data   JSON, identical requests at once run once
//	stream  server-sent events, without an end     asset  a file
var routes = []route{
	// Everyone.
	everyone("GET /health", (*site).health),
	everyone("GET /static/*", (*site).static).as(asset),
	everyone("GET /favicon.ico", (*site).favicon).as(asset),
	everyone("GET /manifest.webmanifest", (*site).manifest).as(asset),

	// The way in and out.
	everyone("GET /sign-in", (*site).signIn).as(page),
	everyone("GET /sign-in/link/:token", (*site).showLink).as(page),
	everyone("POST /sign-in/link/:token", (*site).useLink),
	everyone("GET /sign-in/discord", (*site).startDiscord),
	everyone("GET /sign-in/callback", (*site).finishDiscord).as(page),
	everyone("POST /sign-out", (*site).signOut),

	// Whoever is signed in: the operator's overview, or the way to one's own guilds.
	signedIn("GET /", (*site).home).as(page),
	signedIn("GET /servers", (*site).servers).as(page),
	signedIn("GET /sessions", (*site).sessions).as(page),
	signedIn("POST /sessions/:session_id/end", (*site).endSession),
	signedIn("POST /sign-out/everywhere", (*site).signOutEverywhere),
	signedIn("POST /demo/role", (*site).lookAs),

	// The operator.
	operator("GET /live", (*site).liveOverview).as(stream),
	operator("GET /instance", (*site).instance).as(page),
	operator("POST /instance", (*site).setSecret),
	operatorOrHere("GET /metrics", (*site).metrics),
	operatorOrPublic("GET /api/stats", (*site).apiStats).as(data),
	operatorOrPublic("GET /api/stats/realtime", (*site).apiStatsRealtime).as(stream).takes("after"),

	// Who may view a guild.
	inGuild[access.ViewDashboard]("GET /g/:guild_id", (*site).dashboard).as(page),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/analytics", (*site).analytics).as(page),
	inGuild[access.ViewDashboard]("GET /api/servers/:guild_id/temporal-analytics", (*site).apiTemporal).as(data).
		takes("period", "from", "to"),
	inGuild[access.ViewDashboard]("GET /api/servers/:guild_id/workload", (*site).apiWorkload).as(data).
		takes("period", "from", "to"),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/settings", (*site).settings).as(page),
	inGuild[access.ViewDashboard]("GET /live/:guild_id", (*site).liveGuild).as(stream),
	inGuild[access.ViewDashboard]("GET /api/servers/:guild_id/metrics", (*site).apiMetrics).as(data).
		takes("period", "from", "to"),
	inGuild[access.ViewDashboard]("GET /api/servers/:guild_id/health", (*site).apiHealth).as(data),
	inGuild[access.ViewDashboard]("GET /api/servers/:guild_id/top-offenders", (*site).apiOffenders).as(data).takes("period", "from", "to"),
	inGuild[access.ViewDashboard]("GET /api/servers/:guild_id/events", (*site).apiEvents).as(stream).takes("after"),
	inGuild[access.ViewDashboard]("GET /api/servers/:guild_id/config", (*site).apiConfig).as(data),

	// What broke the rules of a guild, and what is done about it.
	inGuild[access.ViewDashboard]("GET /g/:guild_id/violations", (*site).violations).as(page),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/violations/:number", (*site).violation).as(page),
	inGuild[access.ActOnMembers]("POST /g/:guild_id/violations/:number/act", (*site).actOnViolation),
	inGuild[access.ActOnMembers]("POST /g/:guild_id/violations/:number/undo", (*site).undoOfViolation),
	inGuild[access.ManageViolations]("POST /g/:guild_id/violations/:number/false", (*site).markViolation),
	inGuild[access.ManageViolations]("POST /g/:guild_id/violations/:number/note", (*site).noteViolation),
	inGuild[access.ManageViolations]("POST /g/:guild_id/violations/:number/claim", (*site).claimViolation),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/members/:user_id", (*site).member).as(page),
	inGuild[access.ActOnMembers]("POST /g/:guild_id/members/:user_id/act", (*site).actOnMember),
	inGuild[access.ActOnMembers]("POST /g/:guild_id/members/:user_id/undo", (*site).undoOfMember),
	inGuild[access.ManageViolations]("POST /g/:guild_id/members/:user_id/clear", (*site).clearMember),
	inGuild[access.Export]("GET /g/:guild_id/members/:user_id/data", (*site).memberData).as(asset),
	inGuild[access.EraseMember]("POST /g/:guild_id/members/:user_id/erase", (*site).eraseMember),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/warnings", (*site).warnings).as(page),
	inGuild[access.ManageViolations]("POST /g/:guild_id/warnings/clear", (*site).clearOldWarnings),
	inGuild[access.ManageViolations]("POST /g/:guild_id/warnings/:warning/clear", (*site).clearWarning),
	inGuild[access.ViewDashboard]("GET /api/servers/:guild_id/violations", (*site).apiViolations).as(data).
		takes("severity", "source", "rule", "state", "user", "channel", "from", "to", "text", "cursor"),
	inGuild[access.ViewDashboard]("GET /api/servers/:guild_id/warnings", (*site).apiWarnings).as(data).
		takes("user", "state", "text", "cursor"),

	// What members say against it.
	inGuild[access.ViewDashboard]("GET /g/:guild_id/appeals", (*site).appeals).as(page),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/appeals/:appeal", (*site).appeal).as(page),
	inGuild[access.DecideAppeals]("POST /g/:guild_id/appeals/:appeal/decide", (*site).decideAppeal),

	// Raids.
	inGuild[access.ViewDashboard]("GET /g/:guild_id/raid", (*site).raids).as(page),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/raid/:raid", (*site).raidReport).as(page),
	inGuild[access.SwitchRaidMode]("POST /g/:guild_id/raid/on", (*site).switchRaidOn),
	inGuild[access.SwitchRaidMode]("POST /g/:guild_id/raid/off", (*site).switchRaidOff),
	inGuild[access.SwitchRaidMode]("POST /g/:guild_id/raid/pause", (*site).pauseRaids),
	inGuild[access.UpdateSettings]("POST /g/:guild_id/raid/preset", (*site).setRaidPreset),
	inGuild[access.ActOnMembers]("POST /g/:guild_id/raid/:raid/act", (*site).actOnRaid).as(page),

	// The rules of a guild.
	inGuild[access.ViewDashboard]("GET /g/:guild_id/rules", (*site).rules).as(page),
	inGuild[access.ViewDashboard]("POST /g/:guild_id/rules/try", (*site).tryRules).as(page),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/rules/:rule", (*site).rule).as(page),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/rules/:rule/versions", (*site).ruleVersions).as(page),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/rules/:rule/shadow", (*site).ruleShadow).as(page),
	inGuild[access.ViewDashboard]("GET /api/servers/:guild_id/rules", (*site).apiRules).as(data),
	inGuild[access.ViewDashboard]("GET /api/servers/:guild_id/rule-effectiveness", (*site).apiEffectiveness).as(data).takes("period", "from", "to"),
	inGuild[access.UpdateRules]("GET /g/:guild_id/rules/new", (*site).newRule).as(page),
	inGuild[access.UpdateRules]("POST /g/:guild_id/rules/new", (*site).makeRule),
	inGuild[access.UpdateRules]("POST /g/:guild_id/rules/:rule", (*site).saveRule),
	inGuild[access.UpdateRules]("POST /g/:guild_id/rules/:rule/mode", (*site).setRuleMode),
	inGuild[access.UpdateRules]("POST /g/:guild_id/rules/:rule/rollback", (*site).rollBackRule),
	inGuild[access.DeleteRules]("POST /g/:guild_id/rules/:rule/delete", (*site).deleteRule),
	inGuild[access.UpdateRules]("GET /g/:guild_id/rules/:rule/promote", (*site).promoteRule).as(page),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/rules/native/:native", (*site).nativeRule).as(page),
	inGuild[access.UpdateRules]("GET /g/:guild_id/rules/native/new", (*site).newNative).as(page),
	inGuild[access.UpdateRules]("POST /g/:guild_id/rules/native/new", (*site).makeNative),
	inGuild[access.UpdateRules]("POST /g/:guild_id/rules/native/:native", (*site).saveNative),
	inGuild[access.UpdateRules]("POST /g/:guild_id/rules/native/:native/switch", (*site).switchNative),
	inGuild[access.DeleteRules]("POST /g/:guild_id/rules/native/:native/delete", (*site).deleteNative),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/rules/severities", (*site).severities).as(page),
	inGuild[access.UpdateRules]("POST /g/:guild_id/rules/severities", (*site).saveSeverities),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/rules/ladder", (*site).ladder).as(page),
	inGuild[access.UpdateSettings]("POST /g/:guild_id/rules/ladder", (*site).saveLadder),

	// What is taken out of a guild.
	inGuild[access.Export]("GET /g/:guild_id/exports", (*site).exports).as(page),
	inGuild[access.Export]("POST /g/:guild_id/exports", (*site).askExport),
	inGuild[access.Export]("POST /g/:guild_id/exports/:export_id", (*site).dropExport),
	inGuild[access.Export]("POST /api/servers/:guild_id/export", (*site).apiExport),
	inGuild[access.Export]("GET /api/servers/:guild_id/export/history", (*site).apiExportHistory).as(data),
	inGuild[access.Export]("GET /api/servers/:guild_id/export/:export_id", (*site).download).as(asset),
	inGuild[access.Export]("DELETE /api/servers/:guild_id/export/:export_id", (*site).apiDropExport).takes("do"),

	// What a guild is told about itself, and where.
	inGuild[access.ViewDashboard]("GET /g/:guild_id/reports", (*site).reports).as(page),
	inGuild[access.ViewDashboard]("GET /g/:guild_id/reports/:cadence", (*site).report).as(page),
	inGuild[access.UpdateSettings]("POST /g/:guild_id/reports", (*site).scheduleReports),
	inGuild[access.UpdateSettings]("POST /g/:guild_id/reports/destinations", (*site).addDestination),
	inGuild[access.UpdateSettings]("POST /g/:guild_id/reports/destinations/:destination", (*site).changeDestination),

	// What one person is told.
	inGuild[access.ViewDashboard]("POST /g/:guild_id/notifications/:number", (*site).seeNotification),

	// Who steers a guild.
	inGuild[access.UpdateSettings]("POST /g/:guild_id/settings", (*site).updateSettings),
	inGuild[access.UpdateSettings]("POST /g/:guild_id/settings/kept", (*site).setRetention),
	inGuild[access.UpdateSettings]("GET /g/:guild_id/imports", (*site).imports).as(page),
	inGuild[access.UpdateSettings]("POST /g/:guild_id/imports", (*site).bringFile),
	inGuild[access.UpdateSettings]("GET /g/:guild_id/imports/:import", (*site).importPage).as(page),
	inGuild[access.UpdateSettings]("POST /g/:guild_id/imports/:import", (*site).decideImport),
	inGuild[access.ViewTeam]("GET /g/:guild_id/team", (*site).team).as(page),
	inGuild[access.ViewTeam]("GET /api/servers/:guild_id/roles", (*site).apiRoles).as(data),
	inGuild[access.ManageRoles]("POST /g/:guild_id/team", (*site).assign),
	inGuild[access.ViewAudit]("GET /g/:guild_id/audit", (*site).audit).as(page),
	inGuild[access.ViewAudit]("GET /api/servers/:guild_id/audit-log", (*site).apiAudit).as(data).
		takes("actor", "action", "from", "to", "cursor"),
}
