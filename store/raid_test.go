package store_test

import (
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/store/storetest"
)

const raided = snowflake.GuildID(1 << 40)

// raidHouse is a store with one guild, at a time that a test sets.
type raidHouse struct {
	*testing.T
	*store.Store
	now time.Time
}

func newRaidHouse(t *testing.T) *raidHouse {
	t.Helper()
	h := &raidHouse{T: t, now: time.Date(2026, 8, 14, 12, 0, 0, 0, time.UTC)}
	h.Store = storetest.New(t, storetest.Clock(func() time.Time { return h.now }))
	h.must(h.SeeGuild(t.Context(), moderation.GuildSeen{Origin: moderation.Origin{Guild: raided, At: h.now},
		Profile: moderation.Guild{ID: raided, Name: "Harbour", Owner: 11, JoinedAt: h.now}}))
	return h
}

func (h *raidHouse) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// see records a report with so many joins and gives the guild's newest raid with all that belongs to it.
func (h *raidHouse) see(joins int, triggers ...raid.Trigger) (r raid.Raid, members []store.RaidMember, clusters []store.RaidCluster) {
	h.Helper()
	report := raid.Report{Guild: raided, At: h.now, Triggers: triggers, NewJoins: joins, AllJoins: joins,
		Clusters: []raid.Cluster{{Key: 7, Text: "come over", First: h.now, Last: h.now, By: []raid.Wrote{{User: 9_000, Messages: 3}}}}}
	for i := range joins {
		report.Joins = append(report.Joins, raid.Join{User: snowflake.UserID(10_000 + i), At: h.now})
	}
	_, _, err := h.SeeRaid(h.Context(), report)
	h.must(err)
	h.must(h.Read(h.Context(), func(now *store.Snapshot) {
		if r, _ = now.NewestRaid(raided); r.Number != 0 {
			members, clusters = now.RaidMembers(&r), now.RaidClusters(raided, r.Number)
		}
	}))
	return r, members, clusters
}

// A trigger begins a raid only under the preset that the guild has chosen.
func TestThePresetDecidesWhatIsARaid(t *testing.T) {
	for preset, wants := range map[raid.Preset]map[raid.Trigger]bool{
		raid.Off:       {raid.ByNewJoins: false, raid.ByJoins: false, raid.ByMessages: false},
		raid.Balanced:  {raid.ByNewJoins: false, raid.ByJoins: true, raid.ByMessages: true},
		raid.Sensitive: {raid.ByNewJoins: true, raid.ByJoins: true, raid.ByMessages: true},
	} {
		for trigger, want := range wants {
			h := newRaidHouse(t)
			h.must(h.SetRaidPreset(t.Context(), granted[access.UpdateSettings](t, raided, 11), preset))
			if r, _, _ := h.see(10, trigger); r.On() != want {
				t.Errorf("%s and %s: %+v", preset, trigger, r)
			}
		}
	}
}

// What is seen while raid mode is on belongs to its raid, once for each member, and the first 500 are kept; when it is over
// the next sign is another raid.
func TestARaidKeepsWhatBelongsToIt(t *testing.T) {
	h := newRaidHouse(t)
	if r, _, _ := h.see(3); r.Number != 0 {
		t.Fatalf("without a trigger: %+v", r)
	}
	h.see(10, raid.ByJoins)
	r, members, clusters := h.see(12)
	if r.Number != 1 || len(members) != 13 || len(clusters) != 1 || clusters[0].Messages != 6 || clusters[0].Text != "come over" {
		t.Errorf("%+v with %d members and %+v", r, len(members), clusters)
	}
	if _, members, _ = h.see(900); len(members) != 500 {
		t.Errorf("%d members are kept", len(members))
	}
	h.now = h.now.Add(raid.Calm)
	h.must(h.CalmRaid(t.Context(), r))
	r.State = raid.Restoring
	if again, _, _ := h.see(1, raid.ByMessages); again.Number != 1 || again.State != raid.Planned || !again.LastSign.Equal(h.now) {
		t.Errorf("a sign while it is being restored: %+v", again)
	}
	r.State = raid.Planned
	h.must(h.MoveRaid(t.Context(), r, raid.Over))
	if next, _, _ := h.see(10, raid.ByJoins); next.Number != 2 || !next.On() {
		t.Errorf("a sign after its end: %+v", next)
	}
}

// A raid of which something is seen does not end for being calm.
func TestASignKeepsRaidModeOn(t *testing.T) {
	h := newRaidHouse(t)
	before, _, _ := h.see(10, raid.ByJoins)
	h.now = h.now.Add(raid.Calm)
	h.see(10, raid.ByJoins)
	h.must(h.CalmRaid(t.Context(), before))
	if r, _, _ := h.see(0); !r.On() || !r.LastSign.Equal(h.now) {
		t.Errorf("the raid is %+v", r)
	}
}

// While a wave is expected the same is noted once and nothing is done; afterwards it is a raid again.
func TestAnExpectedWaveIsNoRaid(t *testing.T) {
	h := newRaidHouse(t)
	expecting := granted[access.SwitchRaidMode](t, raided, 11)
	h.must(h.ExpectWave(t.Context(), expecting, time.Hour))
	h.see(10, raid.ByJoins)
	r, members, _ := h.see(12, raid.ByMessages)
	if r.Number != 1 || r.On() || r.EndedWhy != raid.EndedExpected || len(members) != 13 {
		t.Errorf("%+v with %d members", r, len(members))
	}
	if due, err := h.DueRaids(t.Context(), h.now.Add(time.Hour)); len(due) != 0 || err != nil {
		t.Errorf("there is something to do: %+v, %v", due, err)
	}
	h.now = h.now.Add(time.Hour)
	if r, _, _ := h.see(10, raid.ByJoins); r.Number != 2 || !r.On() {
		t.Errorf("afterwards: %+v", r)
	}
}

// What was written in raids is kept as long as the guild keeps text, and not at all where it keeps none.
func TestTheTextOfRaidsIsForgotten(t *testing.T) {
	h := newRaidHouse(t)
	h.see(10, raid.ByJoins)
	h.now = h.now.Add(8 * 24 * time.Hour)
	_, err := h.Prune(t.Context(), h.now)
	h.must(err)
	_, _, clusters := h.see(0)
	if clusters[0].Text != "" || clusters[0].Messages == 0 {
		t.Errorf("after eight days: %+v", clusters)
	}
	silent := newRaidHouse(t)
	silent.must(silent.SetRetention(t.Context(), granted[access.UpdateSettings](t, raided, 11), store.Retention{}))
	if _, _, clusters := silent.see(10, raid.ByJoins); clusters[0].Text != "" {
		t.Errorf("where no text is kept: %+v", clusters)
	}
}
