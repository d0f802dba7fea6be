package bot

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
)

func TestMessagesReachTheDeskInTheOrderOfTheirChannel(t *testing.T) {
	sim := discord(t)
	guild, _, ada := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	channels := []string{"a", "b", "c"}
	for _, name := range channels {
		sim.AddChannel(guild, discordsim.Channel{Name: name})
	}
	const each = 200
	for i := range each {
		for _, name := range channels {
			sim.Post(discordsim.Post{Channel: sim.ChannelNamed(guild, name), Author: ada, Content: fmt.Sprint(i)})
		}
	}
	seen := waitEvents[moderation.MessagePosted](t, r, each*len(channels))
	next := map[string]int{}
	for _, e := range seen {
		key := e.Channel.String()
		if got := e.Texts[0].Value; got != fmt.Sprint(next[key]) {
			t.Fatalf("channel %s: message %s came when %d was next", key, got, next[key])
		}
		next[key]++
	}
	if e := seen[0]; e.Guild != guild || e.Author.ID != ada || e.Author.Name != "ada" || e.Author.Global != "Ada" || e.Author.JoinedAt.IsZero() {
		t.Errorf("the first message is %+v", e)
	}
}

func TestAGuildIsSeenWithItsMembersAndTheBotsPermissions(t *testing.T) {
	sim := discord(t)
	guild, _, _ := harbour(sim)
	for i := range 25 {
		sim.Join(guild, sim.AddUser(discordsim.User{Username: fmt.Sprintf("member%d", i)}))
	}
	sim.Set(func(k *discordsim.Knobs) { k.ChunkSize = 10 })
	r := start(t, sim, nil)
	seen := waitEvents[moderation.GuildSeen](t, r, 1)[0]
	if seen.Joined || seen.Profile.Name != "Harbour" || seen.Profile.Members != len(sim.Members(guild)) || seen.Profile.JoinedAt.IsZero() {
		t.Errorf("the guild is %+v", seen)
	}
	if !seen.Profile.Permissions.Has(moderation.PermBanMembers | moderation.PermViewAuditLog) {
		t.Errorf("the bot's permissions are %b", seen.Profile.Permissions)
	}
	members := map[string]bool{}
	r.ledger.waitCalls(t, "SeeMembers", 4) // the bot in GUILD_CREATE, then 28 in chunks of 10
	for _, part := range eventsOf[moderation.MembersListed](r.watch) {
		for _, m := range part.Members {
			members[m.Name] = true
		}
	}
	if len(members) != len(sim.Members(guild)) {
		t.Errorf("%d members were listed, want %d", len(members), len(sim.Members(guild)))
	}
	sim.SetBotPermissions(guild, discordsim.Permissions(moderation.PermViewChannel))
	r.ledger.waitCalls(t, "SeeGuild", 2)
	all := eventsOf[moderation.GuildSeen](r.watch)
	if last := all[len(all)-1]; last.Profile.Permissions.Has(moderation.PermBanMembers) || last.Profile.Name != "Harbour" {
		t.Errorf("after the role changed: %+v", last.Profile)
	}
}

func TestJoinedIsOnlyAGuildThatWasNotThereBefore(t *testing.T) {
	sim := discord(t)
	first, _, _ := harbour(sim)
	r := start(t, sim, nil)
	waitEvents[moderation.GuildSeen](t, r, 1)
	second := sim.AddGuild(discordsim.Guild{Name: "Late"})
	waitEvents[moderation.GuildSeen](t, r, 2)
	sim.Outage(first)
	sim.Recover(first)
	waitEvents[moderation.GuildSeen](t, r, 3)
	sim.RemoveGuild(second)
	sim.ReturnToGuild(second)
	seen := waitEvents[moderation.GuildSeen](t, r, 4)
	var joined []bool
	for _, e := range seen {
		joined = append(joined, e.Joined)
	}
	if !slices.Equal(joined, []bool{false, true, false, true}) {
		t.Errorf("joined: %v", joined)
	}
	lost := eventsOf[moderation.GuildLost](r.watch)
	if len(lost) != 2 || !lost[0].Outage || lost[0].Guild != first || lost[1].Outage || lost[1].Guild != second {
		t.Errorf("lost: %+v", lost)
	}
}

func TestStopIsQuickRecordsEverythingAndKeepsTheSession(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	r := start(t, sim, nil, func(o *Options) { o.pace.flush = time.Hour })
	r.wait(t, StateConnected)
	for range 100 {
		sim.Post(discordsim.Post{Channel: channel, Author: ada, Content: "hello"})
	}
	waitEvents[moderation.MessagePosted](t, r, 100)
	began := time.Now()
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > soon/2 { // it waits for no flush, and not for all the time there is to drain
		t.Errorf("stopping took %s", took)
	}
	if err := sim.WaitDisconnected(within(t)); err != nil {
		t.Fatal(err)
	}
	if closes := sim.Closes(); len(closes) != 1 || closes[0].Code != 4000 {
		t.Errorf("closed with %+v, want 4000: 1000 would end the session", closes)
	}
	at, err := r.ledger.Position(t.Context(), 0)
	if err != nil || at.Session == "" || at.Seq == 0 {
		t.Errorf("stored position %+v, %v", at, err)
	}
	if state := r.Status().State; state != StateStopped {
		t.Errorf("state %s", state)
	}
}
