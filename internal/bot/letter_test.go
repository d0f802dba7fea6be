package bot

import (
	"context"
	"errors"
	"strings"
	"testing"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// letter has a button of each sort.
var letter = moderation.Letter{Text: "hello @everyone", Nonce: "one", Buttons: []moderation.LetterButton{
	{Label: "Appeal", ID: PressID("appeal", "7", "8")}, {Label: "No", ID: PressID("no"), Tone: moderation.ButtonBad},
	{Label: "Open", URL: "https://guild.example/"}}}

func TestALetterArrivesOnceAndMentionsNobody(t *testing.T) {
	c := newCourt(t)
	b := offline(t, c.Sim)
	for range 2 {
		if place, err := b.Direct(within(t), c.ada, letter); err != nil || place.Channel != c.DirectChannel(c.ada) || place.Message == 0 {
			t.Fatal(place, err)
		}
	}
	sent := c.Messages(c.DirectChannel(c.ada))
	if len(sent) != 1 || sent[0].Text != "hello @everyone" || sent[0].Everyone {
		t.Fatalf("sent %+v", sent)
	}
	buttons := sent[0].Buttons()
	if len(buttons) != 3 || buttons[0].CustomID != "appeal/7/8" || buttons[0].Style != 2 || buttons[1].Style != 4 ||
		buttons[2].Style != 5 || buttons[2].URL != "https://guild.example/" {
		t.Errorf("the buttons are %+v", buttons)
	}
	posted, opened := 0, 0
	for _, r := range c.Requests() {
		switch {
		case strings.HasSuffix(r.Path, "/messages"):
			posted++
			if !mentionsNobody(t, r.Body) {
				t.Errorf("sent %s", r.Body)
			}
		case r.Path == "/users/@me/channels":
			opened++
		}
	}
	if posted != 2 || opened != 1 {
		t.Errorf("%d letters were posted in %d conversations", posted, opened)
	}
	if err := b.Rewrite(within(t), moderation.Place{Channel: c.DirectChannel(c.ada), Message: sent[0].ID},
		moderation.Letter{Text: "changed"}); err != nil {
		t.Fatal(err)
	}
	if now := c.Messages(c.DirectChannel(c.ada))[0]; now.Text != "changed" || len(now.Buttons()) != 0 {
		t.Errorf("rewritten it is %+v", now)
	}
}

func TestWhetherALetterHasArrivedIsFound(t *testing.T) {
	c := newCourt(t)
	r := start(t, c.Sim, nil)
	waitEvents[moderation.GuildSeen](t, r, 1)
	if _, there, err := r.WroteDirect(within(t), c.ada, letter); there || err != nil {
		t.Errorf("before it was written: %v, %v", there, err)
	}
	c.Post(discordsim.Post{Channel: c.DirectChannel(c.ada), Author: c.ada, Content: letter.Text}) // somebody else's
	wrote, err := r.Direct(within(t), c.ada, letter)
	if err != nil {
		t.Fatal(err)
	}
	if place, there, err := r.WroteDirect(within(t), c.ada, letter); place != wrote || !there || err != nil {
		t.Errorf("%+v, %v, %v, want %+v", place, there, err, wrote)
	}
}

func TestWhomLettersDoNotReach(t *testing.T) {
	c := newCourt(t)
	b := offline(t, c.Sim)
	stranger := c.AddUser(discordsim.User{Username: "stranger"})
	c.CloseDMs(c.ada, true)
	for name, who := range map[string]snowflake.UserID{"closed": c.ada, "in no guild with it": stranger, "nobody": 4711} {
		_, err := b.Direct(within(t), who, letter)
		var public *fault.Error
		if !errors.As(err, &public) || public.Kind != fault.Forbidden && public.Kind != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	fail(c.Sim, discordsim.Failure{Times: 1, Status: 503})
	if _, err := b.Direct(within(t), c.chief, letter); fault.Of(err) != fault.Unavailable {
		t.Errorf("while Discord fails: %v", err)
	}
}

// pressing is a button that opens a form; what its handlers get goes to got.
func pressing(got chan<- Interaction) Command {
	return Command{Kind: LetterPress, Name: "appeal",
		Handle: func(_ context.Context, use Interaction) (Reply, error) {
			got <- use
			return Reply{Form: Form{Title: "Appeal", Label: "Why", Most: 1000}}, nil
		},
		Submit: func(_ context.Context, use Interaction) (Reply, error) {
			got <- use
			return Reply{Text: "thanks", Button: Button{Label: "Withdraw", ID: PressID("withdraw", "3")}}, nil
		}}
}

func TestAButtonOfALetterOpensAFormWhereverItStands(t *testing.T) {
	c := newCourt(t)
	got := make(chan Interaction, 9)
	r := start(t, c.Sim, nil, withCommands(pressing(got)))
	waitEvents[moderation.GuildSeen](t, r, 1)
	if n := r.Status().Commands; n != 0 {
		t.Errorf("%d commands are registered: a button is none", n)
	}
	for _, place := range []struct {
		channel snowflake.ChannelID
		guild   snowflake.GuildID
	}{{c.DirectChannel(c.ada), 0}, {c.channel, c.guild}} {
		at, err := r.Write(within(t), place.channel, moderation.Letter{Text: "x", Buttons: letter.Buttons})
		if err != nil {
			t.Fatal(err)
		}
		opened, err := c.WaitAnswer(within(t), c.Click(at.Channel, at.Message, c.ada, "appeal/7/8"))
		if err != nil || opened.Callback != 9 || !strings.Contains(string(opened.Data), `"custom_id":"appeal/7/8"`) {
			t.Fatalf("%+v, %v", opened, err)
		}
		answer, err := c.WaitAnswer(within(t), c.Submit(at.Channel, c.ada, "appeal/7/8", map[string]string{FormText: "sorry"}))
		if err != nil || answer.Original.Text != "thanks" || !answer.Ephemeral || answer.Original.Buttons()[0].CustomID != "withdraw/3" {
			t.Fatalf("%+v, %v", answer, err)
		}
		for range 2 {
			use := <-got
			if use.Guild != place.guild || use.User.ID != c.ada || use.User.Name != "ada" || strings.Join(use.Args, " ") != "7 8" ||
				(use.Member.ID != 0) != (place.guild != 0) {
				t.Errorf("the use is %+v", use)
			}
		}
	}
	for _, id := range []string{"no/7", "x/", "/"} {
		answer, err := c.WaitAnswer(within(t), c.Submit(c.channel, c.ada, id, nil))
		if err != nil || answer.Original.Text != noSuchCommand {
			t.Errorf("%q: %+v, %v", id, answer.Original, err)
		}
	}
	if runs := eventsOf[moderation.CommandRun](r.watch); len(runs) != 0 {
		t.Errorf("presses count as commands: %+v", runs)
	}
}

func TestThreadsArePrivateWhereTheyCanBe(t *testing.T) {
	c := newCourt(t)
	r := start(t, c.Sim, nil)
	waitEvents[moderation.GuildSeen](t, r, 1)
	thread, private, err := r.OpenThread(within(t), c.guild, c.channel, "Appeal #1")
	if err != nil || !private {
		t.Fatal(thread, private, err)
	}
	if again, private, err := r.OpenThread(within(t), c.guild, c.channel, "Appeal #1"); again != thread || !private || err != nil {
		t.Errorf("asked again: %d, %v, %v, want %d", again, private, err, thread)
	}
	if err := r.Bring(within(t), thread, c.ada); err != nil {
		t.Error(err)
	}
	if inside := c.ThreadMembers(thread); len(inside) != 2 || inside[1] != c.ada {
		t.Errorf("in the thread are %v", inside)
	}
	if err := r.EndThread(within(t), thread); err != nil {
		t.Error(err)
	}
	c.SetBotPermissions(c.guild, discordsim.PermissionsModerator&^discordsim.PermissionPrivateThreads)
	if _, private, err = r.OpenThread(within(t), c.guild, c.channel, "Appeal #2"); private || err != nil {
		t.Errorf("without the permission: %v, %v", private, err)
	}
	c.ChangeChannel(c.channel, func(ch *discordsim.Channel) {
		ch.Overwrites = []discordsim.Overwrite{{ID: int64(c.BotID()), Type: 1, Deny: discordsim.PermissionViewChannel}}
	})
	if _, _, err = r.OpenThread(within(t), c.guild, c.channel, "Appeal #3"); fault.Of(err) != fault.Forbidden {
		t.Errorf("where it sees nothing: %v", err)
	}
}

func TestWhoSeesAChannel(t *testing.T) {
	c := newCourt(t)
	r := start(t, c.Sim, nil)
	waitEvents[moderation.GuildSeen](t, r, 1)
	c.ChangeChannel(c.channel, func(ch *discordsim.Channel) {
		ch.Overwrites = []discordsim.Overwrite{{ID: int64(c.guild), Deny: discordsim.PermissionViewChannel},
			{ID: 22, Allow: discordsim.PermissionViewChannel}, {ID: int64(c.BotID()), Type: 1, Allow: discordsim.PermissionViewChannel}}
	})
	for who, want := range map[snowflake.UserID]bool{c.ada: false, c.chief: true, c.head: true, c.OwnerID(): true, 4711: false} {
		if sees, err := r.MaySee(within(t), c.guild, c.channel, who); sees != want || err != nil {
			t.Errorf("%d: %v, %v", who, sees, err)
		}
	}
}
