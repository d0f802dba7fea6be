package identity

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"guildwatch/internal/snowflake"
)

const (
	// finishTime bounds everything that is asked of Discord while a visitor waits on the way back.
	finishTime = 8 * time.Second
	// askTime bounds one question.
	askTime = 4 * time.Second
)

// OAuthOptions is what signing in through Discord's own page stands on.
type OAuthOptions struct {
	APIURL   string // of Discord, up to and including /api
	Redirect string // where Discord sends people back to, exactly as it is registered there

	Client func() snowflake.ApplicationID            // the bot's application; 0 while it is not known
	Secret func(ctx context.Context) (string, error) // the client secret; empty: none is set. It may change
	Clock  func() time.Time                          // time.Now when nil
}

// OAuth signs people in through Discord's own page, while there is a client secret. Sign-ins under way are kept in
// memory alone: a restart asks people to begin again. All methods are safe for concurrent use.
type OAuth struct {
	options OAuthOptions
	http    *http.Client
	pending pendings
}

// NewOAuth makes an OAuth. It asks nobody yet.
func NewOAuth(options OAuthOptions) *OAuth {
	if options.Clock == nil {
		options.Clock = time.Now
	}
	return &OAuth{options: options, http: &http.Client{
		Timeout:       askTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// On says whether people can sign in this way now.
func (o *OAuth) On(ctx context.Context) bool {
	_, err := o.config(ctx)
	return err == nil
}

// Redirect is the address that has to be registered with Discord.
func (o *OAuth) Redirect() string { return o.options.Redirect }

// Departure is a sign-in that begins: where to send the browser, and what it has to keep until it comes back.
type Departure struct {
	URL    string
	Cookie string        // the value; only the browser that has it may finish
	Life   time.Duration // of the cookie
}

// Arrival is somebody who came back.
type Arrival struct {
	User   snowflake.UserID
	Guilds []snowflake.GuildID // in which Discord says they are; whether they may see one is not said by this
	Next   string              // the page that they wanted, by OwnPath
}

// Start begins a sign-in that ends on the page next. The error is a *Refusal, or what the secret's store says.
func (o *OAuth) Start(ctx context.Context, next string) (Departure, error) {
	config, err := o.config(ctx)
	if err != nil {
		return Departure{}, err
	}
	state, cookie, verifier := newToken(), newToken(), oauth2.GenerateVerifier()
	o.pending.put(pending{state: hashOf(state), cookie: hashOf(cookie), verifier: verifier, next: OwnPath(next),
		began: o.options.Clock()})
	return Departure{URL: config.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier)), Cookie: cookie,
		Life: pendingLife}, nil
}

// Finish ends a sign-in with what Discord's page sent back in the query, and the cookie of Start. The state is spent
// whatever comes of it. The token is given back to Discord before Finish returns: who somebody is, is asked once. The
// error is a *Refusal, or what the secret's store says.
func (o *OAuth) Finish(ctx context.Context, cookie string, query url.Values) (Arrival, error) {
	began, known := o.pending.take(hashOf(query.Get("state")), o.options.Clock())
	switch {
	case !known:
		return Arrival{}, refuse(StateUnknown, nil)
	case !sameHash(hashOf(cookie), began.cookie):
		return Arrival{}, refuse(StateForeign, nil)
	case query.Get("error") == "access_denied":
		return Arrival{}, refuse(Denied, nil)
	case query.Get("error") != "":
		return Arrival{}, refuse(DiscordDown, nil) // what it says could have been written by anybody
	}
	config, err := o.config(ctx)
	if err != nil {
		return Arrival{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, oauth2.HTTPClient, o.http), finishTime)
	defer cancel()
	token, err := config.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(began.verifier))
	if err != nil {
		return Arrival{}, exchangeRefusal(err)
	}
	defer o.giveBack(ctx, config, token)
	arrival := Arrival{Next: began.next}
	if arrival.User, err = o.whoIs(ctx, token); err != nil {
		return Arrival{}, refuse(DiscordDown, err)
	}
	// Without the list the person is signed in all the same: it only says where to look first.
	arrival.Guilds, _ = o.guildsOf(ctx, token)
	return arrival, nil
}

// config is the application as x/oauth2 wants it, or Off.
func (o *OAuth) config(ctx context.Context) (*oauth2.Config, error) {
	secret, err := o.options.Secret(ctx)
	if err != nil {
		return nil, err
	}
	client := o.options.Client()
	if secret == "" || client == 0 {
		return nil, refuse(Off, nil)
	}
	return &oauth2.Config{
		ClientID: snowflake.String(client), ClientSecret: secret, RedirectURL: o.options.Redirect,
		Scopes: []string{"identify", "guilds"},
		Endpoint: oauth2.Endpoint{
			AuthURL:   strings.TrimSuffix(o.options.APIURL, "/api") + "/oauth2/authorize",
			TokenURL:  o.options.APIURL + "/oauth2/token",
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}, nil
}
