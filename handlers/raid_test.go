package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

var raidPath = homePath + "/raid"

// raided is a house with a raid that is on: three came in, one of them a moderator and one gone since, two wrote alike. The
// other guild has had two.
func raided(t *testing.T, h *house) *house {
	t.Helper()
	for _, made := range []struct {
		guild snowflake.GuildID
		keep  snowflake.UserID
		users []snowflake.UserID
	}{{home, keeper, []snowflake.UserID{plainID, modID, leftID}}, {other, farID, []snowflake.UserID{farID}},
		{other, farID, []snowflake.UserID{farID}}} {
		grant, err := access.Check[access.SwitchRaidMode](t.Context(), h.Roster, access.Person(made.keep, false), made.guild)
		must(t, err)
		_, err = h.Store.SwitchRaidOn(t.Context(), grant)
		must(t, err)
		report := raid.Report{Guild: made.guild, At: noon, Clusters: []raid.Cluster{{Key: 7, Text: evilText,
			First: noon, Last: noon, By: []raid.Wrote{{User: made.users[0], Messages: 6}}}}}
		for _, user := range made.users {
			report.Joins = append(report.Joins, raid.Join{User: user, At: noon})
		}
		_, _, err = h.Store.SeeRaid(t.Context(), report)
		must(t, err)
		if made.guild == other {
			r, err := h.Store.SwitchRaidOff(t.Context(), grant)
			must(t, err)
			must(t, h.Store.MoveRaid(t.Context(), r, raid.Over))
		}
	}
	_, err := h.Store.Leave(t.Context(), moderation.MemberLeft{Origin: moderation.Origin{Guild: home, At: noon.Add(time.Second)},
		User: moderation.User{ID: leftID, Name: "left-lee"}})
	must(t, err)
	return h
}

// leftID came in with a raid and left again.
const leftID = snowflake.UserID(208)

func (h *house) raid(t *testing.T) (r raid.Raid) {
	t.Helper()
	must(t, h.Store.Read(t.Context(), func(now *store.Snapshot) { r, _ = now.NewestRaid(home) }))
	return r
}

func TestThePageOfRaids(t *testing.T) {
	h := raided(t, policed(t, nil))
	for _, who := range []struct {
		user    snowflake.UserID
		buttons []string
	}{{viewerID, nil}, {modID, []string{"Switch off", "Expect a wave of newcomers"}}, {adminID, []string{"Switch off", "Preset: Balanced"}}} {
		page := h.get(t, 200, raidPath, "Cookie", h.signIn(t, who.user)).body
		clean(t, "the page", page)
		text := plainText(page)
		if !strings.Contains(text, "Raid mode is on: somebody switched it on.") || !strings.Contains(text, "Raid 1") {
			t.Errorf("%d reads %.900s", who.user, text)
		}
		for _, button := range []string{"Switch off", "Expect a wave of newcomers", "Preset: Balanced"} {
			wanted := false
			for _, b := range who.buttons {
				wanted = wanted || b == button
			}
			if wanted && !strings.Contains(text, button) || who.buttons == nil && strings.Contains(text, button) {
				t.Errorf("%d and %q", who.user, button)
			}
		}
	}
}

// Every page of the guild says that raid mode is on, until it is off.
func TestEveryPageSaysThatRaidModeIsOn(t *testing.T) {
	h := raided(t, policed(t, nil))
	mod := h.signIn(t, modID)
	const sentence = "Raid mode is on. See raid 1"
	for _, path := range []string{homePath, violationsPath, homePath + "/rules", homePath + "/settings", raidPath + "/1"} {
		if text := plainText(h.get(t, 200, path, "Cookie", mod).body); !strings.Contains(text, sentence) {
			t.Errorf("%s does not say it", path)
		}
	}
	if got := h.submit(t, mod, raidPath+"/off", url.Values{"do": {"off"}}); got.StatusCode != http.StatusSeeOther {
		t.Fatalf("off: %d", got.StatusCode)
	}
	if text := plainText(h.get(t, 200, homePath, "Cookie", mod).body); strings.Contains(text, sentence) {
		t.Error("it is said although it is off")
	}
}

func TestRaidModeIsSwitchedOnThePage(t *testing.T) {
	h := policed(t, nil)
	mod := h.signIn(t, modID)
	press := func(path string, form url.Values) reply { return h.submit(t, mod, raidPath+path, form) }
	if got := press("/off", url.Values{"do": {"off"}}); got.StatusCode != http.StatusConflict || !strings.Contains(got.body, "off already") {
		t.Errorf("off while it is off: %d", got.StatusCode)
	}
	if got := press("/on", url.Values{}); got.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("on without the button: %d", got.StatusCode)
	}
	if got := press("/on", url.Values{"do": {"on"}}); got.StatusCode != http.StatusSeeOther {
		t.Errorf("on: %d", got.StatusCode)
	}
	if r := h.raid(t); !r.On() || r.By != modID || r.Number != 1 {
		t.Errorf("the raid is %+v", r)
	}
	if got := press("/on", url.Values{"do": {"on"}}); got.StatusCode != http.StatusSeeOther || h.raid(t).Number != 1 {
		t.Errorf("on a second time: %d, %+v", got.StatusCode, h.raid(t))
	}
	if got := press("/off", url.Values{"do": {"off"}}); got.StatusCode != http.StatusSeeOther || h.raid(t).State != raid.Restoring {
		t.Errorf("off: %d, %+v", got.StatusCode, h.raid(t))
	}
	for hours, want := range map[string]int{"6": 303, "0": 303, "5": 422, "-1": 422, "x": 422} {
		if got := press("/pause", url.Values{"hours": {hours}}); got.StatusCode != want {
			t.Errorf("a wave of %s hours: %d", hours, got.StatusCode)
		}
	}
	admin := h.signIn(t, adminID)
	for preset, want := range map[string]int{"sensitive": 303, "off": 303, "wild": 422} {
		if got := h.submit(t, admin, raidPath+"/preset", url.Values{"preset": {preset}}); got.StatusCode != want {
			t.Errorf("the preset %s: %d", preset, got.StatusCode)
		}
	}
}

var printOnPage = regexp.MustCompile(`name="print" value="([0-9a-f]+)"`)

// The dry run names who would be banned and who is left out; the button does exactly that, once; a list that has changed
// since is shown again.
func TestManyAreBannedAfterADryRun(t *testing.T) {
	h := raided(t, policed(t, nil))
	mod := h.signIn(t, modID)
	path, all := raidPath+"/1/act", url.Values{"kind": {"ban"}, "who": {"all"}}
	dry := h.submit(t, mod, path, all)
	clean(t, "the dry run", dry.body)
	found := printOnPage.FindStringSubmatch(dry.body)
	if text := plainText(dry.body); dry.StatusCode != 200 || found == nil || !strings.Contains(text,
		"1 would be banned; left out: 1 who is a moderator or not to be checked now, 1 who left already.") {
		t.Fatalf("%d: %.1500s", dry.StatusCode, text)
	}
	if n := len(h.bans(t)); n != 0 {
		t.Fatalf("a dry run has banned %d", n)
	}
	all.Set("print", "0123456789abcdef01234567")
	if got := h.submit(t, mod, path, all); got.StatusCode != http.StatusConflict || len(h.bans(t)) != 0 {
		t.Errorf("with another list: %d, %v", got.StatusCode, h.bans(t))
	}
	all.Set("print", found[1])
	if got := h.submit(t, mod, path, all); got.StatusCode != http.StatusSeeOther || !strings.Contains(got.Header.Get("Location"), "done=1") {
		t.Errorf("the button: %d to %s", got.StatusCode, got.Header.Get("Location"))
	}
	if bans := h.bans(t); len(bans) != 1 || bans[0].User != plainID || bans[0].Outcome != moderation.OutcomePlanned {
		t.Errorf("bans are %+v", bans)
	}
	again := h.submit(t, mod, path, all)
	if text := plainText(again.body); len(h.bans(t)) != 1 || !strings.Contains(text, "0 would be banned") || !strings.Contains(text, "1 of whom it was done") {
		t.Errorf("a second press: %d %.1500s", again.StatusCode, text)
	}
	for _, wrong := range []url.Values{{"kind": {"warn"}, "who": {"all"}}, {"kind": {"ban"}, "who": {"some"}}} {
		if got := h.submit(t, mod, path, wrong); got.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d", wrong, got.StatusCode)
		}
	}
}

// bans are the members of the raid whom a ban was planned for, or done to.
func (h *house) bans(t *testing.T) (list []store.RaidMember) {
	t.Helper()
	r := h.raid(t)
	must(t, h.Store.Read(t.Context(), func(now *store.Snapshot) {
		for _, m := range now.RaidMembers(&r) {
			if m.Kind == moderation.ActionBan {
				list = append(list, m)
			}
		}
	}))
	return list
}

func TestTheReportOfARaid(t *testing.T) {
	h := raided(t, policed(t, nil))
	page := h.get(t, 200, raidPath+"/1", "Cookie", h.signIn(t, viewerID)).body
	clean(t, "the report", page)
	text := plainText(page)
	for _, part := range []string{"somebody switched it on", "Joined 3", "Wrote alike 1", "Left 1", "6 messages", "Over a year", "plain-pat"} {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(part)) {
			t.Errorf("the report lacks %q: %.2500s", part, text)
		}
	}
	if strings.Contains(text, "Act on many") {
		t.Error("a viewer is offered to act")
	}
	for path, want := range map[string]int{"/2": 404, "/0": 404, "/x": 404, "/1?page=99": 400, "/1?region=nothing": 404} {
		h.get(t, want, raidPath+path, "Cookie", h.signIn(t, viewerID))
	}
}
