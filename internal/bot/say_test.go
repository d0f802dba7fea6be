package bot

import (
	"encoding/json"
	"strings"
	"testing"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

func TestSayingSomethingMentionsNobody(t *testing.T) {
	sim := discord(t)
	_, channel, _ := harbour(sim)
	if err := idle(t, sim).Say(within(t), channel, "hello @everyone"); err != nil {
		t.Fatal(err)
	}
	sent, err := sim.WaitRequest(within(t), discordsim.To("POST", "/channels/"+channel.String()+"/messages"))
	if err != nil {
		t.Fatal(err)
	}
	if !mentionsNobody(t, sent.Body) {
		t.Errorf("sent %s", sent.Body)
	}
	if posted := sim.Messages(channel); len(posted) != 1 || posted[0].Text != "hello @everyone" || posted[0].Everyone {
		t.Errorf("posted %+v", posted)
	}
}

// mentionsNobody says whether Discord is told so: a body without the field mentions whom its text names.
func mentionsNobody(t *testing.T, body []byte) bool {
	t.Helper()
	var sent struct {
		Allowed *struct {
			Parse *[]string `json:"parse"`
			Users []string  `json:"users"`
			Roles []string  `json:"roles"`
		} `json:"allowed_mentions"`
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	a := sent.Allowed
	return a != nil && a.Parse != nil && len(*a.Parse) == 0 && len(a.Users) == 0 && len(a.Roles) == 0
}

func TestWhatKeepsTheBotFromWritingIsNamed(t *testing.T) {
	sim := discord(t)
	guild, channel, _ := harbour(sim)
	deny := func(what discordsim.Permissions) {
		sim.ChangeChannel(channel, func(c *discordsim.Channel) {
			c.Overwrites = []discordsim.Overwrite{{ID: int64(guild), Deny: what}, {ID: int64(sim.BotID()), Type: 1, Deny: what}}
		})
	}
	b := idle(t, sim)
	for _, c := range []struct {
		kind  fault.Kind
		says  string
		where func() snowflake.ChannelID
	}{
		{fault.Forbidden, "allow Send Messages", func() snowflake.ChannelID {
			deny(discordsim.PermissionSendMessages)
			return channel
		}},
		{fault.Forbidden, "allow View Channel", func() snowflake.ChannelID {
			deny(discordsim.PermissionViewChannel)
			return channel
		}},
		{fault.NotFound, "gone", func() snowflake.ChannelID { return 4711 }},
	} {
		err := b.Say(within(t), c.where(), "hello")
		if fault.Of(err) != c.kind || !strings.Contains(err.Error(), c.says) {
			t.Errorf("want %q, got %v", c.says, err)
		}
	}
}
