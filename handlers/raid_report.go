package handlers

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	core "guildwatch/internal/moderation/raid"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/raid"
)

const (
	// raidMembersListed is how many members a page of the list has.
	raidMembersListed = 50
	// raidMembersKept is how many are kept of one raid.
	raidMembersKept = 500
)

// raidReport shows one raid: who joined, what they wrote, what was done, and how it was put back.
func (s *site) raidReport(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	number, page, err := raidAsked(c)
	if err != nil {
		return err
	}
	read, err := s.readRaid(c.Request().Context(), grant.Actor(), grant.Guild(), number, page)
	if err != nil {
		return err
	}
	place := s.raidPlace(grant.Guild(), grant.Role(), read.profile.TimeZone, read.seq)
	switch regionOf(c) {
	case "":
		return s.showRaid(c, http.StatusOK, grant.Actor(), read, place, read.actForm(place))
	case string(raid.RegionReport):
		return render(c, http.StatusOK, raid.Happened(read.facts(place)))
	case string(raid.RegionMembers):
		return render(c, http.StatusOK, raid.Listed(read.listed(place)))
	}
	return noRegion()
}

// raidAsked reads which raid, and which page of its members, is asked for.
func raidAsked(c echo.Context) (number int64, page int, err error) {
	number, err = strconv.ParseInt(c.Param("raid"), 10, 64)
	if err != nil || number < 1 {
		return 0, 0, noRaid()
	}
	page = 1
	if text := c.QueryParam("page"); text != "" {
		if page, err = strconv.Atoi(text); err != nil || page < 1 || page > raidMembersKept/raidMembersListed {
			return 0, 0, fault.New(fault.Invalid, "There is no such page.")
		}
	}
	return number, page, nil
}

func noRaid() error { return fault.New(fault.NotFound, "There is no such raid here.") }

func (s *site) showRaid(
	c echo.Context, status int, actor access.Actor, read *raidRead, place raid.Place, form *raid.ActForm,
) error {
	page, err := s.guildFrame(c, actor, read.profile, read.seq)
	if err != nil {
		return err
	}
	if c.Request().Method == http.MethodPost {
		page.Home = raid.ReportURL(place.Guild, read.raid.Number)
	}
	if n, err := strconv.Atoi(c.QueryParam("done")); err == nil && n > 0 {
		page.Flash = "It is being done about " + countOf(n, "member") + "."
	}
	report := raid.Report{Page: page, Facts: read.facts(place), Members: read.listed(place), Act: form}
	for _, cluster := range read.clusters {
		report.Clusters = append(report.Clusters, raid.Cluster(cluster))
	}
	return render(c, status, raid.ReportPage(report))
}

func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// raidRead is a raid and whom it has, all of one moment.
type raidRead struct {
	names
	profile  store.Profile
	raid     core.Raid
	members  []store.RaidMember
	clusters []store.RaidCluster
	page     int // of the members, from 1
	seq      int64
}

func (s *site) readRaid(
	ctx context.Context, actor access.Actor, guild snowflake.GuildID, number int64, page int,
) (*raidRead, error) {
	read, there, known := &raidRead{page: page}, false, false
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(guild); !there {
			return
		}
		if read.raid, known = now.Raid(guild, number); known {
			read.members, read.clusters, read.seq = now.RaidMembers(&read.raid), now.RaidClusters(guild, number), now.Seq()
		}
	})
	switch {
	case err != nil:
		return nil, err
	case !there:
		return nil, noGuild()
	case !known:
		return nil, noRaid()
	}
	users := []snowflake.UserID{read.raid.By, read.raid.EndedBy}
	for _, m := range read.shown() {
		users = append(users, m.User)
	}
	read.names, err = s.named(ctx, actor, nil, users)
	return read, err
}

// shown are the members on the page.
func (r *raidRead) shown() []store.RaidMember {
	from := min((r.page-1)*raidMembersListed, len(r.members))
	return r.members[from:min(from+raidMembersListed, len(r.members))]
}

func (r *raidRead) facts(place raid.Place) raid.Facts {
	facts := raid.Facts{Place: place, Raid: raid.Raid{Raid: r.raid, Starter: r.people[r.raid.By], Ender: r.people[r.raid.EndedBy]}}
	n := &facts.Counts
	n.Full = len(r.members) >= raidMembersKept
	for i := range r.members {
		m := &r.members[i]
		if !m.Joined.IsZero() {
			age := m.Joined.Sub(snowflake.Time(m.User))
			facts.Ages.Add(age)
			n.Joined++
			if age < core.NewAccount {
				n.New++
			}
		}
		if m.Messages > 0 {
			n.Wrote++
		}
		switch {
		case m.Kind == moderation.ActionBan && m.Outcome == moderation.OutcomeDone:
			n.Banned++
		case m.Kind == moderation.ActionKick && m.Outcome == moderation.OutcomeDone:
			n.Kicked++
		case !m.Left.IsZero():
			n.Left++
		}
	}
	return facts
}

func (r *raidRead) listed(place raid.Place) raid.Members {
	list := raid.Members{Place: place, Raid: r.raid.Number}
	for _, m := range r.shown() {
		list.Rows = append(list.Rows, raid.Member{Who: r.people[m.User], Made: snowflake.Time(m.User), Joined: m.Joined,
			Messages: m.Messages, Left: m.Left, Kind: m.Kind, Outcome: m.Outcome, Problem: m.Problem})
	}
	address := raid.ReportURL(place.Guild, r.raid.Number)
	if r.page > 1 {
		list.Newest = address
	}
	if r.page*raidMembersListed < len(r.members) {
		list.Older = address + "?page=" + strconv.Itoa(r.page+1)
	}
	return list
}

// actForm is the form by which many are acted on; nil for who may not, and while there is nobody.
func (r *raidRead) actForm(place raid.Place) *raid.ActForm {
	if !place.Act || len(r.members) == 0 {
		return nil
	}
	return &raid.ActForm{Place: place, Raid: r.raid.Number, Kind: string(moderation.ActionBan), Who: raid.WhoNew}
}
