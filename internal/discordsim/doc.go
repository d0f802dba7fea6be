// Package discordsim is a stand-in for Discord on the real wire: its gateway, its REST API (v9 and v10) and its OAuth2
// endpoints, on a listener of the loopback interface. Tests and the demo run the real client against it; nothing else
// may.
//
//	sim := discordsim.New(discordsim.Options{})
//	err := sim.Start("127.0.0.1:0")        // DISCORD_API_URL is sim.URL(), the token is sim.Token()
//	defer sim.Close()
//	guild := sim.AddGuild(discordsim.Guild{Name: "Harbour", Channels: []discordsim.Channel{{Name: "general"}}})
//	ada := sim.Join(guild, sim.AddUser(discordsim.User{Username: "ada"}))
//	err = sim.WaitConnected(ctx)           // the client has identified or resumed
//	sim.Post(discordsim.Post{Channel: sim.ChannelNamed(guild, "general"), Author: ada, Content: "hello"})
//	sim.Set(func(k *discordsim.Knobs) { k.StopACK = true })                      // misbehave, at any time
//	request, err := sim.WaitRequest(ctx, discordsim.To("DELETE", "/channels/"))  // what the client sends
//
// One world lies behind everything. A deed, whether a script does it here or the client over REST, changes the world,
// writes the audit log and emits the gateway events under one lock, so state and events never disagree. A deed that
// Discord would not allow (a stranger posts, a banned user joins) changes nothing and returns the zero value.
//
// As on Discord, GUILD_CREATE holds no member but the bot unless GUILD_PRESENCES is among the intents; others come by
// op 8 REQUEST_GUILD_MEMBERS, which is answered in chunks and at most every 30 s for the whole list of a guild.
package discordsim
