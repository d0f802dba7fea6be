package export

import (
	"context"

	"guildwatch/internal/snowflake"
	"guildwatch/store"
)

// recover ends what was being written when guildwatch stopped. Nothing of this process runs yet.
func (x *Exporter) recover(ctx context.Context) {
	open, err := x.o.Store.OpenExports(ctx, 10_000)
	for i := range open {
		if open[i].State == store.ExportRunning && err == nil {
			_, err = x.o.Store.EndExport(ctx, open[i], store.ExportResult{State: store.ExportAborted, Rows: open[i].Rows,
				Problem: stopped}, true)
		}
	}
	if err != nil && ctx.Err() == nil {
		x.o.Logger.Error("exports that were cut short could not be marked", "err", err)
	}
}

const stopped = "guildwatch was stopped before it was done. Ask for it again."

// Sweep removes what nobody may fetch any more. Files go after their rows say so, so none is offered that is not there.
func (x *Exporter) Sweep(ctx context.Context) {
	err := x.o.Store.ExpireExports(ctx, x.o.Clock())
	if err == nil {
		err = x.tidy(ctx, ".")
	}
	if err != nil && ctx.Err() == nil {
		x.o.Logger.Warn("old exports could not be removed", "err", err)
	}
}

// displaced removes the files of a guild for which newer ones have come. To look through those of every guild each time
// would have whoever waits for an export wait longer with each guild.
func (x *Exporter) displaced(ctx context.Context, guild snowflake.GuildID) {
	if err := x.tidy(ctx, snowflake.String(guild)); err != nil && ctx.Err() == nil {
		x.o.Logger.Warn("old exports could not be removed", "guild", guild, "err", err)
	}
}

// tidy removes the files in and below a folder that belong to no export which has one.
func (x *Exporter) tidy(ctx context.Context, folder string) error {
	return x.shelf.sweep(folder, func(guild snowflake.GuildID, id string) (wanted bool, err error) {
		err = x.o.Store.Read(ctx, func(now *store.Snapshot) {
			row, known := now.Export(guild, id)
			wanted = known && (row.State == store.ExportDone || row.State == store.ExportRunning)
		})
		return wanted, err
	})
}
