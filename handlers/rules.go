package handlers

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/ladder"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
	"guildwatch/views/rules"
	"guildwatch/views/ui"
)

// rules lists a guild's rules with what they found, to whoever may look.
func (s *site) rules(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	if region := regionOf(c); region != "" {
		switch region {
		case string(rules.Region):
			return render(c, http.StatusOK, rules.Current(read.list(grant.Role())))
		case string(rules.NativeRegion):
			return render(c, http.StatusOK, rules.NativeRules(read.nativeList(grant.Role())))
		}
		return noRegion()
	}
	return s.showRules(c, http.StatusOK, grant, read, read.try())
}

func (s *site) showRules(
	c echo.Context, status int, grant access.Grant[access.ViewDashboard], read *rulesRead, try rules.Try,
) error {
	view := rules.View{List: read.list(grant.Role()), Natives: read.nativeList(grant.Role()), Ladder: read.steps(), Try: try}
	if view.List.May.Update {
		view.Templates = rule.Templates()
	}
	var err error
	if view.Page, err = s.guildFrame(c, grant.Actor(), read.profile, read.seq); err != nil {
		return err
	}
	if changes(c.Request().Method) {
		view.Page.Path = rules.URL(grant.Guild()) // what was tried is no page to come back to
	}
	view.Page.Flash = read.changed(c.QueryParam("saved"))
	return render(c, status, rules.Page(view))
}

// rulesRead is a guild's rules and what there is to choose from, all of one moment.
type rulesRead struct {
	site     *site
	profile  store.Profile
	rows     []store.RuleRow
	natives  []moderation.NativeRuleSeen
	caught   map[snowflake.RuleID]store.RuleCounts // by native rules, in the last 7 days
	ladder   ladder.Ladder
	channels []moderation.Channel
	roles    []moderation.DiscordRole
	seq      int64
}

func (s *site) readRules(ctx context.Context, guild snowflake.GuildID) (*rulesRead, error) {
	read, there := &rulesRead{site: s}, false
	err := s.Store.Read(ctx, func(now *store.Snapshot) {
		if read.profile, there = now.Profile(guild); !there {
			return
		}
		read.rows, read.natives, read.ladder = now.RuleList(guild), now.NativeRules(guild), now.Ladder(guild)
		read.caught = now.NativeHits(guild, read.natives)
		read.channels, read.roles, read.seq = now.Channels(guild), now.DiscordRoles(guild), now.Seq()
	})
	if err == nil && !there {
		err = noGuild()
	}
	return read, err
}

// row is one of the rules.
func (r *rulesRead) row(number int64) (store.RuleRow, bool) {
	at := slices.IndexFunc(r.rows, func(row store.RuleRow) bool { return row.Number == number })
	if at < 0 {
		return store.RuleRow{}, false
	}
	return r.rows[at], true
}

// named is the rule that the path names.
func (r *rulesRead) named(c echo.Context) (store.RuleRow, error) {
	number, err := strconv.ParseInt(c.Param("rule"), 10, 64)
	row, there := r.row(number)
	if err != nil || !there {
		return row, fault.New(fault.NotFound, "There is no such rule here.")
	}
	return row, nil
}

func (r *rulesRead) place(role access.Role) rules.Place {
	may := rules.May{Update: access.Allows[access.UpdateRules](role), Delete: access.Allows[access.DeleteRules](role),
		Ladder: access.Allows[access.UpdateSettings](role)}
	return rules.Place{Guild: r.profile.Guild.ID, At: r.site.now(), Seq: r.seq, TimeZone: r.profile.TimeZone, May: may}
}

func (r *rulesRead) list(role access.Role) rules.List {
	list := rules.List{Place: r.place(role)}
	for _, row := range r.rows {
		list.Rows = append(list.Rows, ruleRow(row))
	}
	return list
}

func ruleRow(row store.RuleRow) rules.Row {
	return rules.Row{Rule: row.Rule, Problem: row.Problem,
		Week: rules.Hits{Counted: row.Week.Counted, Shadow: row.Week.Shadow, False: row.Week.FalsePositives}}
}

func (r *rulesRead) steps() rules.Ladder {
	return rules.Ladder{Steps: r.ladder, Own: !slices.Equal(r.ladder, ladder.Default())}
}

// channelChoices are the channels that a rule can exempt: those in which somebody can write.
func (r *rulesRead) channelChoices() []ui.Option {
	return (&settingsRead{profile: r.profile, channels: r.channels}).form(store.Settings{}).Channels
}

// roleChoices are the Discord roles that a rule can exempt; everybody has @everyone, and a rule for nobody is switched
// off instead.
func (r *rulesRead) roleChoices() (options []ui.Option) {
	for _, role := range r.roles {
		if int64(role.ID) != int64(r.profile.Guild.ID) {
			options = append(options, ui.Option{Value: snowflake.String(role.ID), Label: ui.Clip(role.Name, 100)})
		}
	}
	return options
}

func (r *rulesRead) names() rules.Names {
	names := rules.Names{Channels: map[snowflake.ChannelID]string{}, Roles: map[snowflake.RoleID]string{}}
	for _, channel := range r.channels {
		names.Channels[channel.ID] = "#" + channel.Name
	}
	for _, role := range r.roles {
		names.Roles[role.ID] = role.Name
	}
	return names
}

// changed is what a page says after a rule was saved or deleted: what holds now, so that a made-up link cannot make it
// say anything else.
func (r *rulesRead) changed(saved string) string {
	if saved == "ladder" {
		return "The ladder is saved."
	}
	number, err := strconv.ParseInt(saved, 10, 64)
	if err != nil {
		return ""
	}
	row, there := r.row(number)
	switch {
	case !there:
		return ""
	case row.Mode == rule.Enforce:
		return row.Name + " is enforced now."
	case row.Mode == rule.Shadow:
		return row.Name + " is in shadow mode now."
	}
	return row.Name + " is off now."
}

// toRules leads back to the list, at the line of a rule.
func toRules(c echo.Context, guild snowflake.GuildID, number int64) error {
	n := strconv.FormatInt(number, 10)
	return c.Redirect(http.StatusSeeOther, rules.URL(guild)+"?saved="+n+"#rule-"+n)
}
