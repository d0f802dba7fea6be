package bot

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/storetest"
)

// detour forwards connections to the stand-in and counts them: a second address of the same gateway.
func detour(t *testing.T, sim *discordsim.Sim) (address string, passed *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	target := strings.TrimSuffix(strings.TrimPrefix(sim.GatewayURL(), "ws://"), "/gateway")
	passed = &atomic.Int64{}
	var pipes sync.WaitGroup
	pipes.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", target)
			if err != nil {
				near.Close()
				continue
			}
			passed.Add(1)
			for _, pair := range [][2]net.Conn{{near, far}, {far, near}} {
				pipes.Go(func() {
					_, _ = io.Copy(pair[0], pair[1])
					pair[0].Close()
					pair[1].Close()
				})
			}
		}
	})
	t.Cleanup(func() {
		listener.Close()
		sim.Drop()
		pipes.Wait()
	})
	return "ws://" + listener.Addr().String() + "/gateway", passed
}

func TestAResumeGoesToTheAddressThatDiscordGaveForIt(t *testing.T) {
	sim := discord(t)
	harbour(sim)
	s := storetest.New(t)
	r := start(t, sim, newLedger(s))
	r.wait(t, StateConnected)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	address, passed := detour(t, sim)
	at, err := s.Position(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	at.ResumeURL = address
	if err := s.Flush(t.Context(), moderation.NewTally(), at); err != nil {
		t.Fatal(err)
	}
	r = start(t, sim, newLedger(s))
	r.wait(t, StateConnected)
	if passed.Load() != 1 || len(sim.Identifies()) != 1 {
		t.Errorf("%d connections to the resume address, %d sessions", passed.Load(), len(sim.Identifies()))
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
}

func TestAResumeAddressThatIsGoneIsReplacedByTheGeneralOne(t *testing.T) {
	sim := discord(t)
	harbour(sim)
	s := storetest.New(t)
	r := start(t, sim, newLedger(s))
	r.wait(t, StateConnected)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	at, err := s.Position(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	at.ResumeURL = "ws://127.0.0.1:1/gateway" // nobody listens there
	if err := s.Flush(t.Context(), moderation.NewTally(), at); err != nil {
		t.Fatal(err)
	}
	r = start(t, sim, newLedger(s))
	r.wait(t, StateConnected)
	if len(sim.Identifies()) != 1 || len(sim.Resumes()) != 1 {
		t.Errorf("%d sessions, %d resumes: want the first session resumed", len(sim.Identifies()), len(sim.Resumes()))
	}
}

func TestAfterAResumedRestartEveryGuildIsLookedUp(t *testing.T) {
	sim := discord(t)
	sim.Set(func(k *discordsim.Knobs) { k.MemberListEvery = 0 })
	guild, _, _ := harbour(sim)
	s := storetest.New(t)
	r := start(t, sim, newLedger(s))
	r.ledger.waitCalls(t, "SeeMembers", 2)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r = start(t, sim, newLedger(s), func(o *Options) {
		o.Guilds = func(context.Context) ([]snowflake.GuildID, error) { return []snowflake.GuildID{guild}, nil }
		o.pace.arrive = time.Millisecond
	})
	r.wait(t, StateConnected)
	seen := waitEvents[moderation.GuildSeen](t, r, 1)[0]
	if p := seen.Profile; !p.Permissions.Has(moderation.PermBanMembers) || p.Name != "Harbour" ||
		p.Members != len(sim.Members(guild)) || p.JoinedAt.IsZero() || p.Owner != sim.OwnerID() {
		t.Errorf("the guild is %+v", p)
	}
	if len(seen.Roles) != 2 || len(seen.Channels) != 1 || seen.Channels[0].Name != "general" {
		t.Errorf("it has the roles %+v and the channels %+v", seen.Roles, seen.Channels)
	}
	waitEvents[moderation.MembersComplete](t, r, 1)
	sim.SetBotPermissions(guild, discordsim.Permissions(moderation.PermKickMembers))
	if p := waitEvents[moderation.GuildSeen](t, r, 2)[1].Profile; p.Permissions.Has(moderation.PermBanMembers) {
		t.Errorf("after its role changed the bot may %b", p.Permissions)
	}
	sim.UpdateGuild(guild, "Port", 0, 0)
	if again := waitEvents[moderation.GuildSeen](t, r, 3)[2]; again.Profile.Name != "Port" || again.Profile.Members != seen.Profile.Members {
		t.Errorf("the guild is %+v", again.Profile)
	}
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	if lost := eventsOf[moderation.GuildLost](r.watch); len(lost) != 0 {
		t.Errorf("lost: %+v, though no READY said that anything is to come", lost)
	}
}

func TestAfterAResumedRestartTheReducedModeIsStillNamed(t *testing.T) {
	sim := discord(t)
	harbour(sim)
	sim.Set(func(k *discordsim.Knobs) { k.PrivilegedIntents = 0 })
	s := storetest.New(t)
	r := start(t, sim, newLedger(s))
	r.wait(t, StateConnected)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	r = start(t, sim, newLedger(s))
	if status := r.wait(t, StateConnected); len(status.Missing) != 2 {
		t.Errorf("missing: %+v", status.Missing)
	}
	if n := len(sim.Resumes()); n != 1 {
		t.Errorf("%d resumes, want 1", n)
	}
	sim.AddGuild(discordsim.Guild{Name: "Late"}) // whose members must not be asked for
	waitEvents[moderation.GuildSeen](t, r, 1)
	received(t, sim)
	if s := r.Status().State; s != StateConnected {
		t.Errorf("state %s", s)
	}
}

func TestRulesThatWereThereBeforeAreRead(t *testing.T) {
	sim := discord(t)
	guild := sim.AddGuild(discordsim.Guild{Name: "Harbour", BotPermissions: discordsim.PermissionsModerator | discordsim.Permissions(moderation.PermManageGuild)})
	rule := sim.CreateAutoModRule(guild, sim.OwnerID(), discordsim.AutoModRule{Name: "no scams", Enabled: true, Trigger: discordsim.TriggerSpam})
	r := start(t, sim, nil)
	seen := waitEvents[moderation.NativeRuleSeen](t, r, 1)[0]
	if seen.Guild != guild || seen.Rule != rule || seen.Name != "no scams" || !seen.Enabled || seen.Deleted || seen.Trigger != moderation.TriggerSpam {
		t.Errorf("the rule is %+v", seen)
	}
}

// discordgo's handlers run where the socket is read: one that took 6 s looked like a dead connection.
func TestALedgerThatHangsDelaysNoHeartbeat(t *testing.T) {
	sim := discord(t)
	guild, _, _ := harbour(sim)
	r := start(t, sim, nil, func(o *Options) { o.pace.drain = time.Millisecond })
	r.wait(t, StateConnected)
	release := blocked(r.ledger)
	for range 20 {
		sim.Join(guild, sim.AddUser(discordsim.User{Username: "late"}))
	}
	waitEvents[moderation.MemberJoined](t, r, 1)
	for range 4 {
		received(t, sim)
	}
	if len(sim.Resumes()) != 0 || r.Status().State != StateConnected {
		t.Errorf("%d resumes, state %s", len(sim.Resumes()), r.Status().State)
	}
	release()
	waitEvents[moderation.MemberJoined](t, r, 20)
}

func TestMembersAreAskedForAgainWhenDiscordSaysLater(t *testing.T) {
	sim := discord(t)
	guild, _, _ := harbour(sim)
	sim.Set(func(k *discordsim.Knobs) { k.MemberListEvery = 300 * time.Millisecond })
	r := start(t, sim, nil)
	r.ledger.waitCalls(t, "SeeMembers", 2)
	sim.Forget()
	sim.Drop() // the new session asks again, too soon for Discord
	r.ledger.waitCalls(t, "SeeMembers", 4)
	parts := eventsOf[moderation.MembersListed](r.watch)
	if last := parts[len(parts)-1]; last.Guild != guild || len(last.Members) != len(sim.Members(guild)) {
		t.Errorf("listed %+v", last)
	}
}

func TestAuditAndAutoModReachTheLedgerOnce(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	mod := sim.Join(guild, sim.AddUser(discordsim.User{Username: "mod"}))
	rule := sim.CreateAutoModRule(guild, mod, discordsim.AutoModRule{
		Name: "scams", Enabled: true, Trigger: discordsim.TriggerKeyword, Actions: []discordsim.AutoModAction{
			{Type: discordsim.AutoModBlock}, {Type: discordsim.AutoModTimeout, Metadata: discordsim.AutoModMetadata{Seconds: 60}},
		},
	})
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	sim.AutoModExecute(discordsim.AutoModHit{Guild: guild, Rule: rule, User: ada, Channel: channel, Content: "free nitro", Keyword: "nitro", Matched: "nitro"})
	sim.Ban(guild, sim.OwnerID(), ada, "spam")
	sim.Kick(guild, sim.BotID(), mod, "by ourselves")
	hits := waitEvents[moderation.AutoModExecution](t, r, 2)
	if h := hits[0]; h.Rule != rule || h.User != ada || h.Channel != channel || h.Keyword != "nitro" || h.Content != "free nitro" ||
		h.Did != moderation.ActionDelete || hits[1].Did != moderation.ActionTimeout || hits[1].Duration != time.Minute {
		t.Errorf("hits %+v", hits)
	}
	waitEvents[moderation.MemberLeft](t, r, 2)
	received(t, sim)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	entries := eventsOf[moderation.AuditEntry](r.watch)
	if len(entries) != 1 || entries[0].Kind != moderation.ActionBan || entries[0].Target != ada || entries[0].Actor != sim.OwnerID() || entries[0].Reason != "spam" {
		t.Errorf("audit entries %+v: want the owner's ban alone", entries)
	}
}
