package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
)

// judgeMessage finds the rules that a message breaks and opens a case for each. A clean message costs no query: the
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
		Texts: e.Texts, Mentions: e.Mentions, Everyone: e.Everyone, At: e.At, Edit: e.Edit}, memory)
	if len(hits) == 0 {
		return nil
	}
	found := moderation.Violation{Guild: e.Guild, At: e.At, Source: moderation.SourceRule, User: e.Author.ID,
		Channel: e.Channel, Message: e.Message}
	return d.open(ctx, found, hits, leniency{late: e.Late, webhook: e.Webhook != 0}, e.Texts)
}

// judgeName finds the rules that a member's names break. Members change for many reasons, so the same names are judged
// once.
func (d *Desk) judgeName(ctx context.Context, origin moderation.Origin, m *moderation.Member) error {
	rules, err := d.rules(ctx, origin.Guild)
	if err != nil || rules.Empty() || m.Bot {
		return err
	}
	if !d.names.fresh(origin.Guild, m) {
		return nil
	}
	texts := []moderation.Text{{Surface: moderation.SurfaceName, Value: m.Nick},
		{Surface: moderation.SurfaceName, Value: m.Global}, {Surface: moderation.SurfaceName, Value: m.Name}}
	hits := rules.Judge(&rule.Message{Author: m.ID, Roles: m.Roles, Texts: texts, At: origin.At, Edit: true}, nil)
	found := moderation.Violation{Guild: origin.Guild, At: origin.At, Source: moderation.SourceRule, User: m.ID}
	return d.open(ctx, found, hits, leniency{}, texts)
}

// leniency is why nobody may be punished, or not in every way.
type leniency struct {
	late    bool // it was read back: what was done then or not is past
	webhook bool // there is no member behind it; only the message can be taken away
}

// open records a case for each hit. The gravest enforced one alone brings the member something; a message is taken away
// if any of them says so.
func (d *Desk) open(
	ctx context.Context, found moderation.Violation, hits []rule.Hit, why leniency, texts []moderation.Text,
) error {
	if len(hits) == 0 {
		return nil
	}
	exempt := false
	if !why.webhook {
		var err error
		if exempt, err = d.exempt(ctx, found.Guild, found.User); err != nil || exempt {
			return err // moderators quote what they moderate
		}
	}
	response := d.response(hits, why)
	opened := false
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
		result, err := d.docket.Open(ctx, c)
		if err != nil {
			return err
		}
		opened = opened || len(result.Actions) > 0
	}
	if opened {
		d.worker.Wake()
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
		if !gravest || why.webhook {
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
