package handlers

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
	"guildwatch/views/guild"
	"guildwatch/views/overview"
)

var homePath = "/g/" + snowflake.String(home)

func TestPagesAreWhole(t *testing.T) {
	h := open(t, nil)
	for path, parts := range map[string][]string{
		"/": {"<bdi>Overview</bdi></h1>", `sse-connect="/live?after=`, `id="panel-cards"`,
			`id="events"`, homePath},
		"/servers": {"<bdi>Your servers</bdi></h1>", homePath, "You are an owner"},
		homePath: {"Canary &lt;Coffee&gt; House</bdi>", `sse-connect="/live/` + home.String() + "?after=",
			`id="panel-gaps"`},
		homePath + "?period=month": {`aria-current="true"`, "?period=hour", "last 30 days"},
	} {
		got := h.get(t, 200, path)
		for _, part := range append(parts, "<!doctype html>", "</html>") {
			if !strings.Contains(strings.ToLower(got.body), strings.ToLower(part)) {
				t.Errorf("%s has no %s", path, part)
			}
		}
		if strings.Contains(got.body, "<Coffee>") || got.Header.Get("Cache-Control") != "no-store" ||
			got.Header.Get("Content-Type") != "text/html; charset=UTF-8" {
			t.Errorf("%s: text became HTML, or the headers are wrong: %v", path, got.Header)
		}
	}
}

// Each region comes alone when it is asked for, and only those of the page's own closed set.
func TestRegionsComeAlone(t *testing.T) {
	h := open(t, nil)
	ask := func(page, region string, want int, headers ...string) reply {
		t.Helper()
		return h.get(t, want, page+"region="+region, append(headers, "Accept-Encoding", "identity")...)
	}
	for _, region := range overview.Regions() {
		alone(t, ask("/?", string(region), 200, "HX-Request", "true"), string(region))
	}
	for _, region := range guild.Regions() {
		alone(t, ask(homePath+"?period=week&", string(region), 200), string(region))
	}
	for _, region := range []string{"panel-targets", "panel-nothing", "../../etc/passwd", "%3Cscript%3E", "Cards"} {
		got := ask("/?", region, http.StatusNotFound, "HX-Request", "true")
		if strings.Contains(got.body, "<html") || strings.Contains(got.body, "script") ||
			!strings.Contains(got.body, got.Header.Get("X-Request-Id")) {
			t.Errorf("%s: %s", region, got.body)
		}
	}
	// A page restored from history is always whole, and does not ask for one region for ever after.
	got := ask("/?", "panel-cards", 200, "HX-Request", "true", "HX-History-Restore-Request", "true")
	if !strings.Contains(got.body, "</html>") || strings.Contains(got.body, `href="/?region=`) {
		t.Errorf("a restored page: %.200s", got.body)
	}
}

func alone(t *testing.T, got reply, region string) {
	t.Helper()
	// The checklist of a guild that is set up is empty, but its place stays.
	if !strings.Contains(got.body, `id="`+region+`"`) || strings.Count(got.body, "data-region=") != 1 ||
		strings.Contains(got.body, "<html") {
		t.Errorf("region %s: %.300s", region, got.body)
	}
}

func TestOthersLandOnTheirGuild(t *testing.T) {
	h := open(t, func(o *Options) { o.Identity = as(access.Person(7, false)) })
	if got := h.get(t, http.StatusSeeOther, "/"); got.Header.Get("Location") != homePath {
		t.Errorf("sent to %s", got.Header.Get("Location"))
	}
	if got := h.get(t, 200, homePath); strings.Contains(got.body, ">Overview<") {
		t.Error("the operator's overview is offered to somebody else")
	}
	h = open(t, func(o *Options) { o.Identity = as(access.Person(7, false)); o.Roster = byActor(nil) })
	if got := h.get(t, http.StatusSeeOther, "/"); got.Header.Get("Location") != "/servers" {
		t.Errorf("somebody without a guild is sent to %s", got.Header.Get("Location"))
	}
	if got := h.get(t, 200, "/servers"); strings.Contains(got.body, "anary") {
		t.Errorf("somebody without a role sees names: %s", got.body)
	}
}

// A guild that the bot has left is no guild any more, for nobody.
func TestALeftGuildIsGone(t *testing.T) {
	h := open(t, nil)
	h.get(t, 200, homePath)
	lost := moderation.GuildLost{Origin: moderation.Origin{Guild: home, At: noon}}
	if err := h.Store.LoseGuild(t.Context(), lost); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{homePath, "/live/" + home.String(), metricsPath(home)} {
		h.get(t, 404, path)
	}
	if got := h.get(t, 200, "/servers"); strings.Contains(got.body, "anary") {
		t.Error("a left guild is still offered")
	}
}

// With more guilds than a page lists: the switcher has the busiest and the one that is open, the list of servers has
// pages, and every guild is on one of them.
func TestAThousandGuilds(t *testing.T) {
	h := open(t, nil)
	crowd(t, h.Store, 1000)
	quiet := snowflake.String(home + 1001) // the newest of those without a message comes last
	toGuild := regexp.MustCompile(`href="/g/\d+"`)
	links := func(body string) int { return len(toGuild.FindAllString(body, -1)) }
	if got := h.get(t, 200, homePath); links(got.body) > 2*switchable {
		t.Errorf("the page of a guild links to %d", links(got.body))
	}
	if got := h.get(t, 200, "/g/"+quiet); !strings.Contains(got.body, "<bdi>Canary guild 999</bdi></h1>") ||
		!strings.Contains(got.body, `href="/g/`+quiet+`"`) {
		t.Error("the quietest guild's page has no link to itself, or no name")
	}
	seen := map[string]bool{}
	door := regexp.MustCompile(`class="door" href="(/g/[0-9]+)"`)
	path := "/servers"
	for range 11 {
		got := h.get(t, 200, path)
		for _, link := range door.FindAllStringSubmatch(got.body, -1) {
			seen[link[1]] = true
		}
		next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(got.body)
		if next == nil {
			break
		}
		path = next[1]
	}
	if len(seen) != 1001 || path != "/servers?page=11" {
		t.Errorf("%d guilds on the pages up to %s, want 1001 on 11", len(seen), path)
	}
	for query, want := range map[string]int{"page=1": 200, "page=": 200, "page=12": 404, "page=0": 400, "page=-1": 400,
		"page=x": 400, "page=99999999999999999999": 400} {
		h.get(t, want, "/servers?"+query)
	}
}

// Discord cannot reach the guild: its page says so, whatever the period, and so does the overview, until it is back.
func TestAnOutageIsShown(t *testing.T) {
	h := open(t, nil)
	lost := moderation.GuildLost{Origin: moderation.Origin{Guild: home, At: noon}, Outage: true}
	if err := h.Store.LoseGuild(t.Context(), lost); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", homePath, homePath + "?period=month"} {
		if got := h.get(t, 200, path); !strings.Contains(got.body, "Discord cannot reach") {
			t.Errorf("%s does not tell of the outage", path)
		}
	}
	back := moderation.GuildSeen{Origin: moderation.Origin{Guild: home, At: noon},
		Profile: moderation.Guild{ID: home, Name: "Canary", Members: 3}}
	if err := h.Store.SeeGuild(t.Context(), back); err != nil {
		t.Fatal(err)
	}
	if got := h.get(t, 200, "/?region=panel-servers"); strings.Contains(got.body, "Discord cannot reach") {
		t.Errorf("the outage is over, but shown: %s", got.body)
	}
}

// A guild in which nothing has happened has whole pages that say what will appear, in every period, and whole JSON.
func TestAGuildWithoutDataHasWholePages(t *testing.T) {
	h := open(t, func(o *Options) {
		o.Store = storetest.New(t, func(s *store.Options) { s.Clock = func() time.Time { return noon } })
		o.Stats = figures(o.Store)
		seen := moderation.GuildSeen{Origin: moderation.Origin{Guild: home, At: noon},
			Profile: moderation.Guild{ID: home, Name: "Empty", Owner: keeper}}
		if err := o.Store.SeeGuild(t.Context(), seen); err != nil {
			t.Fatal(err)
		}
	})
	for _, period := range stats.Periods() {
		got := h.get(t, 200, homePath+"?period="+string(period))
		for _, region := range guild.Regions() {
			if strings.Count(got.body, `id="`+string(region)+`"`) != 1 {
				t.Errorf("%s: region %s is there %d times", period, region, strings.Count(got.body, `id="`+string(region)+`"`))
			}
		}
		if !strings.Contains(got.body, "</html>") || strings.Contains(got.body, "NaN") || strings.Contains(got.body, "Inf") {
			t.Errorf("%s: %s", period, got.body)
		}
		golden(t, "metrics_empty_"+string(period), h.get(t, 200, metricsPath(home)+"?period="+string(period)).body)
	}
}

func TestErrorPagesSayWhatToDoAndNothingElse(t *testing.T) {
	h := open(t, nil)
	for path, sentence := range map[string]string{
		"/nothing":                          "There is no such page.",
		"/static/old/css/app.css":           "There is no such page.",
		"/g/" + snowflake.String(elsewhere): "There is no such server here",
		homePath + "?period=year":           "use hour, day, week or month",
		"/nothing?back=<script>alert(1)":    "There is no such page.",
		"//evil.example/":                   "There is no such page.",
		homePath + "/%22onload=%22":         "There is no such",
	} {
		got := h.ask(t, "GET", path)
		if got.StatusCode != 404 && got.StatusCode != 400 {
			t.Errorf("%s: status %d", path, got.StatusCode)
		}
		for _, part := range []string{sentence, "Reference for questions", got.Header.Get("X-Request-Id"), "</html>"} {
			if !strings.Contains(got.body, part) {
				t.Errorf("%s has no %q", path, part)
			}
		}
		for _, leak := range []string{"<script>alert", `href="//`, "onload=\"", "goroutine", ".go:"} {
			if strings.Contains(got.body, leak) {
				t.Errorf("%s shows %q", path, leak)
			}
		}
	}
}

func TestTheDemoLooksAsEveryRole(t *testing.T) {
	key := []byte("a key of the demo")
	h := open(t, func(o *Options) { o.DemoKey, o.Identity, o.Roster = key, Demo(key), DemoRoster(o.Store, o.Stats) })
	first := h.get(t, 200, homePath)
	cookie := first.Cookies()[0]
	if !strings.Contains(first.body, "Owner and operator") || !strings.Contains(first.body, "everything here is made up") {
		t.Error("a new visitor is no owner, or is not told that this is a demo")
	}
	for _, role := range []access.Role{access.Viewer, access.Moderator, access.Admin, access.Owner} {
		got := h.ask(t, "POST", "/demo/role?back="+homePath+"&role="+role.String(), "Cookie", cookie.Name+"="+cookie.Value)
		if got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != homePath {
			t.Fatalf("look as %s: status %d, sent to %q", role, got.StatusCode, got.Header.Get("Location"))
		}
		cookie = got.Cookies()[0]
		page := h.get(t, 200, homePath, "Cookie", cookie.Name+"="+cookie.Value)
		if !strings.Contains(page.body, `value="`+role.String()+`" aria-pressed="true"`) || len(page.Cookies()) > 0 {
			t.Errorf("after looking as %s the page shows another role", role)
		}
	}
	h.get(t, 404, "/g/"+snowflake.String(elsewhere)) // owner everywhere is owner where the bot is
	for _, role := range []string{"", "none", "root", "Owner"} {
		if got := h.ask(t, "POST", "/demo/role?role="+role); got.StatusCode != 400 {
			t.Errorf("look as %q: status %d", role, got.StatusCode)
		}
	}
	if got := h.ask(t, "POST", "/demo/role?role=%zz"); got.StatusCode != 400 {
		t.Errorf("a form that cannot be read: status %d", got.StatusCode)
	}
	outside := open(t, nil)
	if got := outside.ask(t, "POST", "/demo/role?role=owner"); got.StatusCode != 404 || len(got.Cookies()) > 0 {
		t.Errorf("outside the demo: status %d, cookies %v", got.StatusCode, got.Cookies())
	}
}
