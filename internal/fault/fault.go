// Package fault is the one error type that may reach a person: a kind, which the edge turns into a status, and a plain
// sentence that says what to do. Every other error is internal: it is logged once with a reference id and shown as
// such.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what went wrong, in terms of the one who asked.
type Kind int

// The kinds, with the HTTP status that the edge gives to each.
const (
	Internal        Kind = iota // 500: our mistake; nothing about it is shown
	Invalid                     // 400: the request makes no sense; say which part
	Unprocessable               // 422: a form came back with messages
	Unauthenticated             // 401: nobody is signed in
	Forbidden                   // 403: signed in, but the right is missing
	NotFound                    // 404: absent, or not yours: the answer is the same
	Conflict                    // 409: somebody was faster
	TooLarge                    // 413: more than the limit
	TooMany                     // 429: later; RetryAfter says when
	Unavailable                 // 503: a part is down; RetryAfter says when
)

var statuses = [...]int{500, 400, 422, 401, 403, 404, 409, 413, 429, 503}

var codes = [...]string{"internal", "invalid", "unprocessable", "unauthenticated", "forbidden", "not_found", "conflict",
	"too_large", "too_many_requests", "unavailable"}

// Status is the HTTP status of the kind.
func (k Kind) Status() int { return statuses[k] }

// Code is the kind's name in JSON errors.
func (k Kind) Code() string { return codes[k] }

// Error is an error with a sentence for people. Public is plain English without secrets; Err is the cause, for the log
// only.
type Error struct {
	Kind       Kind
	Public     string
	RetryAfter time.Duration // for TooMany and Unavailable; zero when unknown
	Err        error
}

// Error is the text for the log: the public sentence and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Public
	}
	return e.Public + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes an error of kind k with a public sentence.
func New(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Public: fmt.Sprintf(format, args...)}
}

// Wrap is New with a cause for the log. A nil cause gives a nil error.
func Wrap(err error, k Kind, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &Error{Kind: k, Public: fmt.Sprintf(format, args...), Err: err}
}

// Of finds the kind of err: Internal for any error that is no *Error.
func Of(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
