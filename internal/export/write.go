package export

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// head is what a JSON file says of itself, before its rows.
type head struct {
	Guild  snowflake.GuildID  `json:"guild_id"`
	Name   string             `json:"guild_name"`
	What   string             `json:"export"`
	Asked  time.Time          `json:"asked_at"`
	Zone   string             `json:"time_zone"` // of the columns that end in _local
	Filter store.ExportFilter `json:"filter"`
}

// Write writes an export's table to a file, and says after each page how many rows it has. While it writes a page it
// reads the next one: two pages of 1000 rows are all that it holds. Each page is a read transaction of its own.
func (x *Exporter) Write(
	ctx context.Context, to io.Writer, e store.Export, progress func(rows int64),
) (rows, size int64, err error) {
	from, profile, err := x.sourceOf(ctx, e)
	if err != nil {
		return 0, 0, err
	}
	zone, err := time.LoadLocation(profile.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	about, err := json.Marshal(head{e.Guild, tidy(profile.Name), e.What, e.At.UTC(), zone.String(), e.Filter})
	if err != nil {
		return 0, 0, err
	}
	s := newSheet(to, Format(e.Format), from.columns(), zone, about)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	pages := make(chan func(*sheet), 1)
	var failure error
	go func() {
		defer close(pages)
		failure = x.read(ctx, e.Guild, from, pages)
	}()
	for page := range pages {
		page(s)
		if s.err != nil {
			stop()
			for range pages { // until the reader has seen it
			}
			return s.rows, s.size, s.err
		}
		progress(s.rows)
	}
	if failure != nil {
		return s.rows, s.size, failure
	}
	err = s.close()
	return s.rows, s.size, err
}

// read gives a table's pages, until it is over, ctx ends, or the guild is no longer guildwatch's to read.
func (x *Exporter) read(ctx context.Context, guild snowflake.GuildID, from source, pages chan<- func(*sheet)) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fault.New(fault.Internal, "Something went wrong. The log says what.")
			x.o.Logger.Error("an export panicked", "guild", guild, "reason", reason)
		}
	}()
	for {
		var page func(*sheet)
		there := false
		err := x.o.Store.Read(ctx, func(now *store.Snapshot) {
			if _, there = now.Profile(guild); there {
				page = from.next(now)
			}
		})
		switch {
		case err != nil:
			return err
		case !there:
			return errGone
		case page == nil:
			return nil
		}
		select {
		case pages <- page:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
