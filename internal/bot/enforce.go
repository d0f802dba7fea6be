package bot

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
)

// Enforce asks Discord for one action. The same errand may be asked for again after a crash or an answer that got lost,
// and ends as it does once: a message is deleted, a time is absolute, a ban is put, a direct message carries a nonce.
func (b *Bot) Enforce(ctx context.Context, errand moderation.Errand) moderation.Result {
	d := &deed{Errand: errand, rest: b.rest, guilds: b.guilds, now: b.opt.Clock()}
	if text := d.known(&b.refusals); text != "" {
		return moderation.Result{Refused: text}
	}
	result := d.do(sharing(ctx, errand.Guild))
	if result.Refused != "" {
		b.refusals.note(d, d.code, result.Refused)
	}
	return result
}

// do asks for what the errand's kind needs.
func (d *deed) do(ctx context.Context) moderation.Result {
	switch d.Kind {
	case moderation.ActionDelete:
		return d.deleteMessage(ctx)
	case moderation.ActionWarn:
		return moderation.Result{Done: true} // it stands whether the member reads of it or not
	case moderation.ActionTimeout:
		return d.timeout(ctx)
	case moderation.ActionUntimeout:
		return d.untimeout(ctx)
	case moderation.ActionKick:
		return d.kick(ctx)
	case moderation.ActionBan:
		// What somebody wrote before is evidence: 0 seconds of it are deleted.
		return d.result(d.ask(ctx, "PUT", d.ban(), map[string]int{"delete_message_seconds": 0}))
	case moderation.ActionUnban:
		return d.result(d.ask(ctx, "DELETE", d.ban(), nil))
	}
	return moderation.Result{Refused: "guildwatch does not know how to do this in Discord: " + string(d.Kind) + "."}
}

// deed is one errand while Discord is asked.
type deed struct {
	moderation.Errand
	rest   *rest
	guilds *roster
	now    time.Time
	code   int // Discord's, of the last refusal
}

func (d *deed) member() string { return "guilds/" + d.Guild.String() + "/members/" + d.Target.String() }

func (d *deed) ban() string { return "guilds/" + d.Guild.String() + "/bans/" + d.Target.String() }

// ask sends one request with the errand's reason. Nothing in its error is secret.
func (d *deed) ask(ctx context.Context, method, path string, body any) error {
	return d.rest.change(ctx, method, path, body, d.Reason)
}

// change asks Discord to change something. The reason is for the guild's audit log.
func (r *rest) change(ctx context.Context, method, path string, body any, reason string) error {
	_, err := r.changed(ctx, method, path, body, reason)
	return err
}

// changed is change with what Discord answers.
func (r *rest) changed(ctx context.Context, method, path string, body any, reason string) ([]byte, error) {
	s, with := r.call(ctx)
	options := []discordgo.RequestOption{with}
	if reason = auditReason(reason); reason != "" {
		options = append(options, discordgo.WithAuditLogReason(reason))
	}
	answer, err := s.Request(method, discordgo.EndpointAPI+path, body, options...)
	return answer, explain(err)
}

// reasonLimit is what Discord's audit log takes of a reason, in characters.
const reasonLimit = 512

// auditReason is a reason as Discord's header takes it: one line, 1 to 512 characters, encoded as in an address. Empty:
// there is no reason to give.
func auditReason(reason string) string {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(reason, "\ufffd"))
	// A plus is a blank to some who decode this, and itself to others.
	return strings.ReplaceAll(url.PathEscape(cut(strings.TrimSpace(line), reasonLimit)), "+", "%2B")
}

// result is how a request went: done, also when there was nothing left to do; to be asked again; or refused for good.
func (d *deed) result(err error) moderation.Result {
	if err == nil {
		return moderation.Result{Done: true}
	}
	status := statusOf(err)
	d.code = codeOf(err)
	switch d.code {
	case discordgo.ErrCodeUnknownMessage, discordgo.ErrCodeUnknownChannel, discordgo.ErrCodeUnknownMember,
		discordgo.ErrCodeUnknownUser, discordgo.ErrCodeUnknownBan:
		return moderation.Result{Done: true}
	case 0:
		if status == http.StatusUnauthorized || status == http.StatusNotFound || status == 0 {
			return again(err) // the token is being replaced, or somebody else than Discord answers
		}
	}
	if kind := fault.Of(err); kind == fault.Unavailable || kind == fault.TooMany {
		return again(err)
	}
	return moderation.Result{Refused: d.refusal(err)}
}

// again is for what says nothing about the errand itself: limits, failures, silence.
func again(err error) moderation.Result {
	wait := time.Second
	var public *fault.Error
	if errors.As(err, &public) {
		wait = max(wait, public.RetryAfter)
	}
	return moderation.Result{Again: wait}
}
