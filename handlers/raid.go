package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	core "guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/raid"
)

// raidsListed is how many raids a page of the list has.
const raidsListed = 20

// raids shows whether raid mode is on, and the raids before.
func (s *site) raids(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	before, err := rowNumber(c.QueryParam("before"))
	if err != nil {
		return err
	}
	read, err := s.readRaids(c.Request().Context(), grant.Actor(), grant.Guild(), before)
	if err != nil {
		return err
	}
	place := s.raidPlace(grant.Guild(), grant.Role(), read.profile.TimeZone, read.seq)
	switch regionOf(c) {
	case "":
		return s.showRaids(c, http.StatusOK, grant.Actor(), read, place, "")
	case string(raid.RegionNow):
		return render(c, http.StatusOK, raid.Current(read.current(place)))
	case string(raid.RegionPast):
		return render(c, http.StatusOK, raid.Before(read.past(place, before)))
	}
	return noRegion()
}

func (s *site) showRaids(
	c echo.Context, status int, actor access.Actor, read *raidsRead, place raid.Place, problem string,
) error {
	page, err := s.guildFrame(c, actor, read.profile, read.seq)
	if err != nil {
		return err
	}
	if c.Request().Method == http.MethodPost {
		page.Home = raid.URL(place.Guild)
	}
	page.Flash = raidFlash(c.QueryParam("saved"))
	now := read.current(place)
	now.Problem = problem
	return render(c, status, raid.Page(raid.View{Page: page, Now: now, Past: read.past(place, read.before)}))
}

// raidFlash says what was just done.
func raidFlash(saved string) string {
	return map[string]string{"on": "Raid mode is on.", "off": "Raid mode is off.", "pause": "A wave is expected.",
		"watch": "guildwatch watches for raids again.", "preset": "The preset is saved."}[saved]
}

func (s *site) raidPlace(guild snowflake.GuildID, role access.Role, zone string, seq int64) raid.Place {
	return raid.Place{Guild: guild, At: s.now(), Seq: seq, TimeZone: zone, Switch: access.Allows[access.SwitchRaidMode](role),
		Act: access.Allows[access.ActOnMembers](role), Set: access.Allows[access.UpdateSettings](role)}
}

// raidsRead is a part of a guild's raids and who is in them, all of one moment.
type raidsRead struct {
	names
	profile store.Profile
	newest  core.Raid // Number 0: there was none
	rows    []core.Raid
	chosen  core.Settings
	before  int64
	seq     int64
}

func (s *site) readRaids(
	ctx context.Context, actor access.Actor, guild snowflake.GuildID, before int64,
) (*raidsRead, error) {
	read, there := &raidsRead{before: before}, false
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(guild); !there {
			return
		}
		read.newest, _ = now.NewestRaid(guild)
		read.rows, read.chosen, read.seq = now.Raids(guild, before, raidsListed+1), now.RaidSettings(guild), now.Seq()
	})
	if err == nil && !there {
		err = noGuild()
	}
	if err != nil {
		return nil, err
	}
	users := []snowflake.UserID{read.newest.By, read.newest.EndedBy}
	for _, row := range read.rows {
		users = append(users, row.By, row.EndedBy)
	}
	read.names, err = s.named(ctx, actor, nil, users)
	return read, err
}

func (n names) raid(r core.Raid) raid.Raid {
	return raid.Raid{Raid: r, Starter: n.people[r.By], Ender: n.people[r.EndedBy]}
}

func (r *raidsRead) current(place raid.Place) raid.Now {
	now := raid.Now{Place: place, Chosen: r.chosen}
	if r.newest.Number != 0 && r.newest.State != core.Over {
		shown := r.raid(r.newest)
		now.Raid = &shown
	}
	return now
}

func (r *raidsRead) past(place raid.Place, before int64) raid.Past {
	past := raid.Past{Place: place}
	for i := range r.rows {
		if i == raidsListed {
			query := url.Values{"before": {strconv.FormatInt(r.rows[i-1].Number, 10)}}
			past.Older = raid.URL(place.Guild) + "?" + query.Encode()
			break
		}
		past.Rows = append(past.Rows, r.raid(r.rows[i]))
	}
	if before != 0 {
		past.Newest = raid.URL(place.Guild)
	}
	return past
}
