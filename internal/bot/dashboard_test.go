package bot

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"guildwatch/internal/discordsim"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

const signIn = "https://guild.example/sign-in/link/AbC"

// linking is a dashboard command that gives everybody the same link.
func linking(_ context.Context, _ snowflake.GuildID, m moderation.Member) (Reply, error) {
	button := Button{Label: "Open the dashboard", URL: signIn}
	return Reply{Text: "For " + Plain(m.Display()), Button: button, Public: true}, nil
}

// asked runs the command and gives the answer.
func asked(
	t *testing.T, sim *discordsim.Sim, channel snowflake.ChannelID, user snowflake.UserID,
) discordsim.Interaction {
	t.Helper()
	use, err := sim.WaitAnswer(within(t), sim.RunCommand(channel, user, "guildwatch dashboard"))
	if err != nil {
		t.Fatal(err)
	}
	return use
}

func TestTheDashboardsLinkIsForWhoAskedAlone(t *testing.T) {
	for name, wait := range map[string]time.Duration{"at once": time.Hour, "deferred": time.Nanosecond} {
		t.Run(name, func(t *testing.T) {
			sim := discord(t)
			guild, channel, ada := harbour(sim)
			role := sim.AddRole(guild, sim.OwnerID(), discordsim.Role{Name: "Helper"})
			sim.SetRoles(guild, sim.OwnerID(), ada, role)
			deferred := make(chan struct{})
			start(t, sim, nil, func(o *Options) { o.pace.deferAfter = wait },
				withCommands(DashboardCommand(func(ctx context.Context, g snowflake.GuildID, m moderation.Member) (Reply, error) {
					if g != guild || m.ID != ada || len(m.Roles) != 1 || m.Roles[0] != role {
						t.Errorf("asked for %+v of %d", m, g)
					}
					if name == "deferred" {
						<-deferred
					}
					return linking(ctx, g, m)
				})))
			registered(t, sim)
			id := sim.RunCommand(channel, ada, "guildwatch dashboard")
			if name == "deferred" {
				if _, err := sim.WaitRequest(within(t), discordsim.To("POST", "/interactions/")); err != nil {
					t.Fatal(err)
				}
				close(deferred)
			}
			use, err := sim.WaitAnswer(within(t), id)
			if err != nil {
				t.Fatal(err)
			}
			buttons := use.Original.Buttons()
			if !use.Ephemeral || use.Original.Ephemeral != ada || use.Original.Text != "For Ada" {
				t.Errorf("the answer is %+v", use.Original)
			}
			if len(buttons) != 1 || buttons[0].URL != signIn || buttons[0].Label != "Open the dashboard" {
				t.Errorf("its buttons are %+v", buttons)
			}
			if strings.Contains(use.Original.Text, signIn) {
				t.Error("the link stands in the text as well")
			}
		})
	}
}

func TestALinkThatIsNoButtonComesAsText(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	start(t, sim, nil, withCommands(DashboardCommand(linking)))
	registered(t, sim)
	fail(sim, discordsim.Failure{Times: 1, Path: "/interactions/", Status: 400, Code: 50035})
	use := asked(t, sim, channel, ada)
	if use.Original.Text != "For Ada\n<"+signIn+">" || len(use.Original.Buttons()) != 0 || !use.Ephemeral {
		t.Errorf("the answer is %+v", use.Original)
	}
}

func TestWhoGetsNoLinkReadsWhy(t *testing.T) {
	sim := discord(t)
	_, channel, ada := harbour(sim)
	refusals := make(chan error, 2)
	refuse := func(context.Context, snowflake.GuildID, moderation.Member) (Reply, error) {
		return Reply{Button: Button{Label: "x", URL: signIn}}, <-refusals
	}
	start(t, sim, nil, withCommands(DashboardCommand(refuse)))
	registered(t, sim)
	for want, err := range map[string]error{
		"You have no role on this dashboard.": fault.New(fault.NotFound, "You have no role on this dashboard."),
		ourMistake:                            errors.New("secret detail"),
	} {
		refusals <- err
		use := asked(t, sim, channel, ada)
		if use.Original.Text != want || len(use.Original.Buttons()) != 0 || !use.Ephemeral {
			t.Errorf("the answer is %+v, want %q", use.Original, want)
		}
	}
}

func TestTheDashboardIsRegisteredOnce(t *testing.T) {
	sim := discord(t)
	c := &commands{rest: caller(t, sim), list: map[string]Command{}}
	for _, command := range []Command{DashboardCommand(linking), StatsCommand(nil)} {
		c.list[command.Name] = command
	}
	for range 3 {
		if err := c.register(within(t)); err != nil {
			t.Fatal(err)
		}
	}
	writes := 0
	for _, request := range sim.Requests() {
		if discordsim.To("PUT", "/applications/")(request) {
			writes++
		}
	}
	list := sim.Commands(0)
	if writes != 1 || len(list) != 1 || list[0].Name != "guildwatch" || list[0].DefaultPermissions != nil {
		t.Fatalf("%d writes, registered %+v", writes, list)
	}
	for _, name := range []string{`"dashboard"`, `"stats"`} {
		if !strings.Contains(string(list[0].Options), name) {
			t.Errorf("%s is not among %s", name, list[0].Options)
		}
	}
}
