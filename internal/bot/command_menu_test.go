package bot

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// warning is a menu that asks for a reason; what its form brings goes to sent.
func warning(sent chan<- Interaction) Command {
	return Command{
		Kind: MemberMenu, Name: "Warn",
		Handle: func(_ context.Context, use Interaction) (Reply, error) {
			return Reply{Form: Form{Title: "Warn " + use.Target.Name, Label: "Reason", Most: 400}}, nil
		},
		Submit: func(_ context.Context, use Interaction) (Reply, error) {
			sent <- use
			return Reply{Text: "warned"}, nil
		},
	}
}

func TestAMenuOpensAFormThatComesBack(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	bob := sim.OwnerID()
	sent := make(chan Interaction, 1)
	r := start(t, sim, nil, withCommands(warning(sent)))
	registered(t, sim)
	answer, err := sim.WaitAnswer(within(t), sim.UseOnMember(channel, ada, "Warn", bob))
	if err != nil {
		t.Fatal(err)
	}
	var form struct {
		CustomID   string `json:"custom_id"`
		Title      string
		Components []struct {
			Components []struct {
				CustomID  string `json:"custom_id"`
				Required  bool
				MaxLength int `json:"max_length"`
			}
		}
	}
	if err := json.Unmarshal(answer.Data, &form); err != nil || answer.Callback != 9 || len(form.Components) != 1 {
		t.Fatalf("the answer is %d %s: %v", answer.Callback, answer.Data, err)
	}
	field := form.Components[0].Components[0]
	if field.CustomID != FormText || !field.Required || field.MaxLength != 400 || form.Title == "Warn " {
		t.Errorf("the form is %+v", form)
	}
	id := sim.Submit(channel, ada, form.CustomID, map[string]string{FormText: "rude"})
	if answer, err := sim.WaitAnswer(within(t), id); err != nil || answer.Original.Text != "warned" || !answer.Ephemeral {
		t.Errorf("the form is answered with %+v, %v", answer, err)
	}
	if use := <-sent; use.Target.ID != bob || use.Options[FormText] != "rude" || use.Member.ID != ada {
		t.Errorf("the form brings %+v", use)
	}
	if run := waitEvents[moderation.CommandRun](t, r, 1)[0]; run.Interaction != id || run.Command != "Warn" || !run.OK {
		t.Errorf("the run is %+v, want that of the form alone", run)
	}
}

// Whatever a form says about who opened it, it reaches nothing but the Submit of a command.
func TestFormsOfNoCommandDoNothing(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	start(t, sim, nil, withCommands(warning(make(chan Interaction, 9)), StatsCommand(
		func(context.Context, Interaction) (Reply, error) { return Reply{Text: "stats"}, nil })))
	registered(t, sim)
	for _, id := range []string{"guildwatch stats:5", "Ban:5", "Warn", "Warn:x", "Warn:-1", ":", "guildwatch stats"} {
		answer, err := sim.WaitAnswer(within(t), sim.Submit(channel, ada, id, map[string]string{FormText: "x"}))
		if err != nil || answer.Original.Text != noSuchCommand {
			t.Errorf("%q is answered with %+v, %v", id, answer.Original, err)
		}
	}
}

func TestAFormThatIsTooLateSaysSo(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	slow := warning(nil)
	deferred := make(chan struct{})
	open := slow.Handle
	slow.Handle = func(ctx context.Context, use Interaction) (Reply, error) { <-deferred; return open(ctx, use) }
	start(t, sim, nil, withCommands(slow), func(o *Options) { o.pace.deferAfter = time.Millisecond })
	registered(t, sim)
	id := sim.UseOnMember(channel, ada, "Warn", sim.OwnerID())
	if _, err := sim.WaitRequest(within(t), discordsim.To("POST", "/interactions/")); err != nil {
		t.Fatal(err)
	}
	close(deferred)
	if answer, err := sim.WaitAnswer(within(t), id); err != nil || answer.Original.Text != formTooLate {
		t.Errorf("%+v, %v", answer, err)
	}
}

func TestAMenuKnowsItsMessage(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	owner := sim.OwnerID()
	got := make(chan Interaction, 1)
	r := start(t, sim, nil, withCommands(Command{Kind: MessageMenu, Name: "Report to moderators",
		Handle: func(_ context.Context, use Interaction) (Reply, error) {
			got <- use
			return Reply{}, fault.New(fault.Invalid, "Not now.")
		}}))
	registered(t, sim)
	message := sim.Post(discordsim.Post{Channel: channel, Author: owner, Content: "hello"})
	answer, err := sim.WaitAnswer(within(t), sim.UseOnMessage(channel, ada, "Report to moderators", message))
	if err != nil || answer.Original.Text != "Not now." {
		t.Errorf("%+v, %v", answer, err)
	}
	use := <-got
	if use.Message != (TargetMessage{ID: message, Channel: channel, Text: "hello"}) ||
		use.Target.ID != owner || use.Member.ID != ada {
		t.Errorf("the use is %+v", use)
	}
	if run := waitEvents[moderation.CommandRun](t, r, 1)[0]; run.Command != "Report to moderators" || run.OK {
		t.Errorf("the run is %+v", run)
	}
}
