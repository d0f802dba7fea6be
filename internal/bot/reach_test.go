package bot

import (
	"testing"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// What MayWrite foresees is what Say then meets, whatever the channel allows and denies whom.
func TestMayWriteForeseesWhatSayMeets(t *testing.T) {
	sim := discord(t)
	guild, channel, _ := harbour(sim)
	r := start(t, sim, nil)
	r.wait(t, StateConnected)
	received(t, sim)
	waitEvents[moderation.GuildSeen](t, r, 1)
	own, known := r.OwnRoles(guild)
	if !known || len(own) != 1 {
		t.Fatalf("the bot's roles are %v, %v", own, known)
	}
	const write, view = discordsim.PermissionSendMessages, discordsim.PermissionViewChannel
	everyone, role, self := int64(guild), int64(own[0]), int64(sim.BotID())
	const well = fault.Internal // Of says so of no error, too
	for _, c := range []struct {
		name  string
		list  []discordsim.Overwrite
		wants fault.Kind
	}{
		{"nothing", nil, well},
		{"denied to all", []discordsim.Overwrite{{ID: everyone, Deny: write}}, fault.Forbidden},
		{"given back to the role", []discordsim.Overwrite{{ID: role, Allow: write}, {ID: everyone, Deny: write}}, well},
		{"denied to the role", []discordsim.Overwrite{{ID: role, Deny: write}}, fault.Forbidden},
		{"given back to the bot", []discordsim.Overwrite{{ID: self, Type: 1, Allow: write}, {ID: role, Deny: write}}, well},
		{"denied to the bot", []discordsim.Overwrite{{ID: self, Type: 1, Deny: write}, {ID: role, Allow: write}},
			fault.Forbidden},
		{"hidden", []discordsim.Overwrite{{ID: everyone, Deny: view}}, fault.Forbidden},
		{"another's", []discordsim.Overwrite{{ID: 5, Deny: write}, {ID: 5, Type: 1, Deny: write}}, well},
	} {
		sim.ChangeChannel(channel, func(ch *discordsim.Channel) { ch.Overwrites = c.list })
		foreseen, met := r.MayWrite(within(t), guild, channel), r.Say(within(t), channel, "x")
		if may := c.wants == well; may != (foreseen == nil) || may != (met == nil) ||
			fault.Of(foreseen) != c.wants || fault.Of(met) != c.wants {
			t.Errorf("%s: foreseen %v, met %v", c.name, foreseen, met)
		}
	}
	if err := r.MayWrite(within(t), guild, 5); fault.Of(err) != fault.NotFound {
		t.Errorf("no such channel: %v", err)
	}
	if err := r.MayWrite(within(t), 5, channel); fault.Of(err) != fault.Unavailable {
		t.Errorf("no such guild: %v", err)
	}
}
