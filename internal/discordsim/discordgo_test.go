package discordsim

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
)

// redirected sends what discordgo would send to Discord to the stand-in.
type redirected struct{ to *url.URL }

// RoundTrip changes scheme and host.
func (r redirected) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.URL.Scheme, request.URL.Host, request.Host = r.to.Scheme, r.to.Host, r.to.Host
	return http.DefaultTransport.RoundTrip(request)
}

// discord is a session of discordgo against the stand-in.
func discord(t *testing.T, s *Sim) *discordgo.Session {
	t.Helper()
	d, err := discordgo.New("Bot " + s.Token())
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	d.Client.Transport = redirected{to}
	d.ShouldRetryOnRateLimit, d.MaxRestRetries = false, 0
	return d
}

// must reports an error of a call of discordgo.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// refused checks that discordgo reads status and code out of a refusal.
func refused(t *testing.T, err error, status, code int) {
	t.Helper()
	var rest *discordgo.RESTError
	if !errors.As(err, &rest) || rest.Response.StatusCode != status || rest.Message == nil || rest.Message.Code != code {
		t.Errorf("error %v, want %d with code %d", err, status, code)
	}
}

func TestDiscordgoReadsTheWorld(t *testing.T) {
	s := start(t, Options{})
	plan, post := harbour(s)
	d, guild := discord(t, s), plan.ID.String()
	bot := must(d.GatewayBot())(t)
	if bot.URL != s.GatewayURL()+"/" || bot.SessionStartLimit.Remaining != 1000 {
		t.Errorf("gateway %+v", bot)
	}
	if me := must(d.User("@me"))(t); me.ID != s.BotID().String() || !me.Bot {
		t.Errorf("me %+v", me)
	}
	if app := must(d.Application("@me"))(t); app.Owner == nil || app.Owner.ID != s.OwnerID().String() {
		t.Errorf("application %+v", app)
	}
	if guilds := must(d.UserGuilds(100, "", "", true))(t); len(guilds) != 1 || guilds[0].ApproximateMemberCount != 3 {
		t.Errorf("guilds %+v", guilds)
	}
	if g := must(d.GuildWithCounts(guild))(t); g.Name != "Harbour" || len(g.Roles) != 2 || g.ApproximateMemberCount != 3 {
		t.Errorf("guild %+v", g)
	}
	if channels := must(d.GuildChannels(guild))(t); len(channels) != 1 || channels[0].Name != "general" {
		t.Errorf("channels %+v", channels)
	}
	first := must(d.GuildMembers(guild, "", 2))(t)
	rest := must(d.GuildMembers(guild, first[1].User.ID, 2))(t)
	if len(first) != 2 || len(rest) != 1 || rest[0].User.ID <= first[1].User.ID {
		t.Errorf("members %+v then %+v", first, rest)
	}
	if m := must(d.GuildMember(guild, post.Author.String()))(t); m.User.Username != "ada" || m.JoinedAt.IsZero() {
		t.Errorf("member %+v", m)
	}
	if found := must(d.GuildMembersSearch(guild, "AD", 10))(t); len(found) != 1 {
		t.Errorf("found %+v", found)
	}
	if roles := must(d.GuildRoles(guild))(t); len(roles) != 2 || roles[1].Permissions&discordgo.PermissionBanMembers == 0 {
		t.Errorf("roles %+v", roles)
	}
	bits := must(d.UserChannelPermissions(s.BotID().String(), post.Channel.String()))(t)
	if bits != int64(PermissionsModerator) {
		t.Errorf("discordgo finds permissions %b, want %b", bits, PermissionsModerator)
	}
	_, err := d.User("12345")
	refused(t, err, 404, codeUnknownUser)
	_, err = d.Guild("12345")
	refused(t, err, 404, codeUnknownGuild)
	_, err = d.Channel("12345")
	refused(t, err, 404, codeUnknownChannel)
	_, err = d.GuildMember(guild, "12345")
	refused(t, err, 404, codeUnknownUser)
}

func TestDiscordgoWrites(t *testing.T) {
	s := start(t, Options{})
	plan, post := harbour(s)
	d, channel := discord(t, s), post.Channel.String()
	m := must(d.ChannelMessageSendComplex(channel, &discordgo.MessageSend{
		Content: "see @everyone <@" + post.Author.String() + ">", Embeds: []*discordgo.MessageEmbed{{Title: "report"}},
		AllowedMentions: &discordgo.MessageAllowedMentions{},
	}))(t)
	if m.Author.ID != s.BotID().String() || len(m.Embeds) != 1 || m.MentionEveryone || len(m.Mentions) != 0 {
		t.Errorf("message %+v", m)
	}
	if m = must(d.ChannelMessageEdit(channel, m.ID, "later"))(t); m.Content != "later" || m.EditedTimestamp == nil {
		t.Errorf("edited %+v", m)
	}
	file := must(d.ChannelFileSend(channel, "report.csv", http.NoBody))(t)
	if len(file.Attachments) != 1 || file.Attachments[0].Filename != "report.csv" {
		t.Errorf("file %+v", file)
	}
	if list := must(d.ChannelMessages(channel, 10, "", m.ID, ""))(t); len(list) != 1 || list[0].ID != file.ID {
		t.Errorf("after the first: %+v", list)
	}
	thread := must(d.MessageThreadStart(channel, m.ID, "appeal", 1440))(t)
	if thread.ID != m.ID || !thread.IsThread() {
		t.Errorf("thread %+v", thread)
	}
	must(d.ChannelMessageSend(thread.ID, "in the thread"))(t)
	archived := true
	must(d.ChannelEdit(thread.ID, &discordgo.ChannelEdit{Archived: &archived}))(t)
	if active := must(d.GuildThreadsActive(plan.ID.String()))(t); len(active.Threads) != 0 {
		t.Errorf("active threads %+v", active.Threads)
	}
	hook := must(d.WebhookCreate(channel, "alerts", ""))(t)
	alarm := &discordgo.WebhookParams{Content: "alarm", Username: "Siren"}
	sent := must(d.WebhookExecute(hook.ID, hook.Token, true, alarm))(t)
	if sent.WebhookID != hook.ID || sent.Author.Username != "Siren" {
		t.Errorf("sent by webhook %+v", sent)
	}
	if err := d.WebhookDelete(hook.ID); err != nil {
		t.Fatal(err)
	}
	_, err := d.WebhookExecute(hook.ID, hook.Token, true, alarm)
	refused(t, err, 404, codeUnknownWebhook)
	dm := must(d.UserChannelCreate(post.Author.String()))(t)
	must(d.ChannelMessageSend(dm.ID, "you were warned"))(t)
	s.AddUser(User{ID: post.Author, Username: "ada", ClosedDMs: true})
	_, err = d.ChannelMessageSend(dm.ID, "again")
	refused(t, err, 403, codeCannotDM)
}

func TestDiscordgoModerates(t *testing.T) {
	s := start(t, Options{})
	plan, post := harbour(s)
	d, guild, ada := discord(t, s), plan.ID.String(), post.Author.String()
	until := s.Now().Add(time.Hour).Truncate(time.Second)
	if err := d.GuildMemberTimeout(guild, ada, &until, discordgo.WithAuditLogReason("calm%20down")); err != nil {
		t.Fatal(err)
	}
	if m, _ := s.MemberOf(plan.ID, post.Author); m.TimeoutUntil == nil || !m.TimeoutUntil.Equal(until) {
		t.Errorf("timed out until %v", m.TimeoutUntil)
	}
	if s.Post(post) != 0 {
		t.Error("a silenced member wrote")
	}
	if err := d.GuildBanCreateWithReason(guild, ada, "spam", 1); err != nil {
		t.Fatal(err)
	}
	if bans := must(d.GuildBans(guild, 10, "", ""))(t); len(bans) != 1 || bans[0].Reason != "spam" {
		t.Errorf("bans %+v", bans)
	}
	if s.Join(plan.ID, post.Author) != 0 {
		t.Error("a banned user joined")
	}
	if err := d.GuildBanDelete(guild, ada); err != nil {
		t.Fatal(err)
	}
	refused(t, d.GuildBanDelete(guild, ada), 404, codeUnknownBan)
	_, err := d.GuildBan(guild, ada)
	refused(t, err, 404, codeUnknownBan)
	s.Join(plan.ID, post.Author)
	if err := d.GuildMemberDeleteWithReason(guild, ada, "bye"); err != nil {
		t.Fatal(err)
	}
	refused(t, d.GuildMemberDelete(guild, ada), 404, codeUnknownMember)
	log := must(d.GuildAuditLog(guild, "", "", 0, 100))(t)
	want := []discordgo.AuditLogAction{AuditKick, AuditUnban, AuditBan, AuditMemberUpdate}
	for i, entry := range log.AuditLogEntries {
		if *entry.ActionType != want[i] || entry.UserID != s.BotID().String() || entry.TargetID != ada {
			t.Errorf("entry %d: %+v, want action %d", i, entry, want[i])
		}
	}
	if len(log.AuditLogEntries) != len(want) || log.AuditLogEntries[3].Reason != "calm down" {
		t.Errorf("audit log %+v", log.AuditLogEntries)
	}
	rule := must(d.AutoModerationRuleCreate(guild, &discordgo.AutoModerationRule{
		Name: "words", EventType: 1, TriggerType: 1, Actions: []discordgo.AutoModerationAction{{Type: 1}},
		TriggerMetadata: &discordgo.AutoModerationTriggerMetadata{KeywordFilter: []string{"cat*"}},
	}))(t)
	rules := must(d.AutoModerationRules(guild))(t)
	if len(rules) != 1 || rules[0].TriggerMetadata.KeywordFilter[0] != "cat*" {
		t.Errorf("rules %+v", rules)
	}
	if err := d.AutoModerationRuleDelete(guild, rule.ID); err != nil {
		t.Fatal(err)
	}
}

// discordgo's own gateway loop, though the product does not use it, must find nothing to complain about.
func TestDiscordgoConnects(t *testing.T) {
	s := start(t, Options{})
	plan, post := harbour(s)
	d := discord(t, s)
	d.Identify.Intents = discordgo.Intent(allIntents)
	messages, uses := make(chan *discordgo.MessageCreate, 1), make(chan *discordgo.InteractionCreate, 1)
	d.AddHandler(func(_ *discordgo.Session, m *discordgo.MessageCreate) { messages <- m })
	d.AddHandler(func(_ *discordgo.Session, i *discordgo.InteractionCreate) { uses <- i })
	if err := d.Open(); err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	app := s.ApplicationID().String()
	commands := []*discordgo.ApplicationCommand{{Name: "guildwatch", Description: "x"}}
	must(d.ApplicationCommandBulkOverwrite(app, "", commands))(t)
	s.Post(Post{Channel: post.Channel, Author: post.Author, Content: "hello"})
	if m := <-messages; m.Content != "hello" || m.GuildID != plan.ID.String() || m.Member == nil {
		t.Errorf("message %+v", m)
	}
	who := Option{Name: "who", Type: 6, Value: post.Author.String()}
	id := s.RunCommand(post.Channel, post.Author, "guildwatch stats", who)
	i := <-uses
	data := i.ApplicationCommandData()
	if i.ID != id.String() || data.Name != "guildwatch" || data.Options[0].Name != "stats" || data.Resolved.Users == nil ||
		i.Member.User.ID != post.Author.String() {
		t.Errorf("interaction %+v", i.Interaction)
	}
	if err := d.InteractionRespond(i.Interaction, &discordgo.InteractionResponse{
		Type: discordgo.InteractionResponseDeferredChannelMessageWithSource,
		Data: &discordgo.InteractionResponseData{Flags: discordgo.MessageFlagsEphemeral},
	}); err != nil {
		t.Fatal(err)
	}
	text := "done"
	must(d.InteractionResponseEdit(i.Interaction, &discordgo.WebhookEdit{Content: &text}))(t)
	seen, err := s.WaitAnswer(within(t), id)
	if err != nil || seen.Original.Text != "done" || !seen.Ephemeral {
		t.Errorf("answered %+v, %v", seen, err)
	}
	must(d.FollowupMessageCreate(i.Interaction, true, &discordgo.WebhookParams{Content: "and more"}))(t)
	if seen, _ := s.InteractionByID(id); len(seen.Followups) != 1 {
		t.Errorf("follow-ups %+v", seen.Followups)
	}
}
