package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"guildwatch/internal/bot"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// reportReply is what the menu "Report to moderators" does: it writes a line with a link to the message into the log
// channel. It is for every member, so it asks for no right; what it asks for is patience.
func (p *parts) reportReply(ctx context.Context, use bot.Interaction) (bot.Reply, error) {
	const alone = "Please tell a moderator yourself."
	message := use.Message
	if message.ID == 0 {
		return bot.Reply{}, fault.New(fault.Invalid, "There is no message to report.")
	}
	if use.Target.ID == use.Member.ID {
		return bot.Reply{}, fault.New(fault.Invalid, "This message is your own. You can delete it.")
	}
	held, err := p.settingsOf(ctx, use.Guild)
	if err != nil {
		return bot.Reply{}, err
	}
	if held.profile.LogChannel == 0 {
		return bot.Reply{}, fault.New(fault.Invalid, "This server has not said where reports go. %s", alone)
	}
	if again, ok := p.reports.take(use.Member.ID, message.ID, time.Now()); !ok {
		return bot.Reply{}, fault.New(fault.TooMany, "%s", again)
	}
	if err := p.bot.Say(ctx, held.profile.LogChannel, reportLine(use, held.retention > 0)); err != nil {
		p.reports.forget(message.ID)
		p.log.Warn("a report did not reach the log channel", "guild", use.Guild, "err", err)
		return bot.Reply{}, fault.Wrap(err, fault.Unavailable, "The report could not be delivered. %s", alone)
	}
	return bot.Reply{Text: "The moderators have your report. Thank you."}, nil
}

// reportLine is what moderators read. The message is quoted, because its author may delete it; not where the server
// keeps no text of members.
func reportLine(use bot.Interaction, quote bool) string {
	line := fmt.Sprintf("🚩 %s (<@%s>) reports a message by %s (<@%s>): https://discord.com/channels/%s/%s/%s",
		plain(use.Member.Display(), 32), use.Member.ID, plain(use.Target.Display(), 32), use.Target.ID,
		use.Guild, use.Message.Channel, use.Message.ID)
	if text := strings.TrimSpace(use.Message.Text); quote && text != "" {
		line += "\n> " + plain(text, 150)
	}
	return line
}

const (
	// reportsAtOnce is how many messages one member may report in reportSpan.
	reportsAtOnce = 5
	reportSpan    = 10 * time.Minute
	// reportsKept bounds what is remembered, to about 1 MB.
	reportsKept = 10_000
)

// reports remembers what was reported lately, so that nobody floods the log channel. The zero value is fit for use.
type reports struct {
	mu      sync.Mutex
	members map[snowflake.UserID][]time.Time
	seen    map[snowflake.MessageID]time.Time
}

// take notes a report; ok is false, with a sentence for the member, where it must not be delivered.
func (r *reports) take(member snowflake.UserID, message snowflake.MessageID, now time.Time) (why string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.members == nil || len(r.members) >= reportsKept || len(r.seen) >= reportsKept {
		r.members, r.seen = map[snowflake.UserID][]time.Time{}, map[snowflake.MessageID]time.Time{}
	}
	if at, known := r.seen[message]; known && now.Sub(at) < reportSpan {
		return "The moderators know of this message already. Thank you.", false
	}
	var recent []time.Time
	for _, at := range r.members[member] {
		if now.Sub(at) < reportSpan {
			recent = append(recent, at)
		}
	}
	if len(recent) >= reportsAtOnce {
		return "You have reported several messages just now. Please wait some minutes before the next.", false
	}
	r.members[member], r.seen[message] = append(recent, now), now
	return "", true
}

// forget lets a message be reported anew: the report did not arrive.
func (r *reports) forget(message snowflake.MessageID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.seen, message)
}
