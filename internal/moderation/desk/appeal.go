package desk

import (
	"context"

	"guildwatch/internal/access"
	"guildwatch/internal/moderation"
)

// Decide closes an appeal, and has what an approval takes back carried out at once. It answers a *fault.Error with a
// sentence for the moderator: Conflict says who was faster.
func (d *Desk) Decide(
	ctx context.Context, grant access.Grant[access.DecideAppeals], decision moderation.Decision,
) (moderation.Opened, error) {
	opened, err := d.appeals.DecideAppeal(ctx, grant, decision)
	if err == nil && len(opened.Actions) > 0 {
		d.worker.Wake()
	}
	return opened, err
}
