package bot

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

func withCommands(list ...Command) func(*Options) { return func(o *Options) { o.Commands = list } }

// registered waits until Discord knows the commands.
func registered(t *testing.T, sim *discordsim.Sim) {
	t.Helper()
	if _, err := sim.WaitRequest(within(t), discordsim.To("PUT", "/applications/")); err != nil {
		t.Fatal(err)
	}
}

type answerData struct {
	Content string `json:"content"`
	Flags   int    `json:"flags"`
	Allowed *struct {
		Parse []string `json:"parse"`
	} `json:"allowed_mentions"`
	Embeds []struct {
		Title  string `json:"title"`
		Fields []struct{ Name, Value string }
	} `json:"embeds"`
}

func dataOf(t *testing.T, raw json.RawMessage) answerData {
	t.Helper()
	var data answerData
	if err := json.Unmarshal(raw, &data); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return data
}

func TestStatsAnswersTheMemberAloneAndMentionsNobody(t *testing.T) {
	sim := discord(t)
	guild, channel, ada := harbour(sim)
	r := start(t, sim, nil, withCommands(StatsCommand(func(_ context.Context, use Interaction) (Reply, error) {
		if use.Guild != guild {
			t.Errorf("asked about %d", use.Guild)
		}
		return Reply{Text: "@everyone <@1> 5 messages", Title: "Harbour", Fields: []Field{{Name: "Messages", Value: "5"}}}, nil
	})))
	registered(t, sim)
	use := sim.RunCommand(channel, ada, "guildwatch stats")
	answer, err := sim.WaitAnswer(within(t), use)
	if err != nil {
		t.Fatal(err)
	}
	data := dataOf(t, answer.Data)
	if !answer.Ephemeral || data.Allowed == nil || data.Allowed.Parse == nil || len(data.Allowed.Parse) != 0 {
		t.Errorf("the answer is %s", answer.Data)
	}
	if data.Content != "@everyone <@1> 5 messages" || len(data.Embeds) != 1 || data.Embeds[0].Fields[0].Value != "5" {
		t.Errorf("the answer is %s", answer.Data)
	}
	run := waitEvents[moderation.CommandRun](t, r, 1)[0]
	if run.Command != "guildwatch stats" || run.User.ID != ada || run.Channel != channel || run.Guild != guild || !run.OK ||
		run.Interaction != use || run.Took <= 0 {
		t.Errorf("the run is %+v", run)
	}
	r.ledger.waitCalls(t, "RecordCommand", 1)
}

func TestASlowCommandIsDeferredAndThenAnswered(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	deferred := make(chan struct{})
	start(t, sim, nil, func(o *Options) { o.pace.deferAfter = time.Millisecond },
		withCommands(Command{Name: "guildwatch slow", Description: "x", Handle: func(context.Context, Interaction) (Reply, error) {
			<-deferred
			return Reply{Text: "at last"}, nil
		}}))
	registered(t, sim)
	use := sim.RunCommand(channel, ada, "guildwatch slow")
	if _, err := sim.WaitRequest(within(t), discordsim.To("POST", "/interactions/")); err != nil {
		t.Fatal(err)
	}
	close(deferred)
	answer, err := sim.WaitAnswer(within(t), use)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Callback != 5 || answer.Original == nil || answer.Original.Text != "at last" || !answer.Ephemeral {
		t.Errorf("the answer is %+v", answer)
	}
	if wait := defaultPace().deferAfter; wait >= 2500*time.Millisecond {
		t.Errorf("a command is deferred after %s, and Discord gives up after 3 s", wait)
	}
}

func TestAFailingCommandSaysWhatAMemberMayKnow(t *testing.T) {
	for name, c := range map[string]struct {
		handle func(context.Context, Interaction) (Reply, error)
		want   string
	}{
		"public": {func(context.Context, Interaction) (Reply, error) {
			return Reply{}, fault.New(fault.Forbidden, "You may not.")
		}, "You may not."},
		"internal": {func(context.Context, Interaction) (Reply, error) { return Reply{}, errors.New("secret detail") }, ourMistake},
		"panic":    {func(context.Context, Interaction) (Reply, error) { panic("secret detail") }, ourMistake},
	} {
		t.Run(name, func(t *testing.T) {
			sim := discord(t)
			_, channel, ada := harbour(sim)
			r := start(t, sim, nil, withCommands(Command{Name: "guildwatch fail", Description: "x", Handle: c.handle}))
			registered(t, sim)
			answer, err := sim.WaitAnswer(within(t), sim.RunCommand(channel, ada, "guildwatch fail"))
			if err != nil {
				t.Fatal(err)
			}
			if got := dataOf(t, answer.Data).Content; got != c.want {
				t.Errorf("the member reads %q", got)
			}
			if run := waitEvents[moderation.CommandRun](t, r, 1)[0]; run.OK {
				t.Error("the run counts as a success")
			}
		})
	}
}

func TestCommandsAreWrittenOnlyWhenTheyDiffer(t *testing.T) {
	sim := discord(t)
	guild, _, _ := harbour(sim)
	handle := func(context.Context, Interaction) (Reply, error) { return Reply{}, nil }
	list := []Command{
		{Name: "guildwatch stats", Description: "one", Handle: handle},
		{Name: "guildwatch raid off", Description: "two", Handle: handle, Needs: moderation.PermManageGuild},
		{Name: "warn", Description: "three", Handle: handle, Options: []CommandOption{
			{Name: "member", Description: "whom", Kind: OptionUser, Required: true}, {Name: "where", Description: "x", Kind: OptionChannel}, {Name: "why", Description: "reason", Kind: OptionText, Choices: []string{"a", "b"}},
		}},
		{Kind: MemberMenu, Name: "Warn", Handle: handle, Needs: moderation.PermModerateMembers},
		{Kind: MessageMenu, Name: "Report to moderators", Handle: handle},
	}
	writes := func() (n int) {
		for _, request := range sim.Requests() {
			if request.Method == "PUT" && strings.HasPrefix(request.Path, "/applications/") {
				n++
			}
		}
		return n
	}
	for round, want := range []int{1, 1, 2} {
		if round == 2 {
			list[0].Description = "changed"
		}
		r := start(t, sim, nil, withCommands(list...))
		r.wait(t, StateConnected)
		if _, err := sim.WaitRequests(within(t), round+1, discordsim.To("GET", "/applications/"+sim.ApplicationID().String()+"/commands")); err != nil {
			t.Fatal(err)
		}
		if round != 1 { // what is not written cannot be waited for; stop ends what is under way
			if _, err := sim.WaitRequests(within(t), want, discordsim.To("PUT", "/applications/")); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.stop(); err != nil {
			t.Fatal(err)
		}
		if n := writes(); n != want {
			t.Fatalf("round %d: %d writes, want %d", round, n, want)
		}
	}
	if len(sim.Commands(0)) != 4 || len(sim.Commands(guild)) != 0 {
		t.Errorf("registered: %+v", sim.Commands(0))
	}
}

func TestOptionsReachTheCommandAsText(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	got := make(chan Interaction, 1)
	start(t, sim, nil, withCommands(Command{
		Name: "guildwatch raid off", Description: "x",
		Options: []CommandOption{{Name: "n", Description: "x", Kind: OptionNumber}, {Name: "who", Description: "x", Kind: OptionUser}},
		Handle: func(_ context.Context, use Interaction) (Reply, error) {
			got <- use
			return Reply{Text: "ok", Public: true}, nil
		},
	}))
	registered(t, sim)
	id := sim.RunCommand(channel, ada, "guildwatch raid off",
		discordsim.Option{Name: "n", Type: 4, Value: 1234567}, discordsim.Option{Name: "who", Type: 6, Value: ada.String()})
	use := <-got
	if use.Options["n"] != "1234567" || use.Options["who"] != ada.String() || use.Member.ID != ada || use.Permissions == 0 || use.Locale != "en-US" {
		t.Errorf("the use is %+v", use)
	}
	if answer, err := sim.WaitAnswer(within(t), id); err != nil || answer.Ephemeral {
		t.Errorf("the answer is %+v, %v", answer, err)
	}
}

func TestLongRepliesAreCut(t *testing.T) {
	if got := cut(strings.Repeat("ä", 2001), 2000); len([]rune(got)) != 2000 || !strings.HasSuffix(got, "…") {
		t.Errorf("%d characters", len([]rune(got)))
	}
	if got := cut(strings.Repeat("ä", 2000), 2000); len([]rune(got)) != 2000 || strings.HasSuffix(got, "…") {
		t.Errorf("a text that fits was cut to %d", len([]rune(got)))
	}
}

// No token and no interaction token may reach the log, whatever goes wrong.
func TestTheLogHoldsNoSecret(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	release := make(chan struct{})
	r := start(t, sim, nil, withCommands(Command{Name: "guildwatch stats", Description: "x", Handle: func(context.Context, Interaction) (Reply, error) {
		<-release
		return Reply{Text: "x"}, nil
	}}))
	registered(t, sim)
	fails := []discordsim.Failure{
		{Times: 1, Path: "/interactions/", Reset: true}, {Times: 1, Path: "/interactions/", Status: 500}, {Times: 1, Path: "/interactions/", Status: 404, Code: 10062},
		{Times: 1, Path: "/interactions/", Status: 401}, {Times: 1, Path: "/users/", Status: 401}, {Times: discordsim.Always, Path: "/users/", Reset: true},
	}
	sim.Set(func(k *discordsim.Knobs) { k.Failures = fails })
	var secrets []string
	close(release)
	for range 4 {
		use, _ := sim.InteractionByID(sim.RunCommand(channel, ada, "guildwatch stats"))
		secrets = append(secrets, use.Token)
	}
	waitEvents[moderation.CommandRun](t, r, 4)
	for range 2 {
		_, err := r.FetchUser(within(t), ada)
		if err == nil {
			t.Fatal("the failure was not served")
		}
		r.log.Error("shown", "err", err)
	}
	sim.RawFrame([]byte(`{"op":0,"t":"INTERACTION_CREATE","s":"x","d":{"token":"canary-token","type":2}`))
	sim.Disconnect(4000)
	r.wait(t, StateConnected)
	if err := r.stop(); err != nil {
		t.Fatal(err)
	}
	log := r.logged.String()
	if !strings.Contains(log, "did not reach Discord") {
		t.Fatalf("nothing went wrong:\n%s", log)
	}
	for _, secret := range append(secrets, sim.Token(), "canary-token", "Authorization") {
		if secret == "" || strings.Contains(log, secret) {
			t.Errorf("%.10q is in the log:\n%s", secret, log)
		}
	}
}
