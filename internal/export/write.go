package export

import (
	"context"
	"encoding/json"
	"io"
	"time"

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

// Write writes an export's table to a file, and says after each page how far it has come. A page is all that it holds, and a
// read transaction of its own. Whatever is to be written to the database comes before reading a page and before writing
// it to the file; one thread does both, because a second one took the other processor from those who record violations.
func (x *Exporter) Write(
	ctx context.Context, to io.Writer, e store.Export, progress func(store.ExportProgress),
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
	yielding(func() { err = x.pages(ctx, e.Guild, from, s, progress) })
	return s.rows, s.size, err
}

// pages writes one page after the other.
func (x *Exporter) pages(
	ctx context.Context, guild snowflake.GuildID, from source, s *sheet, progress func(store.ExportProgress),
) error {
	for s.err == nil {
		x.o.Store.GiveWay(ctx)
		page, err := x.read(ctx, guild, from)
		if err != nil {
			return err
		}
		if page == nil {
			return s.close()
		}
		x.o.Store.GiveWay(ctx)
		page(s)
		gone, total := from.gone(s.rows)
		progress(store.ExportProgress{Rows: s.rows, Total: total, Gone: gone})
	}
	return s.err
}

// read gives a table's next page, nil after the last; an error when the guild is no longer guildwatch's to read.
func (x *Exporter) read(ctx context.Context, guild snowflake.GuildID, from source) (page func(*sheet), err error) {
	there := false
	err = x.o.Store.Read(ctx, func(now *store.Snapshot) {
		if _, there = now.Profile(guild); there {
			page = from.next(now)
		}
	})
	if err == nil && !there {
		err = errGone
	}
	return page, err
}
