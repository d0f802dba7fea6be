package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// ImportState is how far an import is.
type ImportState string

// The states of an import.
const (
	ImportDraft   ImportState = "draft"   // looked at, nothing taken over
	ImportRunning ImportState = "running" // broken off, when nobody is at it: it goes on where it was
	ImportDone    ImportState = "done"
	ImportUndoing ImportState = "undoing"
	ImportUndone  ImportState = "undone"
)

// TakenOver is a file of another bot's cases, and what became of it.
type TakenOver struct {
	Guild   snowflake.GuildID
	Number  int64
	Format  string
	Name    string // of the file
	By      snowflake.UserID
	At      time.Time
	State   ImportState
	Mapping json.RawMessage // of a table; nil: none was chosen
	Rows    int64           // taken over
	Known   int64           // that were there already
	Skipped int64           // that could not be taken over
	Settled time.Time       // when it was done or undone
}

// Deed is a case of the past as it is taken over.
type Deed struct {
	Key    string // the same deed never counts twice
	Kind   moderation.ActionKind
	User   snowflake.UserID
	By     snowflake.UserID
	At     time.Time // zero: unknown, now is noted
	Reason string
}

// importDrafts is how many files a guild may look at before it decides.
const importDrafts = 5

// DraftImport keeps a file to be looked at, for a day, and gives its number. It answers a *fault.Error: Conflict while
// five wait already.
func (s *Store) DraftImport(
	ctx context.Context, grant access.Grant[access.UpdateSettings], format, name string, data []byte,
) (number int64, err error) {
	guild, by := int64(grant.Guild()), int64(grant.Actor().User())
	err = s.write(ctx, func(t *tx) error {
		drafts, err := t.CountImportDrafts(t.ctx, guild)
		if err != nil {
			return err
		}
		if drafts >= importDrafts {
			return fault.New(fault.Conflict, "Five files wait for a decision already. Take one over, or drop it.")
		}
		if number, err = t.NextImportNumber(t.ctx, guild); err != nil {
			return err
		}
		return t.InsertImport(t.ctx, db.InsertImportParams{GuildID: guild, Number: number, Format: format, Name: name,
			MadeBy: by, MadeAt: msOf(t.writer.clock()), Data: data})
	})
	return number, err
}

// DropImport deletes a draft. It answers a NotFound for anything else.
func (s *Store) DropImport(ctx context.Context, grant access.Grant[access.UpdateSettings], number int64) error {
	guild := int64(grant.Guild())
	return s.write(ctx, func(t *tx) error {
		n, err := t.DeleteImportDraft(t.ctx, db.DeleteImportDraftParams{GuildID: guild, Number: number})
		if err == nil && n == 0 {
			err = noImport()
		}
		return err
	})
}

func noImport() error { return fault.New(fault.NotFound, "There is no such import here.") }

// importOrigin is what the origins of deeds begin with that were taken over.
const importOrigin = "import:"

func (t *tx) findImport(guild snowflake.GuildID, number int64) (db.Import, error) {
	row, err := t.GetImport(t.ctx, db.GetImportParams{GuildID: int64(guild), Number: number})
	if errors.Is(err, sql.ErrNoRows) {
		return row, noImport()
	}
	return row, err
}

func (t *tx) importChanged(d deed) error {
	t.config(d.guild)
	if err := t.audit(d); err != nil {
		return err
	}
	return t.announce(moderation.Change{Guild: d.guild, At: t.writer.clock(), Kind: moderation.ChangeConfig,
		Label: "import", Actor: d.actor.User()})
}

func importTarget(number int64) string { return "import:" + strconv.FormatInt(number, 10) }

// Imports lists a guild's imports, the newest first, at most so many.
func (s *Snapshot) Imports(guild snowflake.GuildID, most int) (list []TakenOver) {
	if s.err != nil {
		return nil
	}
	rows, err := s.q.ListImports(s.ctx, db.ListImportsParams{GuildID: int64(guild), Max: int64(most)})
	s.ok("imports", err)
	for _, row := range rows {
		list = append(list, TakenOver{Guild: guild, Number: row.Number, Format: row.Format, Name: row.Name,
			By: snowflake.UserID(row.MadeBy), At: timeOf(row.MadeAt), State: ImportState(row.State), Rows: row.Rows,
			Known: row.Known, Skipped: row.Skipped, Settled: timeOf(row.SettledAt)})
	}
	return list
}

// Import gives an import with its file, which is empty once it is over.
func (s *Snapshot) Import(guild snowflake.GuildID, number int64) (made TakenOver, data []byte, known bool) {
	if s.err != nil {
		return made, nil, false
	}
	row, err := s.q.GetImport(s.ctx, db.GetImportParams{GuildID: int64(guild), Number: number})
	if !s.ok("import", err) {
		return made, nil, false
	}
	return takenOver(guild, &row), row.Data, true
}

func takenOver(guild snowflake.GuildID, row *db.Import) TakenOver {
	made := TakenOver{Guild: guild, Number: row.Number, Format: row.Format, Name: row.Name, By: snowflake.UserID(row.MadeBy),
		At: timeOf(row.MadeAt), State: ImportState(row.State), Rows: row.Rows, Known: row.Known, Skipped: row.Skipped,
		Settled: timeOf(row.SettledAt)}
	if row.Mapping != "" {
		made.Mapping = json.RawMessage(row.Mapping)
	}
	return made
}
