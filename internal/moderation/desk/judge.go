package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

// judgeMessage finds the rules that a message breaks and files a case for each. A clean message costs no query: the
// rules are compiled and cached.
func (d *Desk) judgeMessage(ctx context.Context, e *moderation.MessagePosted) error {
	if e.Guild == 0 || e.Author.Bot && e.Webhook == 0 {
		return nil
	}
	rules, err := d.rules(ctx, e.Guild)
	if err != nil || rules.Empty() {
		return err
	}
	memory := d.memory
	if e.Late {
		memory = nil // read back hours later, it says nothing about now
	}
	hits := rules.Judge(&rule.Message{ID: e.Message, Channel: e.Channel, Author: e.Author.ID, Roles: e.Author.Roles,
		Texts: e.Texts, Mentions: e.Mentions, Everyone: e.Everyone, At: e.At, Edit: e.Edit || e.Unfurl}, memory)
	d.curb(ctx, e.Guild, rules)
	if e.Webhook == 0 && e.Author.JoinedAt.IsZero() {
		hits = sure(hits)
	}
	if hits = d.outside(ctx, e.Channel, hits); len(hits) == 0 {
		return nil
	}
	found := moderation.Violation{Guild: e.Guild, At: e.At, Source: moderation.SourceRule, User: e.Author.ID,
		Channel: e.Channel, Message: e.Message}
	if e.Webhook != 0 {
		found.User = 0 // its id is no user's
	} else if d.met != nil && !e.Author.JoinedAt.IsZero() {
		// Otherwise a lane would wait for Discord to say who each of a raid's hundred new accounts is.
		if err := d.met(ctx, e.Guild, e.Author, e.At); err != nil {
			return err
		}
	}
	return d.file(ctx, found, hits, leniency{late: e.Late, nobody: e.Webhook != 0}, e.Texts)
}

// judgeTitle finds the rules that a thread's title breaks. The thread is the channel and the message in one, as its first
// message is; who opened it answers for it.
func (d *Desk) judgeTitle(ctx context.Context, e *moderation.ThreadTitled) error {
	rules, err := d.rules(ctx, e.Guild)
	if err != nil || rules.Empty() || e.Owner == 0 {
		return err
	}
	texts := []moderation.Text{{Surface: moderation.SurfaceThread, Value: e.Title}}
	message := snowflake.MessageID(e.Thread)
	hits := sure(rules.Judge(&rule.Message{ID: message, Channel: e.Thread, Author: e.Owner, Texts: texts, At: e.At, Edit: true}, nil))
	hits = d.outside(ctx, e.Thread, hits)
	found := moderation.Violation{Guild: e.Guild, At: e.At, Source: moderation.SourceRule, User: e.Owner, Channel: e.Thread,
		Message: message}
	return d.file(ctx, found, hits, leniency{}, texts)
}

// outside leaves out the rules that spare what the channel is in; while that is not known, all that spare something.
func (d *Desk) outside(ctx context.Context, channel snowflake.ChannelID, hits []rule.Hit) []rule.Hit {
	spares := func(hit rule.Hit) bool { return len(hit.Rule.ExemptChannels) > 0 }
	if !slices.ContainsFunc(hits, spares) {
		return hits
	}
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	above, err := d.above(ctx, channel)
	if err != nil {
		d.log.Warn("a rule was broken in a channel that may be exempt", "channel", channel, "err", err)
		return slices.DeleteFunc(hits, spares)
	}
	return slices.DeleteFunc(hits, func(hit rule.Hit) bool { return slices.Contains(hit.Rule.ExemptChannels, above) })
}

// askPatience is how long a lane waits for Discord's word about a channel.
const askPatience = 2 * time.Second

// sure leaves out the rules that spare some roles: of this member no roles are known, so they may be spared.
func sure(hits []rule.Hit) []rule.Hit {
	return slices.DeleteFunc(hits, func(hit rule.Hit) bool { return len(hit.Rule.ExemptRoles) > 0 })
}

// judgeName finds the rules that a member's names break. Members change for many reasons, so the same names are judged
// once.
func (d *Desk) judgeName(ctx context.Context, origin moderation.Origin, m *moderation.Member) error {
	rules, err := d.rules(ctx, origin.Guild)
	if err != nil || rules.Empty() || m.Bot {
		return err
	}
	if d.names.judged(origin.Guild, m) {
		return nil
	}
	texts := []moderation.Text{{Surface: moderation.SurfaceName, Value: m.Nick},
		{Surface: moderation.SurfaceName, Value: m.Global}, {Surface: moderation.SurfaceName, Value: m.Name}}
	hits := rules.Judge(&rule.Message{Author: m.ID, Roles: m.Roles, Texts: texts, At: origin.At, Edit: true}, nil)
	found := moderation.Violation{Guild: origin.Guild, At: origin.At, Source: moderation.SourceRule, User: m.ID}
	if err := d.file(ctx, found, hits, leniency{}, texts); err != nil {
		return err // it comes again
	}
	d.names.note(origin.Guild, m)
	return nil
}

// leniency is why nobody may be punished, or not in every way.
type leniency struct {
	late   bool // it was read back: what was done then or not is past
	nobody bool // no member is behind it, or nobody knows who: only the message can be taken away
}

// file hands the clerk a case for each hit. The gravest enforced one alone brings the member something; a message is taken away
// if any of them says so.
func (d *Desk) file(
	ctx context.Context, found moderation.Violation, hits []rule.Hit, why leniency, texts []moderation.Text,
) error {
	if len(hits) == 0 {
		return nil
	}
	if !why.nobody {
		exempt, err := d.exempt(ctx, found.Guild, found.User)
		switch {
		case exempt || ctx.Err() != nil:
			return ctx.Err() // moderators quote what they moderate
		case err != nil:
			// The lane must not wait for Discord to say who somebody is, nor a moderator be punished for that.
			d.log.Warn("a rule was broken by somebody whose role is not known now", "guild", found.Guild, "user", found.User,
				"err", err)
			why.nobody = true
		}
	}
	response := d.response(hits, why)
	for i := range hits {
		hit := &hits[i]
		c := moderation.Case{Violation: found, Version: hit.Rule.Version, Shadow: hit.Rule.Mode == rule.Shadow,
			Surface: hit.Surface, Evidence: evidence(hit), Detected: d.clock()}
		v := &c.Violation
		v.Severity, v.Rule, v.RuleName = hit.Rule.Severity, Source(hit.Rule.Number), hit.Rule.Name
		v.Keyword, v.Content = keyword(hit), content(texts, hit.Surface)
		if !c.Shadow {
			c.Response, response = response, moderation.Response{}
		}
		if err := d.clerk.backlog.file(c); err != nil {
			return err
		}
	}
	return nil
}

// response is what follows from all hits together.
func (d *Desk) response(hits []rule.Hit, why leniency) (r moderation.Response) {
	if why.late {
		return r
	}
	gravest := true
	for i := range hits {
		broken := hits[i].Rule
		if broken.Mode != rule.Enforce {
			continue
		}
		r.Delete = r.Delete || broken.Delete && hits[i].Surface != moderation.SurfaceName
		if !gravest || why.nobody {
			continue
		}
		gravest = false
		switch broken.Respond {
		case rule.RespondLadder:
			r.Ladder = true
		case rule.RespondWarn:
			r.Kind = moderation.ActionWarn
		case rule.RespondTimeout:
			r.Kind, r.Timeout = moderation.ActionTimeout, broken.Timeout
		case rule.RespondKick:
			r.Kind = moderation.ActionKick
		case rule.RespondBan:
			r.Kind = moderation.ActionBan
		}
	}
	return r
}

// Source is a rule's stable id among those of all sources: "rule:12".
func Source(number int64) string { return "rule:" + strconv.FormatInt(number, 10) }

// evidence tells one match of a rule from another in the same message: an edit or an embed that Discord adds later shows
// the same match again, and must not be punished again.
func evidence(hit *rule.Hit) string {
	sum := sha256.Sum256([]byte(strconv.FormatInt(hit.Rule.Number, 10) + "\x00" + hit.Key))
	return hex.EncodeToString(sum[:16])
}

func keyword(hit *rule.Hit) string {
	if hit.Read != "" {
		return hit.Read
	}
	return hit.Matched
}

// content is the text that was on the surface where the rule was broken, or the first there is.
func content(texts []moderation.Text, surface moderation.Surface) string {
	for _, text := range texts {
		if text.Surface == surface && text.Value != "" {
			return text.Value
		}
	}
	for _, text := range texts {
		if text.Value != "" {
			return text.Value
		}
	}
	return ""
}
