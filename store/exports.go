package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

const (
	// KeepExports is how long a finished export can be fetched, and how long one without a file stays listed.
	KeepExports = 30 * day
	// exportsOpen is how many exports of a guild may wait or run.
	exportsOpen = 3
	// exportsAMinute is how many exports a guild's people may ask for in a minute: a small one costs 50 ms of the
	// processor.
	exportsAMinute = 10
	// exportsKept is how many files of a guild are kept: the oldest goes for the newest, so nobody can fill the disk
	// with a thousand files a day for 30 days.
	exportsKept = 50
)

// ExportState is how far an export has come.
type ExportState string

// The states of an export. Only a done one has a file.
const (
	ExportQueued    ExportState = "queued"
	ExportRunning   ExportState = "running"
	ExportDone      ExportState = "done"
	ExportFailed    ExportState = "failed"
	ExportAborted   ExportState = "aborted"   // guildwatch was stopped meanwhile
	ExportCancelled ExportState = "cancelled" // somebody ended it before it was done
	ExportDeleted   ExportState = "deleted"   // somebody deleted the file before its time
	ExportExpired   ExportState = "expired"   // the file is gone, its time being over
)

// ExportFilter is what an export is narrowed by; which fields count depends on what is exported. Zero ones narrow
// nothing.
type ExportFilter struct {
	From     time.Time           `json:"from,omitzero"` // half-open
	To       time.Time           `json:"to,omitzero"`
	User     snowflake.UserID    `json:"user,omitzero"` // who broke a rule, was warned, was acted on; who did it, in the audit log
	Channel  snowflake.ChannelID `json:"channel,omitzero"`
	Severity moderation.Severity `json:"severity,omitzero"`
	Source   moderation.Source   `json:"source,omitzero"`
	Rule     string              `json:"rule,omitzero"`
	State    string              `json:"state,omitzero"`  // of a violation; of warnings "counting" or "cleared"
	Action   string              `json:"action,omitzero"` // what was done: a moderation.ActionKind, or an action of the audit log
	Text     string              `json:"text,omitzero"`
	Period   string              `json:"period,omitzero"` // of figures: "week"
}

// ExportOrder is what somebody asks to take out.
type ExportOrder struct {
	ID     string // 26 letters and digits that nobody can guess; AskExport makes one where it is empty
	What   string // "violations"
	Format string // "csv" or "json"
	Filter ExportFilter
}

// ExportProgress is how far an export has come.
type ExportProgress struct {
	Rows  int64 // written so far
	Total int64 // rows that it goes through, of which a filter leaves some out; 0: not known
	Gone  int64 // of these it went through so far
}

// Export is a row of the history.
type Export struct {
	ExportOrder
	Guild snowflake.GuildID
	By    snowflake.UserID
	At    time.Time
	State ExportState
	ExportProgress
	Bytes   int64 // of the finished file
	Problem string
	Ended   time.Time
	EndedBy snowflake.UserID // who cancelled it or deleted its file; 0: nobody
	Expires time.Time        // zero: there is no file

	Downloads  int64     // how often the file was fetched
	Downloaded time.Time // the last time; zero: never
}

// Open says whether the export is still to come to an end.
func (e *Export) Open() bool { return e.State == ExportQueued || e.State == ExportRunning }

// AskExport notes what somebody wants to take out of their guild, for a worker. Its error is a TooMany while the guild
// has enough under way.
func (s *Store) AskExport(ctx context.Context, grant access.Grant[access.Export], order ExportOrder) (Export, error) {
	for _, at := range []*time.Time{&order.Filter.From, &order.Filter.To} {
		if !at.IsZero() {
			*at = at.UTC()
		}
	}
	filter, err := json.Marshal(order.Filter)
	if err != nil {
		return Export{}, err
	}
	order.ID = cmp.Or(order.ID, rand.Text())
	made := Export{ExportOrder: order, Guild: grant.Guild(), By: grant.Actor().User(),
		At: timeOf(s.now()), State: ExportQueued}
	d := deedOf(ctx, grant, "export.asked")
	// The log is kept for ever, so it names whom the export is about by a reference and leaves out what was searched for.
	d.target, d.person, d.after = "export:"+order.What, order.Filter.User, exportNote(&order)
	return made, s.write(ctx, func(t *tx) error {
		if err := t.mayExport(made.Guild, made.At); err != nil {
			return err
		}
		err := t.InsertExport(t.ctx, db.InsertExportParams{
			GuildID: int64(made.Guild), ExportID: made.ID, What: order.What, Format: order.Format, Filter: string(filter),
			AskedBy: int64(made.By), AskedAt: msOf(made.At),
		})
		if err == nil {
			err = t.audit(d)
		}
		if err == nil {
			err = t.announceExport(&made)
		}
		return err
	})
}

// mayExport refuses what would be too much for a guild.
func (t *tx) mayExport(guild snowflake.GuildID, now time.Time) error {
	open, err := t.CountOpenExports(t.ctx, int64(guild))
	if err != nil {
		return err
	}
	if open >= exportsOpen {
		return fault.New(fault.TooMany, "%d exports of this server are under way. Please wait until one is done.", open)
	}
	return t.mayExportNow(guild, now)
}

// mayExportNow refuses more than a guild's people may take out in a minute, files of one member among it.
func (t *tx) mayExportNow(guild snowflake.GuildID, now time.Time) error {
	since := msOf(now.Add(-time.Minute))
	lately, err := t.CountExportsSince(t.ctx, db.CountExportsSinceParams{GuildID: int64(guild), Since: since})
	if err != nil {
		return err
	}
	dossiers, err := t.ListDossierTimes(t.ctx, db.ListDossierTimesParams{GuildID: int64(guild), Max: exportsAMinute})
	for _, at := range dossiers {
		lately += bit(at >= since)
	}
	if err == nil && lately >= exportsAMinute {
		refusal := fault.New(fault.TooMany, "At most %d exports a minute. Please wait a moment.", exportsAMinute)
		refusal.RetryAfter = time.Minute
		return refusal
	}
	return err
}

// announceExport tells pages that an export has come further.
func (t *tx) announceExport(e *Export) error {
	return t.announce(moderation.Change{Guild: e.Guild, At: t.writer.clock(), Kind: moderation.ChangeExport,
		Actor: e.By, Label: string(e.State)})
}

// exportNote is what the audit log says of an export.
func exportNote(order *ExportOrder) map[string]string {
	note := map[string]string{"format": order.Format}
	f := &order.Filter
	for name, at := range map[string]time.Time{"from": f.From, "to": f.To} {
		if !at.IsZero() {
			note[name] = at.UTC().Format(time.RFC3339)
		}
	}
	narrowed := f.Channel != 0 || f.Severity != "" || f.Source != "" || f.Rule != "" || f.State != "" || f.Action != "" ||
		f.Text != ""
	if narrowed {
		note["narrowed"] = "yes"
	}
	return note
}

func exportOf(row *db.Export) Export {
	e := Export{
		ExportOrder: ExportOrder{ID: row.ExportID, What: row.What, Format: row.Format},
		Guild:       snowflake.GuildID(row.GuildID), By: snowflake.UserID(row.AskedBy), At: timeOf(row.AskedAt),
		State: ExportState(row.State), ExportProgress: ExportProgress{row.Rows, row.Total, row.Gone}, Bytes: row.Bytes, Problem: row.Problem, Ended: timeOf(row.EndedAt),
		EndedBy: snowflake.UserID(row.EndedBy), Expires: timeOf(row.ExpiresAt), Downloads: row.Downloads,
		Downloaded: timeOf(row.DownloadedAt),
	}
	_ = json.Unmarshal([]byte(row.Filter), &e.Filter) // written by AskExport alone
	return e
}

func exportsOf(rows []db.Export) []Export {
	list := make([]Export, len(rows))
	for i := range rows {
		list[i] = exportOf(&rows[i])
	}
	return list
}
