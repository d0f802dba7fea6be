package bot

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// court is a guild with a member below the bot, a chief above it, and an administrator below it.
type court struct {
	*discordsim.Sim
	guild            snowflake.GuildID
	channel          snowflake.ChannelID
	ada, chief, head snowflake.UserID
}

func newCourt(t testing.TB, change ...func(*discordsim.Options)) court {
	t.Helper()
	c := court{Sim: discord(t, change...)}
	c.ada, c.chief = c.AddUser(discordsim.User{Username: "ada"}), c.AddUser(discordsim.User{Username: "chief"})
	c.head = c.AddUser(discordsim.User{Username: "head"})
	low := discordsim.Role{ID: 21, Name: "Head", Permissions: discordsim.PermissionAdministrator}
	c.guild = c.AddGuild(discordsim.Guild{
		Name: "Har*bour @everyone", BotBelow: 1, Channels: []discordsim.Channel{{Name: "general"}},
		Roles: []discordsim.Role{low, {ID: 22, Name: "Chief"}},
		Members: []discordsim.Member{{User: &discordsim.User{ID: c.ada}},
			{User: &discordsim.User{ID: c.chief}, Roles: []snowflake.RoleID{22}},
			{User: &discordsim.User{ID: c.head}, Roles: []snowflake.RoleID{21}}},
	})
	c.channel = c.ChannelNamed(c.guild, "general")
	return c
}

// errand is one about ada, fit for every kind.
func (c court) errand(kind moderation.ActionKind) moderation.Errand {
	now := c.Now()
	e := moderation.Errand{Action: 7, Guild: c.guild, Kind: kind, Target: c.ada, Reason: "guildwatch #412: No \"spam\"\r\nhere, 100 %+1",
		Detected: now}
	switch kind {
	case moderation.ActionDelete:
		e.Channel, e.Message = c.channel, c.Post(discordsim.Post{Channel: c.channel, Author: c.ada, Content: "spam"})
	case moderation.ActionTimeout:
		e.Until = now.Add(time.Hour).Truncate(time.Millisecond)
	}
	return e
}

// offline is a Bot that is not connected: it knows no guild, and asks.
func offline(t testing.TB, sim *discordsim.Sim) *Bot {
	t.Helper()
	b := newBot(t, sim, nil)
	t.Cleanup(b.rest.idle)
	return b
}

// punishments are the kinds that an errand may have.
var punishments = []moderation.ActionKind{moderation.ActionDelete, moderation.ActionTimeout,
	moderation.ActionUntimeout, moderation.ActionKick, moderation.ActionBan, moderation.ActionUnban}

func TestEachKindOfErrandIsDoneOnceHoweverOftenItIsAskedFor(t *testing.T) {
	for _, kind := range punishments {
		t.Run(string(kind), func(t *testing.T) {
			c := newCourt(t)
			b := offline(t, c.Sim)
			e := c.errand(kind)
			switch kind {
			case moderation.ActionUnban:
				c.Ban(c.guild, c.OwnerID(), c.ada, "")
			case moderation.ActionUntimeout:
				c.Timeout(c.guild, c.OwnerID(), c.ada, c.Now().Add(time.Hour), "")
			}
			before := len(c.AuditLog(c.guild))
			for n := range 3 {
				if result := b.Enforce(within(t), e); result != (moderation.Result{Done: true}) {
					t.Fatalf("attempt %d: %+v", n+1, result)
				}
			}
			c.check(t, e)
			log := c.AuditLog(c.guild)[before:]
			if len(log) == 0 || log[0].UserID != c.BotID() || log[0].Reason != `guildwatch #412: No "spam"  here, 100 %+1` {
				t.Errorf("the audit log has %+v", log)
			}
		})
	}
}

// check looks in the stand-in whether the errand was done once.
func (c court) check(t *testing.T, e moderation.Errand) {
	t.Helper()
	member, there := c.MemberOf(c.guild, c.ada)
	switch e.Kind {
	case moderation.ActionDelete:
		if _, left := c.MessageByID(e.Channel, e.Message); left {
			t.Error("the message is there")
		}
	case moderation.ActionTimeout:
		if member.TimeoutUntil == nil || !member.TimeoutUntil.Equal(e.Until) {
			t.Errorf("timed out until %v, want %v", member.TimeoutUntil, e.Until)
		}
	case moderation.ActionUntimeout:
		if member.TimeoutUntil != nil {
			t.Errorf("timed out until %v", member.TimeoutUntil)
		}
	case moderation.ActionKick:
		if there || len(c.Bans(c.guild)) != 0 {
			t.Error("the member is there, or banned")
		}
	case moderation.ActionBan:
		if bans := c.Bans(c.guild); len(bans) != 1 || bans[0] != c.ada {
			t.Errorf("bans %v", bans)
		}
	case moderation.ActionUnban:
		if bans := c.Bans(c.guild); len(bans) != 0 {
			t.Errorf("bans %v", bans)
		}
	}
}

// A warning is guildwatch's own: Discord is not asked, so whether the member reads of it makes no difference.
func TestAWarningNeedsNoWordOfDiscord(t *testing.T) {
	c := newCourt(t)
	if result := offline(t, c.Sim).Enforce(within(t), c.errand(moderation.ActionWarn)); result != (moderation.Result{Done: true}) {
		t.Errorf("%+v", result)
	}
	if asked := c.Requests(); len(asked) != 0 {
		t.Errorf("Discord was asked %+v", asked)
	}
}

func TestWhatIsGoneAlreadyIsDone(t *testing.T) {
	for name, c := range map[string]struct {
		kind   moderation.ActionKind
		status int
		code   int
	}{
		"message": {moderation.ActionDelete, 404, 10008}, "channel": {moderation.ActionDelete, 404, 10003},
		"member kicked": {moderation.ActionKick, 404, 10007}, "member timed out": {moderation.ActionTimeout, 404, 10007},
		"member let write": {moderation.ActionUntimeout, 404, 10007}, "user banned": {moderation.ActionBan, 404, 10013},
		"no ban": {moderation.ActionUnban, 404, 10026},
	} {
		t.Run(name, func(t *testing.T) {
			court := newCourt(t)
			b, e := offline(t, court.Sim), court.errand(c.kind)
			fail(court.Sim, discordsim.Failure{Times: 1, Status: c.status, Code: c.code})
			if result := b.Enforce(within(t), e); result != (moderation.Result{Done: true}) {
				t.Errorf("%+v", result)
			}
		})
	}
}

func TestF22ARefusalNamesThePermissionOrTheRoleOrderAndTheFix(t *testing.T) {
	all := discordsim.PermissionsModerator
	for name, c := range map[string]struct {
		kind  moderation.ActionKind
		who   func(court) snowflake.UserID
		bits  discordsim.Permissions
		words string
	}{
		"no Manage Messages":     {moderation.ActionDelete, nil, all &^ discordsim.PermissionManageMessages, "permission Manage Messages. In Discord, open Server Settings"},
		"no Timeout Members":     {moderation.ActionTimeout, nil, all &^ discordsim.PermissionModerateMembers, "permission Timeout Members"},
		"no Timeout Members, un": {moderation.ActionUntimeout, nil, all &^ discordsim.PermissionModerateMembers, "permission Timeout Members"},
		"no Kick Members":        {moderation.ActionKick, nil, all &^ discordsim.PermissionKickMembers, "permission Kick Members"},
		"no Ban Members":         {moderation.ActionBan, nil, all &^ discordsim.PermissionBanMembers, "permission Ban Members"},
		"no Ban Members, un":     {moderation.ActionUnban, nil, all &^ discordsim.PermissionBanMembers, "permission Ban Members"},
		"timeout of a higher":    {moderation.ActionTimeout, func(c court) snowflake.UserID { return c.chief }, all, "drag guildwatch's role up"},
		"kick of a higher":       {moderation.ActionKick, func(c court) snowflake.UserID { return c.chief }, all, "drag guildwatch's role up"},
		"ban of a higher":        {moderation.ActionBan, func(c court) snowflake.UserID { return c.chief }, all, "drag guildwatch's role up"},
		"kick of the owner":      {moderation.ActionKick, func(c court) snowflake.UserID { return c.OwnerID() }, all, "the server's owner"},
		"timeout of an admin":    {moderation.ActionTimeout, func(c court) snowflake.UserID { return c.head }, all, "nobody who has the permission Administrator"},
	} {
		t.Run(name, func(t *testing.T) {
			court := newCourt(t)
			r := start(t, court.Sim, nil)
			waitEvents[moderation.GuildSeen](t, r, 1)
			e := court.errand(c.kind)
			if c.who != nil {
				e.Target = c.who(court)
			}
			if c.bits != all {
				court.SetBotPermissions(court.guild, c.bits)
				waitEvents[moderation.GuildSeen](t, r, 2)
			}
			result := r.Enforce(within(t), e)
			if result.Done || result.Again != 0 || !strings.Contains(result.Refused, c.words) {
				t.Errorf("%+v, want a refusal with %q", result, c.words)
			}
		})
	}
}

func TestF22OtherRefusalsAreForGoodAndSaySomethingToDo(t *testing.T) {
	for name, c := range map[string]struct {
		kind  moderation.ActionKind
		f     discordsim.Failure
		words string
	}{
		"an overwrite":      {moderation.ActionDelete, discordsim.Failure{Status: 403, Code: 50013}, "Edit Channel, Permissions"},
		"an unseen channel": {moderation.ActionDelete, discordsim.Failure{Status: 403, Code: 50001}, "allow View Channel"},
		"another server":    {moderation.ActionBan, discordsim.Failure{Status: 403, Code: 50001}, "Invite it once more"},
		"a lost server":     {moderation.ActionKick, discordsim.Failure{Status: 404, Code: 10004}, "Invite it once more"},
		"an archive":        {moderation.ActionDelete, discordsim.Failure{Status: 400, Code: 50083}, "Reopen it"},
		"too many bans":     {moderation.ActionBan, discordsim.Failure{Status: 400, Code: 30035}, "Lift bans"},
		"a wrong value":     {moderation.ActionTimeout, discordsim.Failure{Status: 400, Code: 50035}, "does not accept these values"},
		"something new":     {moderation.ActionBan, discordsim.Failure{Status: 409, Code: 99999}, "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			court := newCourt(t)
			b, e := offline(t, court.Sim), court.errand(c.kind)
			c.f.Times = 1
			fail(court.Sim, c.f)
			result := b.Enforce(within(t), e)
			if result.Done || result.Again != 0 || !strings.Contains(result.Refused, c.words) {
				t.Errorf("%+v, want a refusal with %q", result, c.words)
			}
			if n := len(court.Requests()); n != 1 {
				t.Errorf("%d requests went out, want 1", n)
			}
		})
	}
}

func TestF22WhatWasJustRefusedIsNotAskedForAgain(t *testing.T) {
	c := newCourt(t)
	now := c.Now()
	r := start(t, c.Sim, nil)
	waitEvents[moderation.GuildSeen](t, r, 1)
	c.SetBotPermissions(c.guild, discordsim.PermissionsModerator&^(discordsim.PermissionManageMessages|discordsim.PermissionKickMembers))
	waitEvents[moderation.GuildSeen](t, r, 2)
	asked := func(method, path string) (n int) {
		for _, request := range c.Requests() {
			if discordsim.To(method, path)(request) {
				n++
			}
		}
		return n
	}
	for range 5 {
		for _, kind := range []moderation.ActionKind{moderation.ActionDelete, moderation.ActionKick} {
			if result := r.Enforce(within(t), c.errand(kind)); !strings.Contains(result.Refused, "lacks the permission") {
				t.Errorf("%s: %+v", kind, result)
			}
		}
	}
	if n, kicks := asked("DELETE", "/channels/"), asked("DELETE", "/guilds/"); n != 1 || kicks != 0 {
		t.Errorf("%d deletions and %d kicks were asked for, want 1 and 0", n, kicks)
	}
	e := c.errand(moderation.ActionDelete)
	e.Channel = c.AddChannel(c.guild, discordsim.Channel{Name: "other"})
	if r.Enforce(within(t), e); asked("DELETE", "/channels/") != 2 {
		t.Error("another channel was not asked")
	}
	b := offline(t, c.Sim)
	b.opt.Clock = func() time.Time { return now }
	c.SetBotPermissions(c.guild, discordsim.PermissionsModerator&^discordsim.PermissionManageMessages)
	e = c.errand(moderation.ActionDelete)
	b.Enforce(within(t), e)
	c.SetBotPermissions(c.guild, discordsim.PermissionsModerator)
	now = now.Add(refusalLife)
	if result := b.Enforce(within(t), e); !result.Done {
		t.Errorf("after a minute, with the permission: %+v", result)
	}
}

func TestF21WhatSaysNothingAboutTheErrandIsAskedAgainAndDoneOnce(t *testing.T) {
	limited := func(f discordsim.Failure) discordsim.Failure { f.Times = 1; return f }
	for name, f := range map[string]discordsim.Failure{
		"429 of the route":  limited(discordsim.RateLimited("user", time.Second)),
		"429 of a resource": limited(discordsim.RateLimited("shared", time.Second)),
		"429 for all":       limited(discordsim.RateLimited("global", time.Second)),
		"a page of the CDN": limited(discordsim.CloudflareBan(time.Second)),
		"500":               {Times: 1, Status: 500},
		"502, page":         {Times: 1, Status: 502, Body: "<html>bad gateway</html>"},
		"503, after":        {Times: 1, Status: 503, After: true},
		"reset":             {Times: 1, Reset: true},
		"reset, after":      {Times: 1, Reset: true, After: true},
		"no answer":         {Times: 1, Hang: time.Minute},
		"a slow body":       {Times: 1, Drip: 50 * time.Millisecond},
		"somebody else's":   {Times: 1, Status: 404, Body: "<html>no such page</html>"},
		"a token replaced":  {Times: 1, Status: http.StatusUnauthorized},
	} {
		for _, kind := range punishments {
			if f.Status == http.StatusTooManyRequests && slices.Index(punishments, kind) > 2 {
				continue // each waits a second, all by the same door
			}
			if f.Drip > 0 && (kind == moderation.ActionDelete || kind == moderation.ActionBan) {
				continue // their answers have no body
			}
			t.Run(fmt.Sprint(name, ", ", kind), func(t *testing.T) {
				t.Parallel()
				c := newCourt(t)
				b, e := offline(t, c.Sim), c.errand(kind)
				b.rest.calls.timeout = 150 * time.Millisecond
				fail(c.Sim, f)
				first := b.Enforce(within(t), e)
				if first.Done || first.Refused != "" || first.Again < time.Second || first.Again > time.Minute {
					t.Fatalf("%+v", first)
				}
				b.rest.calls.timeout = requestTime
				c.Set(func(k *discordsim.Knobs) { k.Failures = nil }) // on a busy machine the request itself may have been late
				if again := b.Enforce(within(t), e); !again.Done {
					t.Errorf("asked again: %+v", again)
				}
				c.check(t, e)
			})
		}
	}
}

func TestATimeoutKeepsWhatItFound(t *testing.T) {
	c := newCourt(t)
	b := offline(t, c.Sim)
	e := c.errand(moderation.ActionTimeout)
	earlier := c.Now().Add(30 * time.Minute).Truncate(time.Millisecond)
	c.Timeout(c.guild, c.chief, c.ada, earlier, "by hand")
	result := b.Enforce(within(t), e)
	var found Before
	if err := json.Unmarshal([]byte(result.Before), &found); err != nil || !result.Done || !found.TimeoutUntil.Equal(earlier) {
		t.Fatalf("%+v: found %v, %v", result, found, err)
	}
	c.check(t, e)
	undo := c.errand(moderation.ActionUntimeout)
	undo.Until = found.TimeoutUntil
	if result := b.Enforce(within(t), undo); !result.Done {
		t.Fatalf("%+v", result)
	}
	e.Until = earlier
	c.check(t, e)
}

func TestALongerTimeoutIsNotMadeShorter(t *testing.T) {
	c := newCourt(t)
	longer := c.Now().Add(48 * time.Hour).Truncate(time.Millisecond)
	c.Timeout(c.guild, c.chief, c.ada, longer, "by hand")
	e := c.errand(moderation.ActionTimeout)
	result := offline(t, c.Sim).Enforce(within(t), e)
	e.Until = longer
	c.check(t, e)
	if !result.Done || !strings.Contains(result.Before, longer.Format(time.RFC3339)[:19]) {
		t.Errorf("%+v", result)
	}
}

func TestATimeoutWhoseTimeIsOverIsDone(t *testing.T) {
	c := newCourt(t)
	e := c.errand(moderation.ActionTimeout)
	e.Until = c.Now().Add(-time.Second)
	if result := offline(t, c.Sim).Enforce(within(t), e); !result.Done || len(c.Requests()) != 0 {
		t.Errorf("%+v after %d requests", result, len(c.Requests()))
	}
}

// F39: members are timed out by Discord's clock, however wrong ours is.
func TestF39ATimeoutLastsAsLongWhateverTheClockSays(t *testing.T) {
	for _, ahead := range []time.Duration{0, time.Hour, -24 * time.Hour} {
		c := newCourt(t, func(o *discordsim.Options) { o.Clock = func() time.Time { return time.Now().Add(ahead) } })
		e := c.errand(moderation.ActionTimeout)
		e.Until = time.Now().Add(10 * time.Minute)
		result := offline(t, c.Sim).Enforce(within(t), e)
		member, _ := c.MemberOf(c.guild, c.ada)
		if !result.Done || result.Before != "" || member.TimeoutUntil == nil {
			t.Fatalf("Discord is ahead by %s: %+v, %+v", ahead, result, member)
		}
		if left := member.TimeoutUntil.Sub(c.Now()); left < 9*time.Minute || left > 11*time.Minute {
			t.Errorf("Discord is ahead by %s: the timeout lasts %s", ahead, left)
		}
	}
}

func TestWhoCameBackAfterTheKickIsNotKickedAgain(t *testing.T) {
	c := newCourt(t)
	b := offline(t, c.Sim)
	e := c.errand(moderation.ActionKick)
	e.Detected = c.Now().Add(-time.Minute)
	c.Leave(c.guild, c.ada) // the kick, whose answer got lost
	c.Join(c.guild, c.ada)
	if result := b.Enforce(within(t), e); !result.Done {
		t.Errorf("%+v", result)
	}
	if _, there := c.MemberOf(c.guild, c.ada); !there {
		t.Error("kicked twice")
	}
}

func TestAThreadThatNobodyAnsweredGoesWithItsTitle(t *testing.T) {
	c := newCourt(t)
	b := offline(t, c.Sim)
	empty, busy := c.StartThread(c.channel, c.ada, "bad"), c.StartThread(c.channel, c.ada, "bad too")
	for range 3 {
		c.Post(discordsim.Post{Channel: busy, Author: c.chief, Content: "an answer"})
	}
	for _, thread := range []snowflake.ChannelID{empty, busy, empty} {
		e := c.errand(moderation.ActionDelete)
		e.Channel, e.Message = thread, snowflake.MessageID(thread)
		if result := b.Enforce(within(t), e); !result.Done {
			t.Errorf("%+v", result)
		}
	}
	if n := len(c.Messages(busy)); n != 3 {
		t.Errorf("%d answers are left of 3", n)
	}
	gone, err := c.WaitRequests(within(t), 1, discordsim.To("DELETE", "/channels/"+empty.String()))
	if err != nil || len(gone) != 1 {
		t.Errorf("%d deletions of the thread, %v", len(gone), err)
	}
	named, err := c.WaitRequest(within(t), discordsim.To("PATCH", "/channels/"+busy.String()))
	if err != nil || string(named.Body) != `{"name":"Title removed"}` {
		t.Errorf("%s, %v", named.Body, err)
	}
}

func TestTheChannelAboveAThreadIsAskedForOnce(t *testing.T) {
	c := newCourt(t)
	b := offline(t, c.Sim)
	thread := c.StartThread(c.channel, c.ada, "a thread")
	for range 3 {
		if above, err := b.ChannelAbove(within(t), thread); err != nil || above != c.channel {
			t.Errorf("above %d, %v", above, err)
		}
	}
	if n := len(c.Requests()); n != 1 {
		t.Errorf("%d requests went out, want 1", n)
	}
	if above, err := b.ChannelAbove(within(t), c.channel); err != nil || above != 0 {
		t.Errorf("above a channel: %d, %v", above, err)
	}
	if _, err := b.ChannelAbove(within(t), 4711); err == nil {
		t.Error("nothing above nothing")
	}
}

func TestReasonsFitTheHeader(t *testing.T) {
	for reason, want := range map[string]string{
		"":                       "",
		" \n\t ":                 "",
		"a b":                    "a%20b",
		"a\r\nX-Evil: 1":         "a%20%20X-Evil:%201",
		"1+1=2 %":                "1%2B1=2%20%25",
		"é\u202e":                "%C3%A9%E2%80%AE",
		strings.Repeat("ü", 600): strings.Repeat("%C3%BC", 511) + "%E2%80%A6",
	} {
		if got := auditReason(reason); got != want {
			t.Errorf("%.40q: %.80s, want %.80s", reason, got, want)
		}
	}
}

func TestAnErrandOfNoKnownKindIsRefused(t *testing.T) {
	c := newCourt(t)
	if result := offline(t, c.Sim).Enforce(within(t), c.errand(moderation.ActionNote)); result.Refused == "" {
		t.Errorf("%+v", result)
	}
}
