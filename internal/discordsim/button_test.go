package discordsim

import (
	"strings"
	"testing"
)

func TestButtonsAreKeptAsSent(t *testing.T) {
	s, post, c := station(t, Options{})
	var use used
	id := s.RunCommand(post.Channel, post.Author, "guildwatch")
	c.decode(c.event("INTERACTION_CREATE"), &use)
	body := `{"type":4,"data":{"content":"x","flags":64,"components":[{"type":1,"components":[
		{"type":2,"style":5,"label":"Open","url":"https://guild.example/?a=1"},
		{"type":2,"style":1,"label":"Undo","custom_id":"undo:7"}]}]}}`
	if status, answer := do(t, s, "POST", "/interactions/"+use.ID+"/"+use.Token+"/callback", body); status != 204 {
		t.Fatal(status, answer)
	}
	i, err := s.WaitAnswer(within(t), id)
	if err != nil || !i.Ephemeral || i.Original.Ephemeral != post.Author {
		t.Fatalf("%+v, %v", i, err)
	}
	buttons := i.Original.Buttons()
	if len(buttons) != 2 || buttons[0] != (Button{Label: "Open", Style: 5, URL: "https://guild.example/?a=1"}) ||
		buttons[1].CustomID != "undo:7" {
		t.Errorf("the buttons are %+v", buttons)
	}
}

func TestButtonsThatDiscordRefuses(t *testing.T) {
	s, post, _ := station(t, Options{})
	for name, button := range map[string]string{
		"script": `"style":5,"label":"x","url":"javascript:alert(1)"`, "no host": `"style":5,"label":"x","url":"https://"`,
		"long":  `"style":5,"label":"x","url":"https://guild.example/` + strings.Repeat("a", 512) + `"`,
		"label": `"style":5,"label":"` + strings.Repeat("a", 81) + `","url":"https://guild.example/"`,
		"no id": `"style":1,"label":"x"`, "both": `"style":5,"label":"x","url":"https://guild.example/","custom_id":"x"`,
	} {
		body := `{"content":"x","components":[{"type":1,"components":[{"type":2,` + button + `}]}]}`
		status, answer := do(t, s, "POST", "/channels/"+post.Channel.String()+"/messages", body)
		if status != 400 || !strings.Contains(answer, "50035") {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
}
