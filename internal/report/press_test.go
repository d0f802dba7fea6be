package report

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/notify"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type owners struct{}

func (owners) RoleIn(context.Context, snowflake.GuildID, access.Actor) (access.Role, error) {
	return access.Owner, nil
}

func may(t testing.TB, guild snowflake.GuildID) access.Grant[access.UpdateSettings] {
	t.Helper()
	grant, err := access.Check[access.UpdateSettings](t.Context(), owners{}, access.Person(99, false), guild)
	must(t, err)
	return grant
}

// house is a press over a store in a directory, by a clock of the test's own.
type house struct {
	*Press
	store *store.Store
	dir   string
	now   time.Time
}

// zones are those of guilds 1 to 4: an hour of summer time, half an hour of it, none but half an hour off, and one whose
// days begin at one o'clock when the clock goes forward.
var zones = []string{"Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Havana"}

func open(t *testing.T, now time.Time) *house {
	t.Helper()
	h := &house{dir: t.TempDir(), now: now}
	h.start(t)
	for i, zone := range zones {
		guild := snowflake.GuildID(i + 1)
		must(t, h.store.SeeGuild(t.Context(), moderation.GuildSeen{Origin: moderation.Origin{Guild: guild, At: now},
			Profile: moderation.Guild{ID: guild, Name: "Harbour =1+1", Owner: 99, JoinedAt: now.AddDate(0, -6, 0)}}))
		must(t, h.store.UpdateSettings(t.Context(), may(t, guild), store.Settings{TimeZone: zone}))
	}
	return h
}

// start is a start of the program, again over the same directory.
func (h *house) start(t *testing.T, ours ...netip.AddrPort) {
	t.Helper()
	if h.store != nil {
		must(t, h.store.Close())
	}
	clock := func() time.Time { return h.now }
	quiet := slog.New(slog.DiscardHandler)
	h.store = storetest.New(t, storetest.Clock(clock), storetest.Sealing, func(o *store.Options) { o.Dir = h.dir })
	post := notify.NewPost(notify.PostOptions{Webhooks: true, Clock: clock, Logger: quiet,
		Way: notify.NewWay(notify.WayOptions{Ours: ours, Enclosed: true, Logger: quiet})})
	h.Press = New(Options{Store: h.store, Stats: stats.New(h.store, stats.Options{Clock: clock, Logger: quiet}), Post: post,
		Origin: "https://mod.gw-test.org", Clock: clock, Logger: quiet})
}

func (h *house) subscribe(t *testing.T, guild snowflake.GuildID, url string, hour int) {
	t.Helper()
	_, err := h.store.AddDestination(t.Context(), may(t, guild), store.NewDestination{Kind: "webhook", Name: "x",
		Address: notify.Address{URL: url, Key: "key"}.Seal(), Reports: store.Reports{Daily: true, Weekly: true, Monthly: true}})
	must(t, err)
	for _, cadence := range edition.Cadences() {
		must(t, h.store.SaveSchedule(t.Context(), may(t, guild), cadence, hour))
	}
}

// take looks at the schedules once, and gives what was filed, as "guild subject", as if it had been delivered.
func (h *house) take(t *testing.T) (subjects []string) {
	t.Helper()
	_, err := h.Look(t.Context(), h.now)
	must(t, err)
	due, err := h.store.DueDeliveries(t.Context(), h.now, 1000)
	must(t, err)
	for _, d := range due {
		must(t, h.store.SettleDelivery(t.Context(), d, store.Settled{Sent: true}))
		subjects = append(subjects, fmt.Sprint(d.Guild, " ", d.Subject))
	}
	return subjects
}

// Over the weeks in which clocks are changed, in both directions, with a restart each day at another hour, each day,
// week and month of each guild's own clock is filed once, at its hour, in order, and nothing twice.
func TestEachReportComesOnce(t *testing.T) {
	for _, begin := range []time.Time{time.Date(2026, 3, 6, 11, 0, 0, 0, time.UTC), time.Date(2026, 10, 2, 11, 0, 0, 0, time.UTC)} {
		h := open(t, begin)
		for guild := range zones {
			h.subscribe(t, snowflake.GuildID(guild+1), "https://hooks.gw-test.org/", 2)
		}
		got := map[string]int{}
		for end := begin.AddDate(0, 0, 32); h.now.Before(end); h.now = h.now.Add(time.Hour) {
			for _, subject := range h.take(t) {
				got[subject]++
				var guild int
				_, err := fmt.Sscan(subject, &guild)
				must(t, err)
				zone, err := time.LoadLocation(zones[guild-1])
				must(t, err)
				// The hour after is where the clock skips the hour itself.
				if local := h.now.In(zone); local.Hour() != 2 && local.Hour() != 3 {
					t.Errorf("%s comes at %s", subject, local)
				}
			}
			if h.now.Hour() == h.now.Day()%24 && h.now.Minute() == 0 && h.now.Day()%3 == 0 {
				h.start(t)
			}
		}
		for guild, name := range zones {
			zone, err := time.LoadLocation(name)
			must(t, err)
			for _, cadence := range edition.Cadences() {
				first, err := edition.Latest(cadence, begin, zone, 2)
				must(t, err)
				for e := first.Add(1); e.Due(zone, 2).Before(h.now.Add(-time.Hour)); e = e.Add(1) {
					subject := fmt.Sprint(guild+1, " report:", e)
					if got[subject] != 1 {
						t.Errorf("%s: %s was filed %d times", name, subject, got[subject])
					}
					delete(got, subject)
				}
			}
		}
		for subject, n := range got {
			t.Errorf("%s was filed %d times, and was not due", subject, n)
		}
	}
}

// What was missed is made up for once: after months without guildwatch the last day, the last week and the last month
// come, each with the number of those before it, and no flood.
func TestMissedReportsComeOnce(t *testing.T) {
	h := open(t, time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC))
	h.subscribe(t, 1, "https://hooks.gw-test.org/", 7)
	h.now = time.Date(2026, 5, 10, 12, 0, 0, 0, time.UTC)
	h.start(t)
	want := "[1 report:daily:2026-05-09:114 1 report:monthly:2026-04-01:3 1 report:weekly:2026-04-27:15]"
	if got := fmt.Sprint(h.take(t)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if again := h.take(t); len(again) > 0 {
		t.Errorf("%v come again", again)
	}
	m, err := h.compose(t.Context(), 1, "report:daily:2026-05-09:114")
	must(t, err)
	if lines := strings.Join(m.Lines, "\n"); !strings.Contains(lines, "114 reports before this were not sent") {
		t.Errorf("the report says %q", lines)
	}
	// A guild that goes west keeps its day; one that goes east has none twice.
	must(t, h.store.UpdateSettings(t.Context(), may(t, 1), store.Settings{TimeZone: "Pacific/Honolulu"}))
	if got := h.take(t); len(got) > 0 {
		t.Errorf("another time zone brings %v", got)
	}
}

// A guild that the bot has left gets nothing, and neither does one without a schedule.
func TestNobodyElseGetsReports(t *testing.T) {
	h := open(t, time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC))
	h.subscribe(t, 1, "https://hooks.gw-test.org/", 7)
	h.subscribe(t, 2, "https://hooks.gw-test.org/", 7)
	for _, cadence := range edition.Cadences() {
		must(t, h.store.SaveSchedule(t.Context(), may(t, 2), cadence, -1))
	}
	must(t, h.store.LoseGuild(t.Context(), moderation.GuildLost{Origin: moderation.Origin{Guild: 1, At: h.now}}))
	h.now = h.now.AddDate(0, 2, 0)
	if got := h.take(t); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

// The figures of a report are those of the store in its day, in the message, in the JSON and in the file.
func TestAReportSaysWhatHappened(t *testing.T) {
	bodies := make(chan []byte, 1)
	sink := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		bodies <- data
	}))
	t.Cleanup(sink.Close)
	begin := time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC)
	h := open(t, begin)
	h.start(t, netip.MustParseAddrPort(sink.Listener.Addr().String()))
	for i, at := range []time.Time{begin.Add(-15 * time.Hour), begin.Add(-14 * time.Hour), begin.Add(-20 * time.Hour)} {
		// Berlin's 15 June begins at 22:00 UTC: the second is of that day, the others of the one before.
		_, err := h.store.RecordExecution(t.Context(), moderation.AutoModExecution{Origin: moderation.Origin{Guild: 1, At: at},
			Rule: 5, Trigger: moderation.TriggerKeyword, User: snowflake.UserID(7), Channel: 9, Message: snowflake.MessageID(100 + i),
			Did: moderation.ActionDelete})
		must(t, err)
	}
	h.subscribe(t, 1, sink.URL+"/hook", 7)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); h.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	d, err := h.Try(t.Context(), may(t, 1), 1)
	must(t, err)
	if d.State != "sent" || d.Subject != "try:daily:2026-06-14" {
		t.Fatalf("%+v", d)
	}
	var body struct {
		Type, Title, Link string
		Data              stats.ReviewAnswer
		Files             []struct{ Name, Body string }
	}
	must(t, json.Unmarshal(<-bodies, &body))
	if body.Type != "test" || !strings.HasPrefix(body.Title, "Test: Daily report of Harbour =1+1: Sunday, 14 June 2026") ||
		body.Link != "https://mod.gw-test.org/g/1/reports/daily?date=2026-06-14" {
		t.Errorf("%+v", body)
	}
	e, err := edition.Parse(edition.Daily, "2026-06-14")
	must(t, err)
	review, err := h.options.Stats.Review(t.Context(), 1, e)
	must(t, err)
	if n := *body.Data.Found.Value; n != review.Violations.Value || n != 2 || body.Data.BySource["automod"] != 2 {
		t.Errorf("%v violations in the message, %v on the page", n, review.Violations.Value)
	}
	if len(body.Files) != 1 || body.Files[0].Name != "guildwatch-daily-2026-06-14.csv" {
		t.Fatalf("files %+v", body.Files)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body.Files[0].Body, "\ufeff"))).ReadAll()
	must(t, err)
	found := map[string]string{}
	for _, row := range rows {
		found[row[0]+" "+row[1]] = row[2] + row[3]
	}
	for key, want := range map[string]string{"figure violations": "2", "violations_by_source automod": "2", "offenders '7": "User #0000072",
		"members_by_violations 2": "1", "violations_by_rule automod:5": "2", "report guild_name": "Harbour =1+1"} {
		if found[key] != want {
			t.Errorf("the file says %q of %s, want %q", found[key], key, want)
		}
	}
}

func TestWhatIsNoReport(t *testing.T) {
	h := open(t, time.Date(2026, 6, 15, 12, 0, 0, 0, time.UTC))
	for _, subject := range []string{"", "report", "report:hourly:2026-06-14", "report:daily:x", "report:daily:2026-07-14", "report:daily"} {
		if _, err := h.compose(t.Context(), 1, subject); fault.Of(err) != fault.Invalid {
			t.Errorf("%q: %v", subject, err)
		}
	}
	if _, err := h.compose(t.Context(), 9, "report:daily:2026-06-14"); fault.Of(err) != fault.NotFound {
		t.Errorf("a guild that there is not: %v", err)
	}
}
