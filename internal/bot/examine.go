package bot

import (
	"context"
	"strconv"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// Inspector asks Discord's REST API about a token, without connecting to the gateway: what `guildwatch doctor` needs.
type Inspector struct{ rest *rest }

// NewInspector makes one; apiURL goes up to and including "/api".
func NewInspector(apiURL, token string) (*Inspector, error) {
	rest, err := newREST(apiURL, token)
	if err != nil {
		return nil, err
	}
	return &Inspector{rest}, nil
}

// Identity asks whose token this is, who owns the application, and which privileged intents are on.
func (i *Inspector) Identity(ctx context.Context) (Identity, error) { return i.rest.identity(ctx) }

// Place is a guild as its list of guilds shows it to the bot.
type Place struct {
	ID          snowflake.GuildID
	Name        string
	Permissions moderation.Permissions // the bot's own, in the whole guild
}

// placesAtOnce is Discord's limit for one page of the list.
const placesAtOnce = 200

// Places lists the guilds that the bot is in.
func (i *Inspector) Places(ctx context.Context) ([]Place, error) {
	var places []Place
	for after := id(0); ; {
		var page []struct {
			ID          id     `json:"id"`
			Name        string `json:"name"`
			Permissions bits   `json:"permissions"`
		}
		query := "users/@me/guilds?limit=" + strconv.Itoa(placesAtOnce) + "&after=" + digitsOf(after)
		if err := i.rest.get(ctx, query, &page); err != nil {
			return nil, err
		}
		last := after
		for _, one := range page {
			places = append(places, Place{snowflake.GuildID(one.ID), one.Name, moderation.Permissions(one.Permissions)})
			after = max(after, one.ID)
		}
		if len(page) < placesAtOnce || after == last {
			return places, nil
		}
	}
}

// Skew is by how much Discord's clock was ahead of this machine's at the last answer, to about a second; 0 before the
// first.
func (i *Inspector) Skew() time.Duration { return time.Duration(i.rest.calls.skew.Load()) }
