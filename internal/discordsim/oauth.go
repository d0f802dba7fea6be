package discordsim

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"guildwatch/internal/snowflake"
)

// bearerLives is how long tokens of OAuth2 live.
const bearerLives = 7 * 24 * time.Hour

// grants are the OAuth2 codes and tokens given out.
type grants struct {
	codes     map[string]*bearer
	tokens    map[string]*bearer
	refreshes map[string]*bearer
}

// bearer is what a user allowed the application.
type bearer struct {
	user      snowflake.UserID
	scopes    []string
	redirect  string
	challenge string // of PKCE, S256; empty when there was none
	expires   time.Time
	token     string
	refresh   string
}

func newGrants() grants {
	return grants{codes: map[string]*bearer{}, tokens: map[string]*bearer{}, refreshes: map[string]*bearer{}}
}

func (g grants) byToken(token string, now time.Time) *bearer {
	if b := g.tokens[token]; b != nil && now.Before(b.expires) {
		return b
	}
	return nil
}

func (g grants) drop(b *bearer) {
	delete(g.tokens, b.token)
	delete(g.refreshes, b.refresh)
}

func (b *bearer) has(scope string) bool { return slices.Contains(b.scopes, scope) }

// AuthorizeURL is where a browser is sent to ask a user, without parameters.
func (s *Sim) AuthorizeURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return "http://" + s.addr + "/oauth2/authorize"
}

// AuthorizeAs makes the authorize page approve at once as this user; 0 shows a choice of users again, and a parameter
// "as" with a user's id always decides.
func (s *Sim) AuthorizeAs(user snowflake.UserID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.oauthUser = user
}

// authorize answers the browser. Discord shows errors of the application itself as a page; all else goes back to it.
func authorize(c *call) answer {
	s, query := c.sim, c.URL.Query()
	redirect, err := url.Parse(query.Get("redirect_uri"))
	switch {
	case query.Get("client_id") != s.opt.ApplicationID.String():
		return answer{status: http.StatusBadRequest, body: page("<p>Unknown Application</p>")}
	case err != nil || redirect.Host == "", !s.registered(query.Get("redirect_uri")):
		return answer{status: http.StatusBadRequest, body: page("<p>Invalid OAuth2 redirect_uri</p>")}
	case query.Get("response_type") != "code":
		return back(redirect, query, "error", "unsupported_response_type")
	case query.Get("code_challenge") != "" && query.Get("code_challenge_method") != "S256":
		return back(redirect, query, "error", "invalid_request")
	case query.Get("deny") != "", s.knobs.DenyAuthorize:
		return back(redirect, query, "error", "access_denied")
	}
	as := s.oauthUser
	if id := queryID[snowflake.UserID](c, "as"); id != 0 {
		as = id
	}
	if s.world.users[as] == nil {
		return answer{status: http.StatusOK, body: s.choice(c.URL)}
	}
	code := s.secret(30)
	s.oauth.codes[code] = &bearer{
		user: as, scopes: strings.Fields(query.Get("scope")), redirect: query.Get("redirect_uri"),
		challenge: query.Get("code_challenge"), expires: s.Now().Add(s.knobs.CodesLive),
	}
	return back(redirect, query, "code", code)
}

// registered says whether the application may be returned to at this address, to the letter.
func (s *Sim) registered(redirect string) bool {
	return len(s.knobs.Redirects) == 0 || slices.Contains(s.knobs.Redirects, redirect)
}

// back redirects to the application with its state.
func back(to *url.URL, query url.Values, name, value string) answer {
	values := to.Query()
	values.Set(name, value)
	if state := query.Get("state"); state != "" {
		values.Set("state", state)
	}
	target := *to
	target.RawQuery = values.Encode()
	return answer{status: http.StatusFound, header: http.Header{"Location": {target.String()}}}
}

// choice is the page on which one picks who one is: the first hundred people.
func (s *Sim) choice(at *url.URL) page {
	var b strings.Builder
	b.WriteString("<!doctype html><title>Authorize</title><h1>Sign in to the stand-in as</h1><ul>")
	shown := 0
	for _, user := range byID(s.world.users) {
		if user.Bot || shown == 100 {
			continue
		}
		shown++
		query := at.Query()
		query.Set("as", user.ID.String())
		fmt.Fprintf(&b, `<li><a href="?%s">%s</a></li>`, html.EscapeString(query.Encode()), html.EscapeString(user.Username))
	}
	b.WriteString("</ul>")
	return page(b.String())
}

// oauthError is a refusal in OAuth2's own form.
func oauthError(status int, code, description string) answer {
	return answer{status: status, body: map[string]string{"error": code, "error_description": description}}
}

// client checks who asks: the application's id and secret, in the form or as basic authentication.
func (c *call) client() (url.Values, *answer) {
	form, err := url.ParseQuery(string(c.body))
	id, secret, basic := c.BasicAuth()
	if !basic {
		id, secret = form.Get("client_id"), form.Get("client_secret")
	}
	if err != nil || id != c.sim.opt.ApplicationID.String() || secret != c.sim.opt.ClientSecret {
		refused := oauthError(http.StatusUnauthorized, "invalid_client", "Invalid client credentials.")
		return nil, &refused
	}
	return form, nil
}

// postToken exchanges a code, once, or a refresh token.
func postToken(c *call) answer {
	form, refused := c.client()
	if refused != nil {
		return *refused
	}
	s := c.sim
	var b *bearer
	switch form.Get("grant_type") {
	case "authorization_code":
		b = s.oauth.spend(form, s.Now())
	case "refresh_token":
		if b = s.oauth.refreshes[form.Get("refresh_token")]; b != nil {
			s.oauth.drop(b)
		}
	default:
		return oauthError(http.StatusBadRequest, "unsupported_grant_type", "Grant type not supported.")
	}
	if b == nil {
		return oauthError(http.StatusBadRequest, "invalid_grant", "Invalid \"code\" in request.")
	}
	fresh := *b
	fresh.token, fresh.refresh, fresh.expires = s.secret(30), s.secret(30), s.Now().Add(bearerLives)
	s.oauth.tokens[fresh.token], s.oauth.refreshes[fresh.refresh] = &fresh, &fresh
	return ok(map[string]any{
		"token_type": "Bearer", "access_token": fresh.token, "expires_in": int(bearerLives.Seconds()),
		"refresh_token": fresh.refresh, "scope": strings.Join(fresh.scopes, " "),
	})
}

// spend takes a code, which works once and only with the redirect and the verifier that belong to it.
func (g grants) spend(form url.Values, now time.Time) *bearer {
	b := g.codes[form.Get("code")]
	delete(g.codes, form.Get("code"))
	if b == nil || !now.Before(b.expires) || b.redirect != form.Get("redirect_uri") ||
		!b.proves(form.Get("code_verifier")) {
		return nil
	}
	return b
}

// proves checks the verifier of PKCE against the challenge.
func (b *bearer) proves(verifier string) bool {
	if b.challenge == "" {
		return true
	}
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:]) == b.challenge
}

// postRevoke ends a token, known or not.
func postRevoke(c *call) answer {
	form, refused := c.client()
	if refused != nil {
		return *refused
	}
	for _, known := range []map[string]*bearer{c.sim.oauth.tokens, c.sim.oauth.refreshes} {
		if b := known[form.Get("token")]; b != nil {
			c.sim.oauth.drop(b)
		}
	}
	return ok(struct{}{})
}

// getAuthorization is GET /oauth2/@me: what the bearer of a token may do.
func getAuthorization(c *call) answer {
	if c.grant == nil {
		return fail(http.StatusUnauthorized, 0, "401: Unauthorized")
	}
	return ok(map[string]any{
		"application": map[string]any{"id": c.sim.opt.ApplicationID, "name": c.sim.opt.BotName}, "scopes": c.grant.scopes,
		"expires": c.grant.expires, "user": c.user,
	})
}
