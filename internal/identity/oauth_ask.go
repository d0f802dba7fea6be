package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"

	"guildwatch/internal/snowflake"
)

// answerMost is more than Discord's answer for somebody in 200 guilds, the most there are.
const answerMost = 256 << 10

// exchangeRefusal says what a failed exchange of the code means. The body of the answer is left out: it may be a page.
func exchangeRefusal(err error) error {
	var told *oauth2.RetrieveError
	if !errors.As(err, &told) || told.Response == nil {
		return refuse(DiscordDown, err)
	}
	cause := fmt.Errorf("Discord answered %d %.40q to the code", told.Response.StatusCode, told.ErrorCode)
	switch {
	case told.ErrorCode == "invalid_grant":
		return refuse(CodeRefused, cause)
	case told.ErrorCode == "invalid_client" || told.Response.StatusCode == http.StatusUnauthorized:
		return refuse(SecretRefused, cause)
	}
	return refuse(DiscordDown, cause)
}

// whoIs asks whose a token is. The id is all that counts: names and addresses can be changed to somebody else's.
func (o *OAuth) whoIs(ctx context.Context, token *oauth2.Token) (snowflake.UserID, error) {
	var me struct {
		ID snowflake.UserID `json:"id"`
	}
	if err := o.ask(ctx, token, "/v10/users/@me", &me); err != nil {
		return 0, err
	}
	if me.ID == 0 {
		return 0, errors.New("Discord does not say who the token's user is")
	}
	return me.ID, nil
}

func (o *OAuth) guildsOf(ctx context.Context, token *oauth2.Token) ([]snowflake.GuildID, error) {
	var list []struct {
		ID snowflake.GuildID `json:"id"`
	}
	if err := o.ask(ctx, token, "/v10/users/@me/guilds", &list); err != nil {
		return nil, err
	}
	guilds := make([]snowflake.GuildID, 0, len(list))
	for _, one := range list {
		guilds = append(guilds, one.ID)
	}
	return guilds, nil
}

// ask gets one answer in the name of a token.
func (o *OAuth) ask(ctx context.Context, token *oauth2.Token, path string, answer any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, o.options.APIURL+path, nil)
	if err != nil {
		return err
	}
	token.SetAuthHeader(r)
	body, err := o.send(r)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, answer)
}

// giveBack ends a token at Discord. Nobody has it any more, so that it could not be ended is no failure.
func (o *OAuth) giveBack(ctx context.Context, config *oauth2.Config, token *oauth2.Token) {
	form := url.Values{"client_id": {config.ClientID},
		"client_secret": {config.ClientSecret}, "token": {token.AccessToken}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, o.options.APIURL+"/oauth2/token/revoke",
		strings.NewReader(form.Encode()))
	if err != nil {
		return
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, _ = o.send(r)
}

func (o *OAuth) send(r *http.Request) ([]byte, error) {
	response, err := o.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, answerMost))
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("Discord answered %d to %s", response.StatusCode, r.URL.Path)
	}
	return body, err
}
