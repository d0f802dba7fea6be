package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/browser"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// court is a stage with a log channel that only the staff sees, and ada, who is moderator.
type court struct {
	*stage
	log snowflake.ChannelID
}

func newCourt(t *testing.T, r *rule.Rule) court {
	t.Helper()
	s := newStage(t)
	s.open()
	c := court{stage: s, log: s.sim.AddChannel(s.guild, discordsim.Channel{Name: "mod-log", Overwrites: []discordsim.Overwrite{
		{ID: int64(s.guild), Deny: discordsim.PermissionViewChannel},
		{ID: int64(s.sim.RoleNamed(s.guild, "Staff")), Allow: discordsim.PermissionViewChannel},
		{ID: int64(s.sim.BotID()), Type: 1, Allow: discordsim.PermissionViewChannel}}})}
	s.ruled(func(saved *rule.Rule) {
		if r != nil {
			*saved = *r
		}
	})
	staff := s.sim.RoleNamed(s.guild, "Staff")
	if err := s.store.AssignRole(t.Context(), grant[access.ManageRoles](s), access.HoldersOf(staff), access.Moderator); err != nil {
		t.Fatal(err)
	}
	s.until("the log channel is saved", func() bool {
		return s.store.UpdateSettings(t.Context(), grant[access.UpdateSettings](s),
			store.Settings{TimeZone: "UTC", LogChannel: c.log}) == nil
	})
	return c
}

// direct are the letters that somebody has got.
func (s *stage) direct(who snowflake.UserID) []discordsim.Message {
	return s.sim.Messages(s.sim.DirectChannel(who))
}

// told waits until somebody has got so many letters, and gives the last.
func (s *stage) told(who snowflake.UserID, n int) discordsim.Message {
	s.Helper()
	s.until("a letter arrives", func() bool { return len(s.direct(who)) >= n })
	letters := s.direct(who)
	return letters[len(letters)-1]
}

// silent waits until nothing is left to be said to members.
func (s *stage) silent() {
	s.Helper()
	s.until("members are told", func() bool {
		due, err := s.store.DueNotices(context.Background(), time.Now().Add(time.Hour), 1)
		return err == nil && len(due) == 0
	})
}

// press presses a button below a letter and gives the answer.
func (s *stage) press(m discordsim.Message, who snowflake.UserID, label string) discordsim.Interaction {
	s.Helper()
	for _, b := range m.Buttons() {
		if b.Label == label {
			return s.answer(func() snowflake.InteractionID { return s.sim.Click(m.Channel, m.ID, who, b.CustomID) })
		}
	}
	s.Fatalf("there is no button %q below %+v", label, m)
	return discordsim.Interaction{}
}

// fillIn sends the form that an interaction was answered with.
func (s *stage) fillIn(form discordsim.Interaction, text string) discordsim.Interaction {
	s.Helper()
	var opened struct {
		CustomID string `json:"custom_id"`
	}
	if err := json.Unmarshal(form.Data, &opened); err != nil || form.Callback != 9 {
		s.Fatalf("the answer is no form: %d %s", form.Callback, form.Data)
	}
	return s.answer(func() snowflake.InteractionID {
		return s.sim.Submit(form.Channel, form.User, opened.CustomID, map[string]string{"text": text})
	})
}

// appeals are the guild's in a state.
func (s *stage) appeals(state moderation.AppealState) (list []store.AppealRow) {
	s.Helper()
	if err := s.store.Read(context.Background(), func(now *store.Snapshot) { list = now.Appeals(s.guild, state, 0, 10) }); err != nil {
		s.Fatal(err)
	}
	return list
}

// thread waits until the thread of an appeal has the letter with the buttons.
func (c court) thread() (thread discordsim.Channel, letter discordsim.Message) {
	c.Helper()
	c.until("the thread is open", func() bool {
		for _, t := range c.sim.Threads(c.log) {
			if posted := c.sim.Messages(t.ID); len(posted) > 0 {
				thread, letter = t, posted[0]
			}
		}
		return letter.ID != 0
	})
	return thread, letter
}

func TestAnAppealTravelsFromTheMembersButtonToTheModeratorsPageAndBack(t *testing.T) {
	tab := browser.New(t)
	complaints := browser.Listen(t, tab)
	c := newCourt(t, &rule.Rule{Name: "No flurbs", Kind: rule.Words, Mode: rule.Enforce, Severity: moderation.SeverityMedium,
		Respond: rule.RespondTimeout, Timeout: time.Hour, Delete: true, Spec: rule.Spec{Words: []string{"flurb"}}})
	browser.Open(t, tab, "http://"+c.address+c.page()+"/appeals")
	browser.Wait(t, tab, `document.querySelector("[data-connection]").dataset.state === "live"`)
	browser.Eval[bool](t, tab, `(window.stayed = true)`)

	c.say(c.bob, "flurb")
	letter := c.told(c.bob, 1)
	if !strings.Contains(letter.Text, "You have been timed out in the server **Harbour** until <t:") ||
		!strings.Contains(letter.Text, "\nRule: No flurbs") {
		t.Errorf("the member reads %q", letter.Text)
	}
	if thanks := c.fillIn(c.press(letter, c.bob, "Appeal"), "It is my fish's name. @everyone"); !strings.Contains(
		thanks.Original.Text, `The moderators have your appeal \#1.`) {
		t.Errorf("the member is answered %q", thanks.Original.Text)
	}
	browser.Wait(t, tab, `document.querySelector("#appeal-1")?.textContent.includes("It is my fish") === true`)
	browser.Wait(t, tab, `document.querySelector(".nav-count")?.textContent.trim().startsWith("1") === true`)
	if !browser.Eval[bool](t, tab, `window.stayed === true`) {
		t.Error("the list was reloaded")
	}

	browser.Open(t, tab, "http://"+c.address+c.page()+"/appeals/1")
	browser.Eval[bool](t, tab, `(document.querySelector("#answer").value = "Sorry about that.", document.querySelector('button[value="approve"]').click(), true)`)
	browser.Wait(t, tab, `document.querySelector("#appeal-case")?.textContent.includes("Approved") === true`)
	c.until("the timeout is ended", func() bool {
		member, _ := c.sim.MemberOf(c.guild, c.bob)
		return member.TimeoutUntil == nil
	})
	if answer := c.told(c.bob, 2); !strings.Contains(answer.Text, "was approved") || !strings.Contains(answer.Text, "Sorry about that.") {
		t.Errorf("the member reads %q", answer.Text)
	}
	browser.Wait(t, tab, `document.querySelector("#appeal-case")?.textContent.includes("The member was told.") === true`)
	complaints.None(t)
	c.close()
}

func TestModeratorsDecideInTheThread(t *testing.T) {
	c := newCourt(t, nil)
	c.say(c.bob, "flurb")
	letter := c.told(c.bob, 1)
	if again := c.press(letter, c.bob, "Appeal"); again.Callback != 9 {
		t.Fatalf("%+v", again)
	}
	c.fillIn(c.press(letter, c.bob, "Appeal"), "please <@&1> [x](https://x.example)")
	second := c.press(letter, c.bob, "Appeal")
	if second.Callback == 9 || !strings.Contains(second.Original.Text, `have your appeal \#1 about this`) ||
		second.Original.Buttons()[0].Label != "Withdraw it" {
		t.Errorf("pressed once more: %+v", second.Original)
	}
	thread, posted := c.thread()
	if thread.Type != discordsim.ChannelPrivateThread || thread.Name != "Appeal #1: bob" ||
		!strings.Contains(posted.Text, `please \<\@&1\> \[x\]\(https://x.example\)`) {
		t.Errorf("the thread is %+v with %q", thread, posted.Text)
	}
	c.until("the moderator is in the thread", func() bool {
		for _, who := range c.sim.ThreadMembers(thread.ID) {
			if who == c.ada {
				return true
			}
		}
		return false
	})
	// Whoever is in the thread and no moderator decides nothing.
	if refused := c.press(posted, c.bob, "Approve"); refused.Callback == 9 || len(c.appeals(moderation.AppealOpen)) != 1 {
		t.Errorf("a member decides: %+v", refused)
	}
	if denied := c.fillIn(c.press(posted, c.ada, "Deny"), "no fish has that name"); !strings.Contains(denied.Original.Text, "is denied") {
		t.Errorf("the moderator is answered %q", denied.Original.Text)
	}
	if late := c.fillIn(c.press(posted, c.sim.OwnerID(), "Approve"), ""); !strings.Contains(late.Original.Text, "ada has denied this appeal already") {
		t.Errorf("the second moderator is answered %q", late.Original.Text)
	}
	if answer := c.told(c.bob, 2); !strings.Contains(answer.Text, "was denied") || !strings.Contains(answer.Text, "no fish has that name") {
		t.Errorf("the member reads %q", answer.Text)
	}
	c.until("the thread is put aside", func() bool {
		now := c.sim.Threads(c.log)[0]
		return now.Thread.Archived && now.Thread.Locked
	})
	if deeds := c.deeds(); deeds != "delete done, warn done" {
		t.Errorf("a denial changed what was done: %s", deeds)
	}
	c.close()
}

// A ban takes a member out of reach: they are told before, once, and read the answer in the same letter.
func TestWhoIsBannedIsToldBefore(t *testing.T) {
	c := newCourt(t, &rule.Rule{Name: "No flurbs", Kind: rule.Words, Mode: rule.Enforce, Severity: moderation.SeverityHigh,
		Respond: rule.RespondBan, Spec: rule.Spec{Words: []string{"flurb"}}})
	c.sim.Set(func(k *discordsim.Knobs) {
		k.Failures = []discordsim.Failure{{Times: 2, Method: "PUT", Path: "/guilds/", Status: http.StatusServiceUnavailable}}
	})
	c.say(c.bob, "flurb")
	c.until("the ban failed at first", func() bool { return len(c.direct(c.bob)) == 1 })
	if len(c.sim.Bans(c.guild)) != 0 {
		t.Error("the member was told after the ban")
	}
	c.close() // in between, the program is stopped
	c.open()
	c.until("the member is banned", func() bool { return len(c.sim.Bans(c.guild)) == 1 && c.deeds() == "ban done" })
	letter := c.told(c.bob, 1)
	if n := len(c.direct(c.bob)); n != 1 || !strings.Contains(letter.Text, "You have been banned from the server **Harbour**.") {
		t.Errorf("%d letters, the last is %q", n, letter.Text)
	}
	c.fillIn(c.press(letter, c.bob, "Appeal"), "it was my brother")
	_, posted := c.thread()
	c.fillIn(c.press(posted, c.ada, "Approve"), "")
	c.until("the ban is lifted", func() bool { return len(c.sim.Bans(c.guild)) == 0 })
	c.until("the letter has the answer", func() bool { return strings.Contains(c.direct(c.bob)[0].Text, "The ban is lifted.") })
	c.until("the answer is noted", func() bool {
		return c.appeals(moderation.AppealApproved)[0].Told.State == moderation.NoticeSaid
	})
	c.close()
}

// A member who takes no messages holds nothing up, and the page says that they do not know.
func TestWhoTakesNoMessagesIsActedOnAllTheSame(t *testing.T) {
	c := newCourt(t, nil)
	c.sim.CloseDMs(c.bob, true)
	c.say(c.bob, "flurb")
	c.until("the violation is answered", func() bool { return c.deeds() == "delete done, warn done" })
	c.until("it is known that they were not told", func() bool {
		return strings.Contains(c.get(c.page()+"/violations/1"), "Member not told")
	})
	if !strings.Contains(c.get(c.page()+"/violations/1"), "does not see the log channel") {
		t.Error("the page does not say why")
	}
	// In a log channel that they see, they are told there.
	if err := c.store.UpdateSettings(t.Context(), grant[access.UpdateSettings](c.stage),
		store.Settings{TimeZone: "UTC", LogChannel: c.channel}); err != nil {
		t.Fatal(err)
	}
	c.say(c.bob, "flurb again")
	var letter discordsim.Message
	c.until("the letter is in the log channel", func() bool {
		for _, m := range c.sim.Messages(c.channel) {
			if strings.Contains(m.Text, "you take no direct messages") {
				letter = m
			}
		}
		return letter.ID != 0
	})
	if other := c.press(letter, c.ada, "Appeal"); other.Callback == 9 || !strings.Contains(other.Original.Text, "nothing here that you could appeal") {
		t.Errorf("somebody else is answered %+v", other.Original)
	}
	if form := c.press(letter, c.bob, "Appeal"); form.Callback != 9 {
		t.Errorf("the member is answered %+v", form)
	}
	c.close()
}

// What is done, fails and is taken back is in the log channel, some lines in one message, and mentions nobody.
func TestTheLogChannelHasEveryAction(t *testing.T) {
	c := newCourt(t, nil)
	c.sim.RenameUser(c.bob, "", "@everyone **bob**")
	lines := func() (all string, messages int) {
		for _, m := range c.sim.Messages(c.log) {
			if all += m.Text + "\n"; m.Everyone {
				t.Errorf("%q mentions everybody", m.Text)
			}
			messages++
		}
		return all, messages
	}
	has := func(parts ...string) func() bool {
		return func() bool {
			all, _ := lines()
			for _, part := range parts {
				if !strings.Contains(all, part) {
					return false
				}
			}
			return true
		}
	}
	c.say(c.bob, "flurb")
	c.until("the log has both lines", has("deleted a message of", "**guildwatch** warned", "No flurbs", "([violation #1](<http://",
		"/violations/1>))"))
	if _, n := lines(); n > 2 {
		t.Errorf("two lines came in %d messages", n)
	}
	c.sim.Timeout(c.guild, c.ada, c.bob, c.sim.Now().Add(time.Hour), "by hand")
	c.until("what others do is there", has("**ada** timed out", "by hand"))
	c.sim.SetBotPermissions(c.guild, discordsim.PermissionsModerator&^discordsim.PermissionBanMembers)
	var opened moderation.Opened
	c.until("a ban is asked for", func() (asked bool) {
		var err error
		opened, err = c.store.Order(t.Context(), grant[access.ActOnMembers](c.stage), moderation.Order{Kind: moderation.ActionBan,
			Target: c.bob, Source: moderation.SourceDashboard, Reason: "enough"})
		return err == nil
	})
	c.until("what failed is there", has("⚠️ Not done: **Owner** banned", "lacks the permission Ban Members"))
	if len(opened.Actions) != 1 || len(c.direct(c.bob)) != 1 {
		t.Errorf("%+v, %d letters: nobody is told of what cannot be done", opened, len(c.direct(c.bob)))
	}
	// Where guildwatch cannot write, that is said once, and nothing stops.
	c.sim.ChangeChannel(c.log, func(ch *discordsim.Channel) { ch.Overwrites = ch.Overwrites[:1] })
	c.sim.Kick(c.guild, c.ada, c.bob, "by hand")
	c.until("the settings say that nothing arrives", func() bool {
		return strings.Contains(c.get(c.page()+"/settings"), "Nothing arrives there now.")
	})
	c.close()
}
