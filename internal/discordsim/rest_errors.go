package discordsim

import (
	"fmt"
	"net/http"
)

// Discord's error codes, as far as the stand-in gives them.
const (
	codeUnknownApplication = 10002
	codeUnknownChannel     = 10003
	codeUnknownGuild       = 10004
	codeUnknownMember      = 10007
	codeUnknownMessage     = 10008
	codeUnknownRole        = 10011
	codeUnknownUser        = 10013
	codeUnknownWebhook     = 10015
	codeUnknownBan         = 10026
	codeUnknownInteraction = 10062
	codeUnknownCommand     = 10063
	codeUnknownRule        = 10066
	codeAcknowledged       = 40060
	codeMissingAccess      = 50001
	codeEmptyMessage       = 50006
	codeCannotDM           = 50007
	codeCannotEditOther    = 50005
	codeMissingPermissions = 50013
	codeInvalidToken       = 50027
	codeBulkTooOld         = 50034
	codeInvalidForm        = 50035
	codeArchivedThread     = 50083
	codeFormNotJSON        = 50109
)

// apiError is the body of a refusal.
type apiError struct {
	Message string `json:"message"`
	Code    int    `json:"code"`
	Errors  any    `json:"errors,omitempty"`
}

func fail(status, code int, message string) answer {
	return answer{status: status, body: apiError{Message: message, Code: code}}
}

func notFound() answer { return fail(http.StatusNotFound, 0, "404: Not Found") }

// unknown is 404 with the code for a kind of thing.
func unknown(code int, kind string) answer { return fail(http.StatusNotFound, code, "Unknown "+kind) }

func missingAccess() answer { return fail(http.StatusForbidden, codeMissingAccess, "Missing Access") }

func missingPermissions() answer {
	return fail(http.StatusForbidden, codeMissingPermissions, "Missing Permissions")
}

// invalid is 50035 with Discord's tree of errors for one field.
func invalid(field, code, message string) answer { return invalidAt([]string{field}, code, message) }

// invalidAt is invalid for a field within others.
func invalidAt(path []string, code, message string) answer {
	tree := map[string]any{"_errors": []map[string]string{{"code": code, "message": message}}}
	for i := len(path) - 1; i >= 0; i-- {
		tree = map[string]any{path[i]: tree}
	}
	return answer{status: http.StatusBadRequest, body: apiError{
		Message: "Invalid Form Body", Code: codeInvalidForm, Errors: tree,
	}}
}

// crowded is invalidAt for a list that is too long.
func crowded(most int, path ...string) answer {
	return invalidAt(path, "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", most))
}

func tooLong(field string, limit int) answer {
	return invalid(field, "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", limit))
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

func created(body any) answer { return answer{status: http.StatusCreated, body: body} }

func done() answer { return answer{status: http.StatusNoContent} }
