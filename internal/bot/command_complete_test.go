package bot

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/moderation"
)

// What fits is offered while it is typed, at most as much as Discord takes, and a failure offers nothing: an empty list,
// and not none, which Discord would take for a mistake.
func TestWhatFitsIsOfferedWhileItIsTyped(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	handled := func(context.Context, Interaction) (Reply, error) { return Reply{Text: "done"}, nil }
	r := start(t, sim, nil, withCommands(Command{Name: "guildwatch rules", Description: "x", Handle: handled,
		Options: []CommandOption{{Name: "rule", Description: "x", Kind: OptionNumber, Completes: true},
			{Name: "mode", Description: "x", Kind: OptionText}},
		Complete: func(_ context.Context, use Interaction) ([]Choice, error) {
			if use.Typed != "rule" || use.Member.ID != ada {
				t.Errorf("asked for %+v", use)
			}
			switch use.Options["rule"] {
			case "all":
				all := make([]Choice, 40)
				for i := range all {
					all[i] = Choice{Name: strings.Repeat("ü", 120), Value: int64(i)}
				}
				return all, nil
			case "panic":
				panic("no")
			case "fail":
				return []Choice{{Name: "x", Value: int64(1)}}, errors.New("no")
			}
			return []Choice{{Name: "Links", Value: int64(7)}}, nil
		}}))
	registered(t, sim)
	offered := func(typed string) (names []string, body string) {
		t.Helper()
		answer, err := sim.WaitAnswer(within(t), sim.Type(channel, ada, "guildwatch rules",
			discordsim.Option{Name: "mode", Type: 3, Value: "off"},
			discordsim.Option{Name: "rule", Type: 4, Value: typed, Focused: true}))
		if err != nil {
			t.Fatal(err)
		}
		var data struct {
			Choices []struct{ Name string }
		}
		if err := json.Unmarshal(answer.Data, &data); err != nil || answer.Callback != 8 {
			t.Fatalf("answered with %d %s: %v", answer.Callback, answer.Data, err)
		}
		for _, choice := range data.Choices {
			names = append(names, choice.Name)
		}
		return names, string(answer.Data)
	}
	if names, body := offered("li"); len(names) != 1 || body != `{"choices":[{"name":"Links","value":7}]}` {
		t.Errorf("offered %s", body)
	}
	if names, _ := offered("all"); len(names) != 25 || len([]rune(names[0])) != 100 {
		t.Errorf("offered %d", len(names))
	}
	if _, body := offered("fail"); body != `{"choices":[]}` {
		t.Errorf("after a failure: %s", body)
	}
	sim.Type(channel, ada, "guildwatch rules", discordsim.Option{Name: "rule", Type: 4, Value: "panic", Focused: true})
	if names, _ := offered("li"); len(names) != 1 {
		t.Error("a panic took the rest with it")
	}
	sim.RunCommand(channel, ada, "guildwatch rules")
	if runs := waitEvents[moderation.CommandRun](t, r, 1); len(runs) != 1 {
		t.Errorf("typing counts as a use: %+v", runs)
	}
}
