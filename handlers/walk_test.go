package handlers

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// part is where an id stands in a request.
type part string

const (
	inPath   part = "path"
	inQuery  part = "query"
	inForm   part = "form"
	inHeader part = "header"
)

// named is one id that a route takes: the guild's own object, another guild's, and one that there is nowhere.
type named struct {
	in                   part
	name                 string
	own, foreign, absent string
	more                 url.Values // what must stand beside it
}

// stop is a route as the walk visits it: a form that is whole, and every id that the route takes besides the guild.
type stop struct {
	form  url.Values
	query string
	ids   []named
}

// path is where the stop is in a guild, with the guild's own objects in it.
func (s stop) path(pattern string, guild snowflake.GuildID) string {
	path := pathOf(pattern, guild)
	for _, id := range s.ids {
		if id.in == inPath {
			path = strings.ReplaceAll(path, ":"+id.name, id.own)
		}
	}
	return path
}

// itinerary has every route of routes.go that belongs to a guild or takes an id. A route that is missing here fails the
// walk.
var itinerary = map[string]stop{
	"GET /g/:guild_id/reports":               {ids: []named{{inQuery, "delivery", "1", "2", "999", url.Values{"saved": {"tried"}}}}},
	"GET /g/:guild_id/reports/:cadence":      {query: "date=2026-11-10", ids: []named{{inPath, "cadence", "daily", "yearly", "hourly", nil}}},
	"POST /g/:guild_id/reports":              {form: url.Values{"daily": {"7"}, "weekly": {""}, "monthly": {""}}},
	"POST /g/:guild_id/reports/destinations": {form: url.Values{"kind": {"webhook"}, "name": {""}, "address": {"https://127.0.0.1/"}}},
	"POST /g/:guild_id/reports/destinations/:destination": {form: url.Values{"do": {"?"}},
		ids: []named{{inPath, "destination", "1", "2", "999", url.Values{"do": {"remove"}}}}},
	"POST /g/:guild_id/notifications/:number": {form: url.Values{"do": {"seen"}},
		ids: []named{{inPath, "number", "1", "2", "999", url.Values{"do": {"seen"}}}}},
	"GET /g/:guild_id":                              {},
	"GET /g/:guild_id/analytics":                    {},
	"GET /api/servers/:guild_id/temporal-analytics": {},
	"GET /api/servers/:guild_id/workload":           {},
	"GET /g/:guild_id/settings":                     {},
	"POST /g/:guild_id/settings": {form: url.Values{"time_zone": {"UTC"}, "log_channel": {"0"}, "was": {"stale"}},
		ids: []named{{inForm, "log_channel", logsChannel.String(), farChannel.String(), "999", url.Values{"time_zone": {"UTC"}}}}},
	"GET /g/:guild_id/imports":                 {},
	"POST /g/:guild_id/imports":                {form: url.Values{"format": {"?"}}},
	"GET /g/:guild_id/imports/:import":         {ids: oneImport(nil)},
	"POST /g/:guild_id/imports/:import":        {form: url.Values{"do": {"?"}}, ids: oneImport(url.Values{"do": {"drop"}})},
	"POST /g/:guild_id/settings/kept":          {form: url.Values{"text_days": {"x"}}},
	"GET /live/:guild_id":                      {ids: []named{{inHeader, "Last-Event-ID", "0", "0", "0", nil}}},
	"GET /api/servers/:guild_id/metrics":       {},
	"GET /api/servers/:guild_id/health":        {},
	"GET /api/servers/:guild_id/top-offenders": {},
	"GET /api/servers/:guild_id/events":        {ids: []named{{inHeader, "Last-Event-ID", "0", "0", "0", nil}}},
	"GET /api/servers/:guild_id/config":        {},
	"GET /api/servers/:guild_id/roles":         {},
	"GET /api/servers/:guild_id/audit-log":     {ids: []named{{inQuery, "actor", keeper.String(), farID.String(), "999", nil}}},
	"GET /g/:guild_id/audit":                   {ids: []named{{inQuery, "person", keeper.String(), farID.String(), "999", nil}}},
	"GET /g/:guild_id/team": {ids: []named{
		{inQuery, "member", viewerID.String(), farID.String(), "999", nil},
		{inQuery, "discord_role", modsRole.String(), farRole.String(), "999", nil},
		{inQuery, "q", viewerID.String(), farID.String(), "999", nil},
		{inQuery, "id", viewerID.String(), farID.String(), "999", url.Values{"saved": {"member"}}}}},
	"POST /g/:guild_id/team": {form: url.Values{"subject": {"member"}, "id": {viewerID.String()}, "role": {"viewer"}, "was": {"stale"}},
		ids: []named{
			{inForm, "id", viewerID.String(), farID.String(), "999",
				url.Values{"subject": {"member"}, "role": {"moderator"}, "was": {"none"}}},
			{inForm, "id", modsRole.String(), farRole.String(), "999",
				url.Values{"subject": {"discord_role"}, "role": {"moderator"}, "was": {"none"}}}}},
	"GET /g/:guild_id/violations": {ids: []named{{inQuery, "member", plainID.String(), farID.String(), "999", nil},
		{inQuery, "channel", generalChannel.String(), farChannel.String(), "999", nil},
		{inQuery, "rule", "rule:1", "rule:2", "rule:999", nil}, {inQuery, "before", "3", "4", "999", nil}}},
	"GET /g/:guild_id/violations/:number":        {ids: append(oneCase(nil), named{inQuery, "done", homeAction, farAction, "999", nil})},
	"POST /g/:guild_id/violations/:number/act":   {form: url.Values{"kind": {"none"}}, ids: oneCase(url.Values{"kind": {"warn"}})},
	"POST /g/:guild_id/violations/:number/false": {form: url.Values{"wrong": {"?"}}, ids: oneCase(url.Values{"wrong": {"yes"}})},
	"POST /g/:guild_id/violations/:number/note":  {form: url.Values{"text": {""}}, ids: oneCase(url.Values{"text": {"hello"}})},
	"POST /g/:guild_id/violations/:number/claim": {form: url.Values{"do": {"?"}}, ids: oneCase(url.Values{"do": {"claim"}})},
	"POST /g/:guild_id/violations/:number/undo": {form: url.Values{"action": {homeAction}}, ids: append(
		oneCase(url.Values{"action": {homeAction}}), named{inForm, "action", homeAction, farAction, "999", nil})},
	"GET /g/:guild_id/members/:user_id":      {ids: append(oneMember(nil), named{inQuery, "done", homeAction, farAction, "999", nil})},
	"POST /g/:guild_id/members/:user_id/act": {form: url.Values{"kind": {"none"}}, ids: oneMember(url.Values{"kind": {"warn"}})},
	"POST /g/:guild_id/members/:user_id/undo": {form: url.Values{"action": {homeAction}}, ids: append(
		oneMember(url.Values{"action": {homeAction}}), named{inForm, "action", homeAction, farAction, "999", nil})},
	"POST /g/:guild_id/members/:user_id/clear": {form: url.Values{}, ids: oneMember(url.Values{"do": {"clear"}})},
	"GET /g/:guild_id/members/:user_id/data":   {ids: oneMember(nil)},
	"POST /g/:guild_id/members/:user_id/erase": {form: url.Values{"id": {"no"}}, ids: oneMember(url.Values{"id": {"no"}})},
	"GET /g/:guild_id/appeals":                 {ids: []named{{inQuery, "before", "2", "3", "999", nil}}},
	"GET /g/:guild_id/appeals/:appeal":         {ids: oneAppeal(nil)},
	"POST /g/:guild_id/appeals/:appeal/decide": {form: url.Values{"do": {"?"}}, ids: oneAppeal(url.Values{"do": {"deny"}})},
	"GET /g/:guild_id/warnings": {ids: []named{{inQuery, "q", plainID.String(), farID.String(), "999", nil},
		{inQuery, "clear", "1", "2", "999", nil}, {inQuery, "before", "2", "3", "999", nil}}},
	"POST /g/:guild_id/warnings/clear": {form: url.Values{"date": {"never"}}},
	"POST /g/:guild_id/warnings/:warning/clear": {form: url.Values{},
		ids: []named{{inPath, "warning", "1", "2", "999", url.Values{"do": {"clear"}}}}},
	"GET /api/servers/:guild_id/violations": {ids: []named{{inQuery, "user", plainID.String(), farID.String(), "999", nil},
		{inQuery, "channel", generalChannel.String(), farChannel.String(), "999", nil},
		{inQuery, "rule", "rule:1", "rule:2", "rule:999", nil}}},
	"GET /api/servers/:guild_id/warnings": {ids: []named{{inQuery, "user", plainID.String(), farID.String(), "999", nil}}},
	"GET /g/:guild_id/raid":               {ids: []named{{inQuery, "before", "2", "3", "999", nil}}},
	"GET /g/:guild_id/raid/:raid":         {ids: append(oneRaid(nil), named{inQuery, "done", "1", "2", "999", nil})},
	"POST /g/:guild_id/raid/on":           {form: url.Values{"do": {"?"}}},
	"POST /g/:guild_id/raid/off":          {form: url.Values{"do": {"?"}}},
	"POST /g/:guild_id/raid/pause":        {form: url.Values{"hours": {"?"}}},
	"POST /g/:guild_id/raid/preset":       {form: url.Values{"preset": {"?"}}},
	"POST /g/:guild_id/raid/:raid/act":    {form: url.Values{"kind": {"?"}}, ids: oneRaid(url.Values{"kind": {"ban"}, "who": {"all"}})},
	"GET /g/:guild_id/rules":              {ids: []named{{inQuery, "saved", "1", "2", "999", nil}}},
	"POST /g/:guild_id/rules/try": {form: url.Values{"text": {"blorp"}},
		ids: []named{{inForm, "channel", generalChannel.String(), farChannel.String(), "999", url.Values{"text": {"blorp"}}}}},
	"GET /g/:guild_id/rules/:rule/promote":  {ids: oneRule(nil)},
	"GET /g/:guild_id/rules/native/new":     {query: "trigger=1"},
	"GET /g/:guild_id/rules/native/:native": {ids: append(oneNative(nil), named{inQuery, "from", "1", "2", "999", nil})},
	"GET /g/:guild_id/rules/severities":     {},
	"POST /g/:guild_id/rules/severities":    {form: url.Values{"was": {"stale"}}},
	"POST /g/:guild_id/rules/native/new": {form: url.Values{"trigger": {"1"}}, ids: []named{
		{inForm, "exempt_channels", generalChannel.String(), farChannel.String(), "999", nativeForm},
		{inForm, "alert", generalChannel.String(), farChannel.String(), "999", nativeForm},
		{inForm, "own", "1", "2", "999", url.Values{"trigger": {"1"}}},
		{inForm, "exempt_roles", modsRole.String(), farRole.String(), "999", nativeForm}}},
	"POST /g/:guild_id/rules/native/:native": {form: url.Values{"name": {""}}, ids: append(oneNative(nativeForm),
		named{inForm, "exempt_channels", generalChannel.String(), farChannel.String(), "999", nativeForm},
		named{inForm, "alert", generalChannel.String(), farChannel.String(), "999", nativeForm},
		named{inForm, "exempt_roles", modsRole.String(), farRole.String(), "999", nativeForm})},
	"POST /g/:guild_id/rules/native/:native/switch": {form: url.Values{"seen": {"stale"}}, ids: oneNative(url.Values{"on": {"no"}})},
	"POST /g/:guild_id/rules/native/:native/delete": {form: url.Values{"seen": {"stale"}}, ids: oneNative(url.Values{"seen": {"stale"}})},
	"GET /g/:guild_id/rules/new":                    {query: "kind=words"},
	"POST /g/:guild_id/rules/new": {form: url.Values{"kind": {"words"}}, ids: []named{
		{inForm, "exempt_channels", generalChannel.String(), farChannel.String(), "999", wordForm},
		{inForm, "exempt_roles", modsRole.String(), farRole.String(), "999", wordForm}}},
	"GET /g/:guild_id/rules/:rule":                  {ids: oneRule(nil)},
	"GET /g/:guild_id/rules/:rule/versions":         {ids: oneRule(nil)},
	"GET /g/:guild_id/rules/:rule/shadow":           {ids: oneRule(nil)},
	"GET /api/servers/:guild_id/rules":              {},
	"GET /api/servers/:guild_id/rule-effectiveness": {},
	"POST /g/:guild_id/rules/:rule": {form: url.Values{"name": {""}}, ids: append(oneRule(wordForm),
		named{inForm, "exempt_channels", generalChannel.String(), farChannel.String(), "999", wordForm},
		named{inForm, "exempt_roles", modsRole.String(), farRole.String(), "999", wordForm})},
	"POST /g/:guild_id/rules/:rule/mode": {form: url.Values{"mode": {"enforce"}}, ids: oneRule(url.Values{"mode": {"off"}})},
	"POST /g/:guild_id/rules/:rule/rollback": {form: url.Values{"version": {"1"}}, ids: append(oneRule(url.Values{"version": {"1"}}),
		named{inForm, "version", "1", "98", "99", nil})},
	"POST /g/:guild_id/rules/:rule/delete": {form: url.Values{"version": {"stale"}}, ids: oneRule(url.Values{"version": {"1"}})},
	"GET /g/:guild_id/exports": {ids: []named{{inQuery, "member", plainID.String(), farID.String(), "999", nil},
		{inQuery, "channel", generalChannel.String(), farChannel.String(), "999", nil},
		{inQuery, "rule", "rule:1", "rule:2", "rule:999", nil}}},
	"POST /g/:guild_id/exports": {form: url.Values{"what": {"health"}}, ids: []named{
		{inForm, "member", plainID.String(), farID.String(), "999", url.Values{"what": {"violations"}}},
		{inForm, "channel", generalChannel.String(), farChannel.String(), "999", url.Values{"what": {"violations"}}},
		{inForm, "rule", "rule:1", "rule:2", "rule:999", url.Values{"what": {"violations"}}}}},
	"POST /api/servers/:guild_id/export": {form: url.Values{"what": {"health"}}, ids: []named{
		{inForm, "user", plainID.String(), farID.String(), "999", url.Values{"what": {"violations"}}},
		{inForm, "channel", generalChannel.String(), farChannel.String(), "999", url.Values{"what": {"violations"}}},
		{inForm, "rule", "rule:1", "rule:2", "rule:999", url.Values{"what": {"violations"}}}}},
	"GET /api/servers/:guild_id/export/history":       {},
	"GET /api/servers/:guild_id/export/:export_id":    {ids: oneExport(nil)},
	"DELETE /api/servers/:guild_id/export/:export_id": {query: "do=?", ids: oneExport(nil)},
	"POST /g/:guild_id/exports/:export_id":            {form: url.Values{"do": {"?"}}, ids: oneExport(url.Values{"do": {"delete"}})},
	"GET /g/:guild_id/rules/ladder":                   {},
	"POST /g/:guild_id/rules/ladder":                  {form: url.Values{"was": {"stale"}}},
}

// oneMember is the id of a member in a path.
func oneMember(more url.Values) []named {
	return []named{{inPath, "user_id", plainID.String(), farID.String(), "999", more}}
}

// oneExport is the id of an export in a path.
func oneExport(more url.Values) []named {
	return []named{{inPath, "export_id", homeExport, farExport, "NOEXPORTOFTHISNAMEATALL234", more}}
}

// oneAppeal is the number of an appeal in a path: home has one, the other guild two.
func oneAppeal(more url.Values) []named { return []named{{inPath, "appeal", "1", "2", "999", more}} }

// oneCase is the number of a violation in a path: home has two, the other guild three.
func oneCase(more url.Values) []named { return []named{{inPath, "number", "2", "3", "999", more}} }

// wordForm is a whole form of a rule.
var wordForm = url.Values{"kind": {"words"}, "name": {"Words"}, "words": {"blorp"}, "mode": {"enforce"}, "severity": {"low"},
	"respond": {"ladder"}, "version": {"1"}}

// nativeForm is a whole form of one of Discord's own rules.
var nativeForm = url.Values{"trigger": {"1"}, "name": {"Words"}, "keywords": {"blorp"}, "block": {"yes"}}

// oneNative is the id of a native rule in a path: home has one, the other guild another.
func oneNative(more url.Values) []named {
	return []named{{inPath, "native", homeNative.String(), farNative.String(), "999", more}}
}

// oneImport is the number of an import in a path: home has one, the other guild two.
func oneImport(more url.Values) []named { return []named{{inPath, "import", "1", "2", "999", more}} }

// oneRaid is the number of a raid in a path: home has one, the other guild two.
func oneRaid(more url.Values) []named { return []named{{inPath, "raid", "1", "2", "999", more}} }

// oneRule is the number of a rule in a path: home has one, the other guild two.
func oneRule(more url.Values) []named { return []named{{inPath, "rule", "1", "2", "999", more}} }

// pathBut is the path in home with its own objects in it, but for one id.
func (s stop) pathBut(pattern string, but named) string {
	path := pathOf(pattern, home)
	for _, id := range s.ids {
		if id.in == inPath && (but.in != inPath || id.name != but.name) {
			path = strings.ReplaceAll(path, ":"+id.name, id.own)
		}
	}
	return path
}

// walkers are who walks, with what they are in home. None has a role in the other guild.
var walkers = []struct {
	name string
	user snowflake.UserID // 0: nobody is signed in
	role access.Role
}{{"anonymous", 0, access.None}, {"a member without a role", plainID, access.None}, {"viewer", viewerID, access.Viewer},
	{"moderator", modID, access.Moderator}, {"admin", adminID, access.Admin}, {"owner", keeper, access.Owner}}

// allowed says for each right of a guild what roles have it.
var allowed = map[string]func(access.Role) bool{
	access.NameOf[access.ViewDashboard]():    access.Allows[access.ViewDashboard],
	access.NameOf[access.ManageViolations](): access.Allows[access.ManageViolations],
	access.NameOf[access.ActOnMembers]():     access.Allows[access.ActOnMembers],
	access.NameOf[access.DecideAppeals]():    access.Allows[access.DecideAppeals],
	access.NameOf[access.Export]():           access.Allows[access.Export],
	access.NameOf[access.SwitchRaidMode]():   access.Allows[access.SwitchRaidMode],
	access.NameOf[access.UpdateSettings]():   access.Allows[access.UpdateSettings],
	access.NameOf[access.UpdateRules]():      access.Allows[access.UpdateRules],
	access.NameOf[access.ViewAudit]():        access.Allows[access.ViewAudit],
	access.NameOf[access.ViewTeam]():         access.Allows[access.ViewTeam],
	access.NameOf[access.DeleteRules]():      access.Allows[access.DeleteRules],
	access.NameOf[access.ManageRoles]():      access.Allows[access.ManageRoles],
	access.NameOf[access.EraseMember]():      access.Allows[access.EraseMember],
}

// walker is one person with a session, asking one site.
type walker struct {
	*house
	cookie string
}

// request is one way to ask a route.
type request struct {
	method, path, query, form, contentType string
	headers                                map[string]string
}

// ask sends it and gives the status and the answer without what differs from request to request. Of a stream only what
// is replayed at once is read.
func (w walker) ask(t *testing.T, r request) (status int, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	made, err := http.NewRequestWithContext(ctx, r.method, w.URL+r.path+"?"+r.query, strings.NewReader(r.form))
	must(t, err)
	made.Header.Set("Cookie", w.cookie)
	if r.contentType != "" {
		made.Header.Set("Content-Type", r.contentType)
	}
	for name, value := range r.headers {
		made.Header.Set(name, value)
	}
	response, err := w.Client().Do(made)
	must(t, err)
	defer response.Body.Close()
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		cancel()
		return response.StatusCode, ""
	}
	data, err := io.ReadAll(response.Body)
	must(t, err)
	return response.StatusCode, changing.ReplaceAllString(string(data), "") + response.Header.Get("Location")
}

// changing is what differs between two equal answers: the request's reference, and the time.
var changing = regexp.MustCompile(`"request_id":"[a-z2-7]{12}"|<code>[a-z2-7]{12}</code>|data-now="[^"]*"|<time[^>]*>[^<]*</time>`)

// pathOf puts a guild into a route's path.
func pathOf(pattern string, guild snowflake.GuildID) string {
	_, path, _ := strings.Cut(pattern, " ")
	return strings.ReplaceAll(path, ":guild_id", guild.String())
}

// The walk: all routes of a guild x everybody x own guild, another guild, an absent one. Who has no role there finds
// nothing, the same nothing in both; who has too low a role is refused; nobody else is.
func TestTheWalkOfRights(t *testing.T) {
	h := raided(t, appealed(t, generous)).boundless()
	h.moveIn(t, home, keeper, 1)
	h.moveIn(t, other, farID, 2)
	h.takeOut(t, home, keeper, homeExport)
	h.subscribe(t, home, keeper, "House hook", 1)
	cases := 0
	people := map[string]walker{}
	for _, w := range walkers {
		if people[w.name] = (walker{h, "sid=none"}); w.user != 0 {
			people[w.name] = walker{h, h.signIn(t, w.user)}
			people[w.name].ask(t, request{method: "GET", path: "/servers"}) // now their guilds are in the navigation
		}
	}
	eachStop(t, h, func(pattern, right string, s stop) {
		method, _, _ := strings.Cut(pattern, " ")
		for _, w := range walkers {
			var nowhere [2]string
			for i, guild := range []snowflake.GuildID{other, elsewhere, home} {
				cases++
				status, body := people[w.name].ask(t, request{method: method, path: s.path(pattern, guild), query: s.query, form: s.form.Encode(),
					contentType: formType(method)})
				what := fmt.Sprintf("%s as %s in guild %d: %d", pattern, w.name, guild, status)
				switch {
				case w.user == 0:
					if status != http.StatusUnauthorized && !(status == http.StatusSeeOther && strings.Contains(body, "/sign-in")) {
						t.Errorf("%s: who is not signed in must be sent to sign in", what)
					}
				case guild != home || w.role == access.None:
					if status != http.StatusNotFound {
						t.Errorf("%s, want 404", what)
					}
				case !allowed[right](w.role):
					if status != http.StatusForbidden {
						t.Errorf("%s, want 403", what)
					}
				case status == 401 || status == 403 || status == 404 || status >= 500:
					t.Errorf("%s: refused, but %s has the right %s\n%.300s", what, w.role, right, body)
				}
				if i < len(nowhere) {
					nowhere[i] = strings.ReplaceAll(body, guild.String(), "")
				}
			}
			if nowhere[0] != nowhere[1] {
				t.Errorf("%s as %s: another guild looks different from one that there is not: %s", pattern, w.name,
					difference(nowhere[0], nowhere[1]))
			}
		}
	})
	t.Logf("%d cases", cases)
}

// The walk over ids: for each id that a route takes besides the guild, another guild's object and an absent one get the
// same answer from everybody, with nothing of the other guild in it, and nothing is changed in either.
func TestTheWalkOfIDs(t *testing.T) {
	h := raided(t, appealed(t, generous)).boundless()
	h.moveIn(t, home, keeper, 1)
	h.moveIn(t, other, farID, 2)
	h.takeOut(t, home, keeper, homeExport)
	h.takeOut(t, other, farID, farExport)
	h.subscribe(t, home, keeper, "House hook", 1)
	h.subscribe(t, other, farID, "Far hook", 2)
	cases := 0
	eachStop(t, h, func(pattern, right string, s stop) {
		method, _, _ := strings.Cut(pattern, " ")
		for _, id := range s.ids {
			for _, w := range walkers {
				if w.user == 0 {
					continue
				}
				person := walker{h, h.signIn(t, w.user)}
				person.ask(t, request{method: "GET", path: "/servers"})
				before := h.everything(t)
				answers, neither := map[string]string{}, strings.NewReplacer(id.foreign, "", id.absent, "",
					url.QueryEscape(id.foreign), "", url.QueryEscape(id.absent), "")
				for _, value := range []string{id.foreign, id.absent} {
					cases++
					status, body := person.ask(t, id.request(method, s.pathBut(pattern, id), value))
					if strings.Contains(body, "Far ") || strings.Contains(body, evilName) && id.own != value && method == "POST" && status < 300 {
						t.Errorf("%s as %s with %s %s of another guild shows it: %.300s", pattern, w.name, id.in, id.name, body)
					}
					answers[value] = fmt.Sprint(status, " ", neither.Replace(body))
					if id.in == inForm && status < 400 {
						t.Errorf("%s as %s with %s=%s that is none of this guild: %d", pattern, w.name, id.name, value, status)
					}
				}
				if answers[id.foreign] != answers[id.absent] {
					t.Errorf("%s as %s: another guild's %s looks different from an absent one: %s", pattern, w.name, id.name,
						difference(answers[id.foreign], answers[id.absent]))
				}
				if after := h.everything(t); after != before {
					t.Errorf("%s as %s with a foreign %s changed something:\n%s\n%s", pattern, w.name, id.name, before, after)
				}
			}
		}
		if method == http.MethodPost {
			cases++
			before := h.everything(t)
			status, _ := walker{h, h.signIn(t, keeper)}.ask(t, request{method: method, path: s.path(pattern, home),
				form:        `{"id":"` + farID.String() + `","subject":"member","role":"viewer","was":"none","log_channel":"` + farChannel.String() + `"}`,
				contentType: "application/json"})
			if status < 400 || h.everything(t) != before {
				t.Errorf("%s takes a JSON body: %d", pattern, status)
			}
		}
	})
	t.Logf("%d cases", cases)
}

// difference is where two answers part.
func difference(a, b string) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	cut := func(text string) string { return text[max(0, at-60):min(len(text), at+100)] }
	return fmt.Sprintf("%q and %q", cut(a), cut(b))
}

// request asks a route with one id in its place.
func (n named) request(method, path, value string) request {
	r := request{method: method, path: path, contentType: formType(method)}
	with := url.Values{}
	for name, values := range n.more {
		with[name] = values
	}
	switch n.in {
	case inPath:
		r.path = strings.ReplaceAll(path, ":"+n.name, value)
		r.form = with.Encode()
	case inQuery:
		with.Set(n.name, value)
		r.query = with.Encode()
	case inForm:
		with.Set(n.name, value)
		r.form = with.Encode()
	case inHeader:
		r.headers = map[string]string{n.name: value}
	}
	return r
}

func formType(method string) string {
	if method == http.MethodPost {
		return "application/x-www-form-urlencoded"
	}
	return ""
}

// eachStop visits every route of a guild, as the router really has it.
func eachStop(t *testing.T, h *house, visit func(pattern, right string, s stop)) {
	t.Helper()
	visited := 0
	walk(t, h.site, func(r *echo.Route) {
		pattern := r.Method + " " + r.Path
		if r.Method == http.MethodHead || !strings.Contains(r.Path, ":guild_id") {
			return
		}
		s, known := itinerary[pattern]
		if !known {
			t.Errorf("%s is not on the walk: add it to the itinerary, with every id that it takes", pattern)
			return
		}
		if allowed[r.Name] == nil {
			t.Errorf("%s needs %q, which the walk does not know", pattern, r.Name)
			return
		}
		visited++
		visit(pattern, r.Name, s)
	})
	if visited != len(itinerary) {
		t.Errorf("%d routes visited, %d on the itinerary: take out what is gone", visited, len(itinerary))
	}
}

// generous lifts the limits that a walk of hundreds of requests would meet.
func generous(o *Options) { o.OpeningsPerMinute = 10_000 }

// everything is what a walk could change: roles, settings, standings, rules and ladders of both guilds.
func (h *house) everything(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, guild := range []snowflake.GuildID{home, other} {
		profile, _, err := h.Store.Profile(t.Context(), guild)
		must(t, err)
		fmt.Fprintf(&all, "%d: %s %d;", guild, profile.TimeZone, profile.LogChannel)
		must(t, h.Store.Read(t.Context(), func(now *store.Snapshot) {
			for _, row := range now.RuleList(guild) {
				fmt.Fprintf(&all, " %+v", row.Rule)
			}
			fmt.Fprintf(&all, " %v;", now.Ladder(guild))
			for _, seen := range now.NativeRules(guild) {
				r, _ := seen.Definition()
				fmt.Fprintf(&all, " %+v %v;", r, now.NativeSeverities(guild))
			}
			for _, row := range now.Violations(guild, store.ViolationFilter{}, 100) {
				detail, _ := now.Violation(guild, row.Number)
				fmt.Fprintf(&all, " %+v %+v;", row, detail.Notes)
			}
			fmt.Fprintf(&all, " %+v;", now.Warnings(guild, store.WarningFilter{}, 100))
			fmt.Fprintf(&all, " %+v;", now.Imports(guild, 10))
			fmt.Fprintf(&all, " %+v %+v;", now.RaidSettings(guild), now.Raids(guild, 0, 10))
			for _, r := range now.Raids(guild, 0, 10) {
				fmt.Fprintf(&all, " %+v;", now.RaidMembers(&r))
			}
			fmt.Fprintf(&all, " %+v %+v;", now.Destinations(guild), now.Schedules(guild))
			fmt.Fprintf(&all, " %+v %+v;", now.Appeals(guild, moderation.AppealOpen, 0, 100), now.Appeals(guild, "", 0, 100))
		}))
		for _, user := range []snowflake.UserID{keeper, adminID, modID, viewerID, plainID, farID, 999} {
			standing, known, err := h.Store.Standing(t.Context(), guild, user)
			must(t, err)
			fmt.Fprintf(&all, " %d=%v/%v", user, standing, known)
		}
	}
	return all.String()
}

// plainNames are the names of fields and parameters that are no ids.
var plainNames = map[string]bool{"daily": true, "weekly": true, "monthly": true, "name": true, "address": true, "period": true, "next": true, "page": true, "region": true, "saved": true, "role": true, "was": true,
	"subject": true, "time_zone": true, "client_secret": true, "mail_password": true, "do": true, "from": true, "to": true, "action": true, "cursor": true, "before": true,
	"back": true, "after": true, "code": true, "state": true, "error": true, "kind": true, "template": true, "answer": true, "mode": true, "text": true, "surface": true, "new_account": true,
	"severity": true, "source": true, "reason": true, "length": true, "wrong": true, "date": true, "cleared": true, "erased": true, "text_days": true, "rows_days": true, "user_column": true, "kind_column": true, "kind_always": true, "at_column": true, "by_column": true, "reason_column": true,
	"step": true, "unit": true, "hours": true, "preset": true, "who": true, "print": true, "what": true, "format": true, "note": true, "sample": true, "trigger": true, "seen": true, "on": true, "dropped": true}

// Every name by which a handler reads something from a request is either no id, or an id that the walk visits.
func TestTheWalkKnowsEveryID(t *testing.T) {
	walked := map[string]bool{"guild_id": true,
		"session_id": true, // TestSessionsOfOthersCannotBeEnded
		"token":      true} // a sign-in link is whoever's who holds it, and is tested as such
	for _, s := range itinerary {
		for _, id := range s.ids {
			walked[id.name] = true
		}
	}
	files, err := filepath.Glob("*.go")
	must(t, err)
	reads := regexp.MustCompile(`(?:\.Get|QueryParam|Param|FormValue)\("([a-z_]+)"\)|\w\["([a-z_]+)"\]|instant\(\w+, "([a-z_]+)"`)
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		must(t, err)
		for _, match := range reads.FindAllStringSubmatch(string(text), -1) {
			found++
			if name := match[1] + match[2] + match[3]; !walked[name] && !plainNames[name] {
				t.Errorf("%s reads %q: put it on the itinerary of its route, or among the plain names", file, name)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d reads of fields were found: the pattern has lost touch with the code", found)
	}
}

// Somebody else's session and one that there is not get the same answer, and the session goes on.
func TestSessionsOfOthersCannotBeEnded(t *testing.T) {
	h, _ := steered(t, generous)
	theirs := h.signIn(t, viewerID)
	sessions, err := h.Store.Sessions(t.Context(), access.Person(viewerID, false))
	must(t, err)
	me := walker{h, h.signIn(t, adminID)}
	me.ask(t, request{method: "GET", path: "/servers"})
	foreign := fmt.Sprint(sessions[0].ID)
	for _, id := range []string{foreign, "1", "0", "-1", "x", "99999999999999999999"} {
		status, _ := me.ask(t, request{method: "POST", path: "/sessions/" + id + "/end", contentType: formType("POST")})
		if status != http.StatusNotFound {
			t.Errorf("ending session %s of somebody else: %d, want 404", id, status)
		}
	}
	if status, _ := (walker{h, theirs}).ask(t, request{method: "GET", path: pathOf("GET /g/:guild_id", home)}); status != 200 {
		t.Errorf("their session is over: %d", status)
	}
}
