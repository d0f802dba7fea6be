package discordsim

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"guildwatch/internal/snowflake"
)

// Options are what stays the same for the life of a Sim. The zero value is fit for use.
type Options struct {
	Token         string                  // the bot's token; made up when empty
	ClientSecret  string                  // for OAuth2; made up when empty
	ApplicationID snowflake.ApplicationID // made up when zero; the bot's user id is the same number, as on Discord
	BotName       string                  // "guildwatch" when empty
	Owner         snowflake.UserID        // who owns the application; made up when zero
	Clock         func() time.Time        // time.Now when nil; ids, timestamps and limits follow it
	Seed          uint64                  // of session ids and tokens
	Keep          int                     // messages and audit entries kept for each channel and guild; 500 when zero
	Logger        *slog.Logger            // silent when nil
}

// Sim is one Discord: its users and guilds, the sessions of the one bot, and the record of what that bot asked for. All
// methods may be called from any goroutine.
type Sim struct {
	opt    Options
	routes *http.ServeMux
	log    *slog.Logger

	mu        sync.Mutex // guards everything below; never held while writing to a socket
	random    *rand.Rand
	lastID    int64
	knobs     Knobs
	world     world
	sessions  map[string]*session
	conns     map[*conn]struct{}
	scratch   []byte // for encoding an event, which each session copies
	limits    limits
	oauth     grants
	oauthUser snowflake.UserID // whom the authorize page takes its visitor for
	starts    startBudget
	record    record

	addr    string // host:port, once listening
	server  *http.Server
	closed  bool
	running sync.WaitGroup // grows only under mu and before closed, so that Wait sees all
}

// New makes a Discord with nobody in it but the bot and its owner. It listens nowhere until Start.
func New(opt Options) *Sim {
	if opt.Clock == nil {
		opt.Clock = time.Now
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	if opt.Keep == 0 {
		opt.Keep = 500
	}
	if opt.BotName == "" {
		opt.BotName = "guildwatch"
	}
	random := rand.New(rand.NewPCG(opt.Seed, 0x6775696c64)) // #nosec G404 -- the same seed makes the same Discord
	s := &Sim{
		opt: opt, log: opt.Logger, random: random, knobs: defaultKnobs(),
		sessions: map[string]*session{}, conns: map[*conn]struct{}{},
	}
	s.world = newWorld()
	s.limits = newLimits()
	s.oauth = newGrants()
	if s.opt.Owner == 0 {
		s.opt.Owner = newID[snowflake.UserID](s)
	}
	if s.opt.ApplicationID == 0 {
		s.opt.ApplicationID = newID[snowflake.ApplicationID](s)
	}
	if s.opt.Token == "" {
		s.opt.Token = s.secret(24) + "." + s.secret(6) + "." + s.secret(38)
	}
	if s.opt.ClientSecret == "" {
		s.opt.ClientSecret = s.secret(32)
	}
	s.putUser(User{ID: s.opt.Owner, Username: "owner", GlobalName: "Owner"})
	s.putUser(User{ID: s.BotID(), Username: opt.BotName, Discriminator: "0001", Bot: true})
	s.routes = s.router()
	return s
}

// Start listens on addr, which must be of the loopback interface, such as "127.0.0.1:0".
func (s *Sim) Start(addr string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("discordsim: %w", err)
	}
	if tcp, ok := listener.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return errors.Join(fmt.Errorf("discordsim: %s is not a loopback address", addr), listener.Close())
	}
	server := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addr, s.server = listener.Addr().String(), server
	s.running.Go(func() {
		if err := server.Serve(corkListener{listener}); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("the stand-in stopped listening", "err", err)
		}
	})
	return nil
}

// Close ends all connections without a word, as a machine that dies does, and waits for the goroutines.
func (s *Sim) Close() error {
	s.mu.Lock()
	server := s.server
	s.closed = true
	for c := range s.conns {
		c.drop()
	}
	s.mu.Unlock()
	var err error
	if server != nil {
		err = server.Close()
	}
	s.running.Wait()
	return err
}

// URL is the base of the REST API up to and including "/api", without a version.
func (s *Sim) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return "http://" + s.addr + "/api"
}

// GatewayURL is where the gateway listens, as GET /gateway tells it.
func (s *Sim) GatewayURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gatewayURL()
}

func (s *Sim) gatewayURL() string { return "ws://" + s.addr + "/gateway" }

// Token is the bot's token, without the word "Bot". It changes when the day's IDENTIFYs are used up.
func (s *Sim) Token() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opt.Token
}

// ClientSecret is the application's OAuth2 secret.
func (s *Sim) ClientSecret() string { return s.opt.ClientSecret }

// ApplicationID names the application whose bot connects.
func (s *Sim) ApplicationID() snowflake.ApplicationID { return s.opt.ApplicationID }

// BotID names the bot's user.
func (s *Sim) BotID() snowflake.UserID { return snowflake.UserID(s.opt.ApplicationID) }

// OwnerID names the user who owns the application.
func (s *Sim) OwnerID() snowflake.UserID { return s.opt.Owner }

// ServeHTTP answers the gateway at /gateway and everything else as Discord's API does.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	offline := s.knobs.Offline
	s.mu.Unlock()
	switch {
	case offline:
		cut(w)
	case strings.Trim(r.URL.Path, "/") == "gateway":
		s.serveGateway(w, r)
	default:
		s.serveREST(w, r)
	}
}

// Now is the stand-in's time, in UTC.
func (s *Sim) Now() time.Time { return s.opt.Clock().UTC() }

// newID makes the next identifier: of the clock's millisecond, and above all made before.
func newID[T snowflake.ID](s *Sim) T {
	id := snowflake.At[snowflake.MessageID](s.Now(), 0)
	s.lastID = max(s.lastID+1, int64(id))
	return T(s.lastID)
}

// secret makes n characters of the kind that Discord's tokens are made of.
func (s *Sim) secret(n int) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	text := make([]byte, n)
	for i := range text {
		text[i] = letters[s.random.IntN(len(letters))]
	}
	return string(text)
}

// pause waits for d of real time, or less when ctx ends.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
