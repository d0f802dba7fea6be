package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/bwmarrin/discordgo"

	"guildwatch/internal/fault"
)

// Refusal is Discord's answer to a request that it did not carry out. It comes wrapped in a *fault.Error.
type Refusal struct {
	Status int // HTTP
	Code   int // Discord's; 0 when it gave none
	Text   string

	Details []string // of a form: what is wrong with its fields, a sentence each
}

// Error is the text for the log. It holds neither the request nor its headers: they carry the token.
func (r *Refusal) Error() string {
	return fmt.Sprintf("bot: Discord refused with status %d, code %d: %s", r.Status, r.Code, r.Text)
}

// explanations are the refusals that people can do something about, by Discord's code.
var explanations = map[int]struct {
	kind   fault.Kind
	remedy string
}{
	discordgo.ErrCodeMissingPermissions: {fault.Forbidden, "Discord refused this: the bot lacks the permission, or its role " +
		"is not above the member's. In Server Settings, Roles, give guildwatch the permission and drag its role up."},
	discordgo.ErrCodeMissingAccess: {fault.Forbidden, "The bot cannot see this. Give guildwatch the permission View Channel there."},
	discordgo.ErrCodeCannotSendMessagesToThisUser: {fault.Forbidden,
		"This member takes no direct messages from the bot. Nothing can be done about it here."},
	discordgo.ErrCodeMessageProvidedTooOldForBulkDelete: {fault.Unprocessable,
		"Discord deletes messages in bulk only when all are younger than two weeks. Delete older ones one by one."},
	discordgo.ErrCodePerformedOperationOnArchivedThread: {fault.Conflict, "The thread is archived. Reopen it in Discord first."},
	discordgo.ErrCodeInvalidFormBody:                    {fault.Invalid, "Discord does not accept these values."},
	discordgo.ErrCodeUnknownUser:                        {fault.NotFound, "Discord knows no such user."},
	discordgo.ErrCodeUnknownMember:                      {fault.NotFound, "This user is not a member of the server any more."},
	discordgo.ErrCodeUnknownMessage:                     {fault.NotFound, "The message is gone already."},
	discordgo.ErrCodeUnknownChannel:                     {fault.NotFound, "The channel is gone."},
	discordgo.ErrCodeUnknownGuild:                       {fault.NotFound, "The bot is not in this server."},
	discordgo.ErrCodeUnknownBan:                         {fault.NotFound, "This user is not banned."},
}

// explain turns an error of a REST call into one with a sentence for people. Nothing in it is secret.
func explain(err error) error {
	var rest *discordgo.RESTError
	var tooSoon *limited
	switch {
	case err == nil:
		return nil
	case errors.As(err, &rest):
		return explainRefusal(rest)
	case errors.As(err, &tooSoon):
		return &fault.Error{
			Kind: fault.TooMany, Public: "Discord limits how often this may be asked. Try again later.",
			RetryAfter: tooSoon.after, Err: tooSoon,
		}
	case errors.Is(err, context.Canceled):
		return bare(err)
	}
	return fault.Wrap(bare(err), fault.Unavailable, "Discord does not answer at the moment. Try again in a minute.")
}

func explainRefusal(rest *discordgo.RESTError) error {
	refusal := &Refusal{}
	if rest.Response != nil {
		refusal.Status = rest.Response.StatusCode
	}
	if rest.Message != nil {
		refusal.Code, refusal.Text = rest.Message.Code, rest.Message.Message
	}
	if refusal.Code == discordgo.ErrCodeInvalidFormBody {
		refusal.Details = formErrors(rest.ResponseBody)
	}
	if e, known := explanations[refusal.Code]; known {
		return fault.Wrap(refusal, e.kind, "%s", e.remedy)
	}
	switch refusal.Status {
	case http.StatusUnauthorized:
		return fault.Wrap(refusal, fault.Unavailable, "%s", tokenRemedy)
	case http.StatusForbidden:
		return fault.Wrap(refusal, fault.Forbidden, "Discord refused this: the bot may not do it.")
	case http.StatusNotFound:
		return fault.Wrap(refusal, fault.NotFound, "Discord knows no such thing.")
	case http.StatusBadRequest:
		return fault.Wrap(refusal, fault.Invalid, "Discord does not accept this request.")
	}
	return fault.Wrap(refusal, fault.Internal, "Discord refused this.")
}

// codeOf is Discord's code of a refusal; 0 when it gave none.
func codeOf(err error) int {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return 0
}

// statusOf is the HTTP status with which Discord refused; 0 when it did not.
func statusOf(err error) int {
	var refusal *Refusal
	if errors.As(err, &refusal) {
		return refusal.Status
	}
	return 0
}
