package demo

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/snowflake"
)

const (
	// pleads is how often somebody of the town thinks about an appeal; every third of those who could makes one.
	pleads = 12 * time.Second
	// firstPlea is when the first one may: a warning should have been seen by then.
	firstPlea = 20 * time.Second
)

// pleas are what members write who think that they were wronged.
var pleas = []string{
	"That was a joke among friends, nobody minded.", "My little brother had my phone. It will not happen again.",
	"I quoted somebody else to report it!", "I did not know that links are not allowed in there.",
	"This is the third time that the filter gets my name wrong.", "Sorry. I was angry, and I see that it was unkind.",
	"Why me and not the other one? He began.", "It is a part number, please look at the data sheet.",
}

// plead lets members of the town appeal now and then, by the button below what guildwatch wrote to them, until ctx ends.
func (t *Town) plead(ctx context.Context, sim *discordsim.Sim) {
	random, thought := t.random(98), map[snowflake.MessageID]bool{}
	if !rest(ctx, firstPlea) {
		return
	}
	for rest(ctx, pleads) {
		if len(thought) > 10_000 { // a demo runs for days
			clear(thought)
		}
		for _, letter := range sim.Letters(40) {
			button := appealButton(letter)
			if button == "" || thought[letter.ID] {
				continue
			}
			if thought[letter.ID] = true; random.IntN(3) == 0 {
				appeal(ctx, sim, letter, button, random)
				break
			}
		}
	}
}

// appealButton is the id of the button below a letter by which its reader can appeal; empty: there is none.
func appealButton(letter discordsim.Message) string {
	for _, button := range letter.Buttons() {
		if button.Label == "Appeal" {
			return button.CustomID
		}
	}
	return ""
}

// appeal presses the button and fills in the form that opens.
func appeal(ctx context.Context, sim *discordsim.Sim, letter discordsim.Message, button string, random *rand.Rand) {
	who := sim.Recipient(letter.Channel)
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	form, err := sim.WaitAnswer(ctx, sim.Click(letter.Channel, letter.ID, who, button))
	var opened struct {
		ID string `json:"custom_id"`
	}
	if err != nil || json.Unmarshal(form.Data, &opened) != nil || !strings.HasPrefix(opened.ID, "appeal") {
		return // guildwatch is stopping, or has said why not
	}
	sim.Submit(letter.Channel, who, opened.ID, map[string]string{"text": pleas[random.IntN(len(pleas))]})
}
