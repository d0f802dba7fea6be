package main

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"guildwatch/internal/config"
	"guildwatch/internal/discordsim"
	"guildwatch/internal/loopback"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// patience bounds a wait: the race detector on two busy cores needs seconds for what takes milliseconds alone.
const patience = time.Minute

// stage is the whole program on a stand-in for Discord: one guild with a few people.
type stage struct {
	testing.TB
	sim     *discordsim.Sim
	guild   snowflake.GuildID
	channel snowflake.ChannelID
	ada     snowflake.UserID // a moderator
	bob     snowflake.UserID
	config  config.Config
	log     io.Writer // beside the test's output; may be nil
	quiet   bool      // nothing of the log is kept: for an hour it is 6 MB, which a test of memory must not count
	strict  bool      // people sign in as on a real instance; else every visitor is an owner, as in the demo
	address string
	longest time.Duration // of a wait; 0: patience
	store   *store.Store  // of the program that runs now
	stop    func() error
}

// newStage makes the stand-in; open starts the program.
func newStage(t testing.TB) *stage {
	t.Helper()
	return stageOn(t, discordsim.New(discordsim.Options{}))
}

// stageOn is newStage on a stand-in of one's own.
func stageOn(t testing.TB, sim *discordsim.Sim) *stage {
	t.Helper()
	if err := sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sim.Close() })
	s := &stage{TB: t, sim: sim}
	staff := snowflake.At[snowflake.RoleID](time.Now(), 1)
	s.ada, s.bob = sim.AddUser(discordsim.User{Username: "ada"}), sim.AddUser(discordsim.User{Username: "bob"})
	s.guild = sim.AddGuild(discordsim.Guild{Name: "Harbour", Channels: []discordsim.Channel{{Name: "general"}},
		Roles: []discordsim.Role{{ID: staff, Name: "Staff", Permissions: discordsim.PermissionsModerator}},
		Members: []discordsim.Member{{User: &discordsim.User{ID: s.ada}, Roles: []snowflake.RoleID{staff}},
			{User: &discordsim.User{ID: s.bob}}}})
	s.channel = sim.ChannelNamed(s.guild, "general")
	s.config = config.Config{Listen: loopback.Host() + ":0", Data: t.TempDir(), APIURL: sim.URL(), Token: config.NewSecret(sim.Token()),
		StreamsPerUser: 5, StreamsTotal: 100, PublicStats: true}
	return s
}

// open starts the program and waits until it answers. A second open goes on on the same address with the same data.
func (s *stage) open() {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out := s.Output()
	if s.quiet {
		out = io.Discard
	}
	log := slog.New(slog.NewTextHandler(out, nil))
	if s.log != nil {
		log = logger(s.config, io.MultiWriter(s.log, s.Output()))
	}
	address, ended, opened := make(chan string, 1), make(chan error, 1), make(chan *store.Store, 1)
	whole := program{config: s.config, log: log, started: func(a string) { address <- a },
		beside: func(_ context.Context, st *store.Store) { opened <- st }}
	if !s.strict {
		whole.demoKey = []byte("the key of this test, 32 bytes..")
	}
	go func() { ended <- run(ctx, whole) }()
	select {
	case s.address = <-address:
	case err := <-ended:
		cancel()
		s.Fatalf("the program did not start: %v", err)
	}
	s.store = <-opened
	s.config.Listen = s.address
	s.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	stop := s.stop
	s.Cleanup(func() { _ = stop() }) // or it would write into the log of a test that is over
}

// close stops the program and fails the test when it does not stop well.
func (s *stage) close() {
	s.Helper()
	began := time.Now()
	if err := s.stop(); err != nil {
		s.Errorf("the program stopped with: %v", err)
	}
	if took := time.Since(began); took > stopTime+time.Second {
		s.Errorf("the stop took %s, allowed are %s", took, stopTime)
	}
}

// connected waits until the bot is connected and the guild is on the page.
func (s *stage) connected() {
	s.Helper()
	s.until("the guild is on the overview", func() bool { return strings.Contains(s.get("/"), "Harbour") })
}

func (s *stage) page() string { return "/g/" + s.guild.String() }

// get fetches a page, whatever its status.
func (s *stage) get(path string) string {
	s.Helper()
	response, err := http.Get("http://" + s.address + path)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return string(body)
}

// until asks again and again until a condition holds. It polls, because a page is asked from outside; it never just
// sleeps.
func (s *stage) until(what string, holds func() bool) {
	s.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(cmp.Or(s.longest, patience))
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline:
			s.Fatalf("waited %s in vain until %s", patience, what)
		}
	}
}

// message is one event of a stream.
type message struct{ name, id, data string }

// stream opens a live stream and gives what arrives.
func (s *stage) stream(path string) <-chan message {
	s.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode != http.StatusOK {
		s.Fatalf("%s: %v %v", path, response, err)
	}
	messages := make(chan message, 1024)
	go func() {
		defer response.Body.Close()
		defer close(messages)
		var now message
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			field, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.TrimPrefix(value, " ")
			switch field {
			case "":
				if now.name != "" {
					messages <- now
				}
				now = message{}
			case "event":
				now.name = value
			case "id":
				now.id = value
			case "data":
				now.data += value + "\n"
			}
		}
	}()
	return messages
}

// expect reads a stream until a message fits.
func (s *stage) expect(messages <-chan message, what string, fits func(message) bool) message {
	s.Helper()
	deadline := time.After(cmp.Or(s.longest, patience))
	for {
		select {
		case m, ok := <-messages:
			if !ok {
				s.Fatalf("the stream ended before %s", what)
			}
			if fits(m) {
				return m
			}
		case <-deadline:
			s.Fatalf("waited %s in vain for %s", patience, what)
		}
	}
}
