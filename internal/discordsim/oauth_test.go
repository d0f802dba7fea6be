package discordsim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// visit opens a page as a browser that follows no redirect.
func visit(t *testing.T, address string) (*http.Response, string) {
	t.Helper()
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(within(t), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// form posts to an OAuth2 endpoint with the application's credentials.
func form(t *testing.T, s *Sim, path string, values url.Values) (int, map[string]any) {
	t.Helper()
	values.Set("client_id", s.ApplicationID().String())
	if !values.Has("client_secret") {
		values.Set("client_secret", s.ClientSecret())
	}
	r, err := http.NewRequestWithContext(within(t), "POST", s.URL()+path, strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

func asBearer(t *testing.T, s *Sim, token, path string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(within(t), "GET", s.URL()+"/v10"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(body)
}

const verifier, redirect = "a-verifier-of-sufficient-length-0123456789abc", "http://localhost/callback?x=1"

// consent asks as the application does and returns where the browser is sent, with PKCE.
func consent(t *testing.T, s *Sim, change url.Values) (*http.Response, url.Values, string) {
	t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"client_id": {s.ApplicationID().String()}, "redirect_uri": {redirect}, "response_type": {"code"}, "state": {"st"},
		"scope": {"identify guilds"}, "code_challenge_method": {"S256"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])},
	}
	for name, values := range change {
		query[name] = values
	}
	response, body := visit(t, s.AuthorizeURL()+"?"+query.Encode())
	to, err := url.Parse(response.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return response, to.Query(), body
}

// codeExchange is the form by which the application turns its code into a token.
func codeExchange(back url.Values) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {back.Get("code")}, "redirect_uri": {redirect},
		"code_verifier": {verifier},
	}
}

func TestSignInByOAuth(t *testing.T) {
	s := start(t, Options{})
	guild, post := harbour(s)
	s.AuthorizeAs(post.Author)
	_, back, _ := consent(t, s, nil)
	if back.Get("state") != "st" || back.Get("x") != "1" || back.Get("code") == "" {
		t.Fatalf("sent back with %v", back)
	}
	exchange := codeExchange(back)
	status, token := form(t, s, "/v10/oauth2/token", exchange)
	if status != 200 || token["token_type"] != "Bearer" || token["scope"] != "identify guilds" {
		t.Fatal(status, token)
	}
	if status, answer := form(t, s, "/oauth2/token", exchange); status != 400 || answer["error"] != "invalid_grant" {
		t.Errorf("the code worked twice: %d %v", status, answer)
	}
	access := token["access_token"].(string)
	if status, me := asBearer(t, s, access, "/users/@me"); status != 200 || !strings.Contains(me, `"username":"ada"`) {
		t.Error(status, me)
	}
	status, guilds := asBearer(t, s, access, "/users/@me/guilds")
	if status != 200 || !strings.Contains(guilds, guild.ID.String()) {
		t.Error(status, guilds)
	}
	if status, _ := asBearer(t, s, access, "/guilds/"+guild.ID.String()); status != 401 {
		t.Errorf("a bearer read a guild: %d", status)
	}
	status, fresh := form(t, s, "/oauth2/token", url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {token["refresh_token"].(string)},
	})
	if status != 200 {
		t.Fatal(status, fresh)
	}
	if status, _ := asBearer(t, s, access, "/users/@me"); status != 401 {
		t.Error("the old token still works after a refresh")
	}
	access = fresh["access_token"].(string)
	if status, answer := form(t, s, "/oauth2/token/revoke", url.Values{"token": {access}}); status != 200 {
		t.Error(status, answer)
	}
	if status, _ := asBearer(t, s, access, "/users/@me"); status != 401 {
		t.Error("a revoked token works")
	}
}

func TestOAuthRefusals(t *testing.T) {
	s := start(t, Options{})
	s.AuthorizeAs(s.OwnerID())
	_, back, _ := consent(t, s, url.Values{"deny": {"1"}})
	if back.Get("error") != "access_denied" || back.Get("state") != "st" {
		t.Errorf("denied: %v", back)
	}
	if response, _, _ := consent(t, s, url.Values{"client_id": {"1"}}); response.StatusCode != 400 {
		t.Errorf("another application: %d", response.StatusCode)
	}
	for name, change := range map[string]url.Values{
		"verifier": {"code_verifier": {"wrong"}}, "redirect": {"redirect_uri": {"http://localhost/"}},
		"secret": {"client_secret": {"wrong"}}, "grant": {"grant_type": {"password"}},
	} {
		_, back, _ := consent(t, s, nil)
		exchange := codeExchange(back)
		for field, values := range change {
			exchange[field] = values
		}
		if status, answer := form(t, s, "/oauth2/token", exchange); status < 400 || answer["error"] == nil {
			t.Errorf("wrong %s: %d %v", name, status, answer)
		}
	}
}

func TestOnlyRegisteredAddressesAreReturnedTo(t *testing.T) {
	s := start(t, Options{})
	s.AuthorizeAs(s.OwnerID())
	for registered, want := range map[string]int{redirect: 302, redirect + "/": 400, "http://localhost/callback": 400} {
		s.Set(func(k *Knobs) { k.Redirects = []string{"https://other.example/", registered} })
		if response, _, _ := consent(t, s, nil); response.StatusCode != want {
			t.Errorf("registered %s: %d, want %d", registered, response.StatusCode, want)
		}
	}
}

func TestAUserWhoDenies(t *testing.T) {
	s := start(t, Options{})
	s.AuthorizeAs(s.OwnerID())
	s.Set(func(k *Knobs) { k.DenyAuthorize = true })
	if _, back, _ := consent(t, s, nil); back.Get("error") != "access_denied" || back.Has("code") {
		t.Errorf("sent back with %v", back)
	}
}

func TestAnExchangeThatFailsOrIsLate(t *testing.T) {
	s := start(t, Options{})
	s.AuthorizeAs(s.OwnerID())
	_, back, _ := consent(t, s, nil)
	s.Set(func(k *Knobs) { k.Failures = []Failure{{Times: 1, Path: "/oauth2/token", Status: 502, Body: "{}"}} })
	if status, _ := form(t, s, "/v10/oauth2/token", codeExchange(back)); status != 502 {
		t.Errorf("a failing Discord: %d", status)
	}
	if status, _ := form(t, s, "/v10/oauth2/token", codeExchange(back)); status != 200 {
		t.Errorf("the code was spent by a failure: %d", status)
	}
	s.Set(func(k *Knobs) { k.CodesLive = time.Nanosecond })
	_, back, _ = consent(t, s, nil)
	if status, _ := form(t, s, "/v10/oauth2/token", codeExchange(back)); status != 400 {
		t.Errorf("a late code: %d", status)
	}
}

func TestTokensEnd(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := start(t, Options{Clock: func() time.Time { return now }})
	s.AuthorizeAs(s.OwnerID())
	_, back, _ := consent(t, s, nil)
	exchange := codeExchange(back)
	now = now.Add(2 * time.Minute)
	if status, _ := form(t, s, "/oauth2/token", exchange); status != 400 {
		t.Errorf("an old code: %d", status)
	}
}

func TestOneChoosesWhoOneIs(t *testing.T) {
	s := start(t, Options{})
	s.AddUser(User{ID: 77, Username: `<script>"ada"`})
	response, _, page := consent(t, s, nil)
	if response.StatusCode != 200 || strings.Contains(page, "<script>") || !strings.Contains(page, "as=77") {
		t.Errorf("%d %s", response.StatusCode, page)
	}
	if _, back, _ := consent(t, s, url.Values{"as": {"77"}}); back.Get("code") == "" {
		t.Errorf("sent back with %v", back)
	}
}
