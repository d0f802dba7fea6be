package audit

import (
	"strings"

	"guildwatch/views/ui"
)

// word is how people are told of an action. The sentence is actor, verb, object: "Mara Voss gave a role to Otto Lind".
type word struct {
	name string // in the filter: "Role given"
	verb string
	icon string
	tone ui.Tone
}

// words has every action that the log knows; the one place where they are put into words.
var words = map[string]word{
	"denied":                    {"Refused", "was not allowed to", "lock", ui.Bad},
	"role.assigned":             {"Role given", "gave a role to", "user-plus", ui.Info},
	"role.taken":                {"Role taken away", "took the role of", "user-minus", ui.Warn},
	"settings.changed":          {"Settings changed", "changed the settings", "settings-2", ui.Info},
	"rule.saved":                {"Rule saved", "saved", "shield-check", ui.Info},
	"rule.mode":                 {"Rule switched", "switched", "shield-check", ui.Info},
	"rule.rolled_back":          {"Rule rolled back", "rolled back", "history", ui.Info},
	"rule.switched_off":         {"Rule switched off by guildwatch", "switched off", "circle-alert", ui.Warn},
	"rule.deleted":              {"Rule deleted", "deleted", "trash-2", ui.Warn},
	"native_rule.made":          {"AutoMod rule made", "made", "bot", ui.Info},
	"native_rule.changed":       {"AutoMod rule changed", "changed", "bot", ui.Info},
	"native_rule.deleted":       {"AutoMod rule deleted", "deleted", "trash-2", ui.Warn},
	"native_severities.changed": {"Severity of AutoMod hits changed", "changed how severe AutoMod hits are", "bot", ui.Info},
	"ladder.changed":            {"Ladder changed", "changed the ladder", "list-checks", ui.Info},
	"appeal.approved":           {"Appeal approved", "approved an appeal of", "circle-check", ui.Info},
	"appeal.denied":             {"Appeal denied", "denied an appeal of", "circle-x", ui.Info},
	"schedule.changed":          {"Reports scheduled", "scheduled reports", "clock", ui.Info},
	"destination.added":         {"Destination for reports added", "added a destination for reports", "message-square", ui.Info},
	"destination.changed":       {"Destination for reports changed", "changed a destination for reports", "message-square", ui.Info},
	"destination.removed":       {"Destination for reports removed", "removed a destination for reports", "trash-2", ui.Warn},
	"destination.tried":         {"Destination for reports tried", "tried a destination for reports", "message-square", ui.Neutral},
	"raid.on":                   {"Raid mode switched on", "switched on raid mode for", "lock", ui.Warn},
	"raid.off":                  {"Raid mode switched off", "switched off raid mode for", "undo-2", ui.Info},
	"raid.expected":             {"Wave of newcomers expected", "changed whether a wave of newcomers is expected", "users", ui.Info},
	"raid.preset":               {"Preset of raid mode changed", "changed the preset of raid mode", "lock", ui.Info},
	"raid.ban":                  {"Raiders banned", "banned members of", "ban", ui.Warn},
	"raid.kick":                 {"Raiders kicked", "kicked members of", "user-x", ui.Warn},
	"counts.mended":             {"Counters put right", "put counters right", "list-checks", ui.Info},
	"secret.set":                {"Secret set", "set", "lock", ui.Warn},
	"secret.removed":            {"Secret removed", "removed", "lock", ui.Warn},
	"export.asked":              {"Exported", "exported", "download", ui.Info},
	"export.downloaded":         {"Export fetched", "fetched the export of", "download", ui.Info},
	"export.cancelled":          {"Export cancelled", "cancelled an export of", "circle-x", ui.Info},
	"export.deleted":            {"File of an export deleted", "deleted the file of an export of", "trash-2", ui.Info},
	"import.done":               {"Taken over from another bot", "took over from another bot", "log-in", ui.Info},
	"import.undone":             {"Import taken back", "took back an import", "undo-2", ui.Warn},
	"member.exported":           {"Member's data exported", "exported the data of", "download", ui.Info},
	"member.erased":             {"Member's data erased", "erased the data of a member", "trash-2", ui.Warn},
	"retention.changed":         {"What is kept changed", "changed how long things are kept", "history", ui.Info},
	"link.spent":                {"Signed in by a link", "signed in by a link from Discord", "log-in", ui.Neutral},
	"session.started":           {"Signed in", "signed in", "log-in", ui.Neutral},
	"session.ended":             {"Signed out", "signed out", "log-out", ui.Neutral},
	"sessions.ended":            {"Signed out everywhere", "signed out everywhere", "log-out", ui.Neutral},
}

// wordsOf are the words for an action. A row of an action that this version does not know says its name.
func wordsOf(action string) word {
	if w, ok := words[action]; ok {
		return w
	}
	return word{readable(action), "did “" + readable(action) + "”", "circle", ui.Neutral}
}

// readable makes words of a name: "rule.switched_off" is "Rule switched off".
func readable(name string) string {
	text := strings.NewReplacer(".", " ", "_", " ").Replace(name)
	if text == "" {
		return "something"
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// fields are what the values of a row are called.
var fields = map[string]string{
	"": "", "time_zone": "Time zone", "log_channel": "Log channel", "tell_members": "Members are told",
	"take_appeals": "Appeals", "trigger": "Trigger", "why": "Reason", "members": "Members", "length": "Length", "unnoted": "Refusals before it without a row",
	"ended": "Sessions", "wanted": "Wanted role", "unlogged": "Sign-ins and sign-outs before it without a row",
}

// verb is what the actor did. In the demo visitors are called You, which takes another form of the verb.
func (r Row) verb() string {
	verb := wordsOf(r.Action).verb
	if was, is := strings.CutPrefix(verb, "was "); is && r.Actor.Person.Name == "You" {
		return "were " + was
	}
	return verb
}

// about is what stands between the verb and a person or a Discord role.
func (r Row) about() string {
	if r.Action == "denied" && r.object() != "" {
		return r.object() + ": "
	}
	return ""
}

func fieldName(key string) string {
	if name, ok := fields[key]; ok {
		return name
	}
	return readable(key)
}

// rights say what somebody was refused, by the right's name.
var rights = map[string]string{
	"view": "see this server", "manage_violations": "manage violations", "act_on_members": "act on members",
	"decide_appeals": "decide appeals", "export": "export", "switch_raid_mode": "switch raid mode",
	"update_settings": "change settings", "update_rules": "change rules", "view_audit": "read the audit log",
	"view_team": "see the team", "delete_rules": "delete rules", "manage_roles": "manage roles",
	"erase_member": "erase a member's data", "operator": "see what is for the operator",
}

// secrets are what secrets are called.
var secrets = map[string]string{"discord_client_secret": "the client secret for signing in with Discord"}

// object is what it was done to, where that is neither a person nor a Discord role.
func (r Row) object() string {
	kind, id, split := strings.Cut(r.Target, ":")
	switch {
	case kind == "right" && rights[id] != "":
		return rights[id]
	case split && kind == "native_rule":
		return "the AutoMod rule " + id
	case kind == "secret" && secrets[id] != "":
		return secrets[id]
	case kind == "export":
		return strings.ReplaceAll(id, "-", " ")
	case split && r.Names[id] != "":
		return r.Names[id]
	case split:
		return readable(kind) + " " + id
	case r.Target == "":
		return ""
	}
	return readable(r.Target)
}
