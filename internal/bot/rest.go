package bot

import (
	"context"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/snowflake"
)

// sessionUses is after how many requests discordgo's session is replaced: it keeps a bucket for each path for ever.
const sessionUses = 4096

// rest asks Discord's REST API. Nothing is retried here: who asks knows whether that is safe.
type rest struct {
	token   string
	calls   *transport
	replies *discordgo.Session // for answers to interactions: without the token, replaced with the other

	answers *transport

	mu      sync.Mutex
	session *discordgo.Session
	uses    int
}

func newREST(apiURL, token string) (*rest, error) {
	calls, answers, err := newTransport(apiURL)
	if err != nil {
		return nil, err
	}
	return &rest{token: token, calls: calls, answers: answers}, nil
}

// idle closes connections that nobody uses; the next request opens a new one.
func (r *rest) idle() { r.calls.client().CloseIdleConnections() }

// both are the sessions to use for the next request.
func (r *rest) both() (calls, answers *discordgo.Session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.session == nil || r.uses >= sessionUses {
		r.session, r.replies, r.uses = newSession("Bot "+r.token, r.calls), newSession("", r.answers), 0
	}
	r.uses++
	return r.session, r.replies
}

// newSession makes discordgo send and parse, and nothing else: no state, no retries, no waiting.
func newSession(token string, t *transport) *discordgo.Session {
	s, _ := discordgo.New(token) // its error is always nil
	s.Client = t.client()
	s.UserAgent = userAgent
	s.StateEnabled = false
	s.State = nil
	s.MaxRestRetries = 0
	s.ShouldRetryOnRateLimit = false
	return s
}

func (r *rest) call(ctx context.Context) (*discordgo.Session, discordgo.RequestOption) {
	s, _ := r.both()
	return s, discordgo.WithContext(ctx)
}

// get reads what discordgo has no type for.
func (r *rest) get(ctx context.Context, path string, into any) error {
	data, err := r.raw(ctx, path)
	if err != nil {
		return err
	}
	return explain(decode(data, into))
}

// raw reads what the lanes decode.
func (r *rest) raw(ctx context.Context, path string) ([]byte, error) {
	s, with := r.call(ctx)
	data, err := s.Request("GET", discordgo.EndpointAPI+path, nil, with)
	return data, explain(err)
}

// door is where the gateway is and whether it lets the bot in.
type door struct {
	url        string
	remaining  int // sessions that may still be started
	resetAfter time.Duration
}

func (r *rest) gateway(ctx context.Context) (door, error) {
	s, with := r.call(ctx)
	answer, err := s.GatewayBot(with)
	if err != nil {
		return door{}, explain(err)
	}
	limit := answer.SessionStartLimit
	reset := time.Duration(limit.ResetAfter) * time.Millisecond
	return door{url: answer.URL, remaining: limit.Remaining, resetAfter: reset}, nil
}

// Identity is who the token belongs to.
type Identity struct {
	Application snowflake.ApplicationID
	Bot         snowflake.UserID
	Name        string
	Owners      []snowflake.UserID // who owns the application: one user, or a team's accepted members
	Flags       int                // Discord's bits of the application
	Redirects   []string           // to where OAuth2 may send people back
}

// Missing lists the privileged intents that the application has not switched on.
func (i Identity) Missing() []Missing {
	var list []Missing
	for _, p := range privileged {
		if i.Flags&p.flags == 0 {
			list = append(list, p.missing)
		}
	}
	return list
}

// teamAccepted is the state of a member who has accepted the invitation to a team.
const teamAccepted = 2

func (r *rest) identity(ctx context.Context) (Identity, error) {
	var app struct {
		ID    id        `json:"id"`
		Name  string    `json:"name"`
		Flags int       `json:"flags"`
		Back  []string  `json:"redirect_uris"`
		Bot   *wireUser `json:"bot"`
		Owner *wireUser `json:"owner"`
		Team  *struct {
			Members []struct {
				State int       `json:"membership_state"`
				User  *wireUser `json:"user"`
			} `json:"members"`
		} `json:"team"`
	}
	if err := r.get(ctx, "applications/@me", &app); err != nil {
		return Identity{}, err
	}
	me := Identity{Application: snowflake.ApplicationID(app.ID), Name: app.Name, Flags: app.Flags, Redirects: app.Back,
		Bot: app.Bot.user().ID}
	if me.Bot == 0 {
		user, err := r.user(ctx, "@me")
		if err != nil {
			return Identity{}, err
		}
		me.Bot = user.ID
	}
	if app.Team == nil && app.Owner != nil {
		me.Owners = []snowflake.UserID{app.Owner.user().ID}
	}
	if app.Team != nil {
		for _, m := range app.Team.Members {
			if m.State == teamAccepted && m.User != nil {
				me.Owners = append(me.Owners, m.User.user().ID)
			}
		}
	}
	return me, nil
}
