// Package report makes a guild's daily, weekly and monthly reports and has them delivered: it puts together figures
// (stats), files (export) and channels (notify), none of which knows the others. docs/adr/0009 has the reasons.
package report

import (
	"context"
	"log/slog"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation/edition"
	"guildwatch/internal/notify"
	"guildwatch/internal/snowflake"
	"guildwatch/internal/stats"
	"guildwatch/store"
)

const (
	// pace is how often schedules are looked at: a report that is due at seven comes within the minute after.
	pace = time.Minute
	// tryTime is how long somebody who tries a channel is made to wait for its answer; the page has 5 s in all.
	tryTime = 3500 * time.Millisecond
)

// Options is what a Press stands on.
type Options struct {
	Store  *store.Store
	Stats  *stats.Stats
	Post   *notify.Post
	Origin string           // of the dashboard's links: "https://mod.example.org"
	Clock  func() time.Time // time.Now when nil
	Logger *slog.Logger
}

// Press makes reports when they are due, and on demand. It is safe for concurrent use.
type Press struct {
	options Options
	courier *notify.Courier
}

// New makes a press; Run starts it.
func New(o Options) *Press {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	p := &Press{options: o}
	p.courier = notify.NewCourier(notify.CourierOptions{Store: o.Store, Post: o.Post, Compose: p.compose, Clock: o.Clock,
		Logger: o.Logger})
	return p
}

// Run looks at the schedules every minute until ctx ends, and delivers what is due. What was due while guildwatch was
// not running is made up for at the first look, once for each schedule.
func (p *Press) Run(ctx context.Context) {
	delivered := make(chan struct{})
	go func() {
		defer close(delivered)
		p.courier.Run(ctx)
	}()
	defer func() { <-delivered }()
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		if _, err := p.Look(ctx, p.options.Clock()); err != nil && ctx.Err() == nil {
			p.options.Logger.Error("the schedules of reports could not be read", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Look files every report that is due at a moment and has not been made, the last of each schedule, and says how many
// messages that are. One guild's failure is logged and holds up no other. The clock is believed as it is now: it may have
// been set, by hand, by the network or by a machine that was asleep. An edition that it made too early is made again.
func (p *Press) Look(ctx context.Context, now time.Time) (filed int, err error) {
	var schedules []store.Schedule
	if err := p.options.Store.Read(ctx, func(now *store.Snapshot) { schedules = now.AllSchedules() }); err != nil {
		return 0, err
	}
	for _, schedule := range schedules {
		zone, err := time.LoadLocation(schedule.TimeZone)
		if err != nil {
			zone = time.UTC
		}
		due, err := edition.Latest(schedule.Cadence, now, zone, schedule.Hour)
		if last, wrong := edition.Parse(schedule.Cadence, schedule.Done); err == nil && wrong == nil {
			if _, until := last.Span(zone); now.Before(until) {
				schedule.Done, err = p.options.Store.RecallReports(ctx, schedule, now)
			}
		}
		if err == nil && due.Day() > schedule.Done {
			var n int
			n, err = p.options.Store.FileReport(ctx, schedule.Guild, due)
			filed += n
		}
		if err != nil {
			p.options.Logger.Error("a report could not be made", "guild", snowflake.String(schedule.Guild), "cadence",
				string(schedule.Cadence), "error", err)
		}
	}
	if filed > 0 {
		p.courier.Wake()
	}
	return filed, nil
}

// Offers says whether the operator has set up a kind of channel.
func (p *Press) Offers(kind notify.Kind) bool { return p.options.Post.Offers(kind) }

// Accept reads what somebody gives as an address; see notify.Post.
func (p *Press) Accept(kind notify.Kind, text string) (notify.Given, error) {
	return p.options.Post.Accept(kind, text)
}

// Try sends the last day's report to one of a guild's channels now, as a test, and waits 3.5 s for what becomes of it.
// What is still on its way then has the state "waiting".
func (p *Press) Try(
	ctx context.Context, grant access.Grant[access.UpdateSettings], number int64,
) (store.Delivery, error) {
	profile, there, err := p.options.Store.Profile(ctx, grant.Guild())
	if err != nil {
		return store.Delivery{}, err
	} else if !there {
		return store.Delivery{}, fault.New(fault.NotFound, "There is no such server here, or you have no access to it.")
	}
	zone, err := time.LoadLocation(profile.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	yesterday, err := edition.Latest(edition.Daily, p.options.Clock(), zone, 0)
	if err != nil {
		return store.Delivery{}, err
	}
	id, err := p.options.Store.TryDestination(ctx, grant, number, notify.Tried+yesterday.String())
	if err != nil {
		return store.Delivery{}, err
	}
	p.courier.Wake()
	return p.await(ctx, grant.Guild(), id)
}

// await looks at a delivery until it is settled or too long on its way.
func (p *Press) await(ctx context.Context, guild snowflake.GuildID, id int64) (d store.Delivery, err error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return d, nil
		case <-tick.C:
		}
		err := p.options.Store.Read(context.WithoutCancel(ctx), func(now *store.Snapshot) { d, _ = now.Delivery(guild, id) })
		if err != nil || d.State != "waiting" {
			return d, err
		}
	}
}

// Figures are the courier's counters since the start.
func (p *Press) Figures() notify.Figures { return p.courier.Figures() }
