package moderation

import (
	"context"
	"fmt"
)

// Desk is where every event ends: it decides what follows, records it through the ledger, and counts the rest in the
// caller's tally. It is safe for concurrent use by lanes with a tally each.
type Desk struct {
	ledger Ledger
}

// NewDesk makes a desk that records in ledger.
func NewDesk(ledger Ledger) *Desk { return &Desk{ledger: ledger} }

// Handle takes one event. A message costs no query: it is counted in the tally, which the lane's owner flushes.
// Everything else is recorded before Handle returns. An error means that the event is not recorded; the caller may hand
// it in again.
func (d *Desk) Handle(ctx context.Context, tally *Tally, event Event) error {
	switch e := event.(type) {
	case MessagePosted:
		d.count(tally, e)
	case MessagesDeleted:
		tally.count(e.Guild, e.At, Counts{Deletes: int64(len(e.Messages))})
	case LatencyMeasured:
		bucket := BucketOf(e.At).UnixMilli()
		sum := tally.Latency[bucket]
		sum.Add(e.Latency)
		tally.Latency[bucket] = sum
	case MemberJoined:
		return second(d.ledger.Join(ctx, e))
	case MemberLeft:
		return second(d.ledger.Leave(ctx, e))
	case MemberChanged:
		return d.ledger.ChangeMember(ctx, e)
	case MembersListed:
		return d.ledger.SeeMembers(ctx, e.Guild, e.Members)
	case MembersComplete:
		return d.ledger.KeepMembers(ctx, e)
	case GuildSeen:
		return d.ledger.SeeGuild(ctx, e)
	case GuildLost:
		return d.ledger.LoseGuild(ctx, e)
	case RoleSeen:
		return d.ledger.SeeRole(ctx, e)
	case ChannelSeen:
		return d.ledger.SeeChannel(ctx, e)
	case AuditEntry:
		return second(d.ledger.RecordAudit(ctx, e))
	case AutoModExecution:
		return second(d.ledger.RecordExecution(ctx, e))
	case CommandRun:
		return second(d.ledger.RecordCommand(ctx, e))
	case NativeRuleSeen:
		return d.ledger.SeeNativeRule(ctx, e)
	case ChannelsSeen:
		return d.ledger.PlanReadings(ctx, e)
	case HistoryRead:
		progress := tally.Read[e.Reading]
		progress.add(e.Progress)
		tally.Read[e.Reading] = progress
	default:
		return fmt.Errorf("moderation: no path for event %T", event)
	}
	return nil
}

// count notes a message: new ones and edits apart, and who was active. Bots and webhooks count as messages but are
// nobody's activity.
func (d *Desk) count(tally *Tally, e MessagePosted) {
	if e.Edit {
		tally.count(e.Guild, e.At, Counts{Edits: 1})
		return
	}
	tally.count(e.Guild, e.At, Counts{Messages: 1})
	if !e.Late {
		tally.Newest = max(tally.Newest, e.Message)
	}
	if e.Webhook != 0 || e.Author.Bot || e.Author.ID == 0 {
		return
	}
	who := Presence{e.Guild, e.Author.ID}
	tally.Active[who] = max(tally.Active[who], e.At.UnixMilli())
	tally.Users[e.Author.ID] = e.Author.User
}

func second(_ bool, err error) error { return err }
