package im

import (
	"errors"
	"fmt"
)

// Code is an error code of the published interface, or one of ours (from
// 130100, a range it leaves free).
type Code int

// Error is a failure that a person may be told. Code decides the words
// ([Error.Message]); Text says for a developer what exactly was wrong and is
// never shown alone.
type Error struct {
	Code Code   `json:"code"`
	Text string `json:"message,omitempty"`
}

// Errorf makes an Error with a formatted Text.
func Errorf(c Code, format string, args ...any) *Error {
	return &Error{Code: c, Text: fmt.Sprintf(format, args...)}
}

// Error implements error: the code and the developer's text.
func (e *Error) Error() string {
	if e.Text == "" {
		return fmt.Sprintf("%s (code %d)", e.Code.Message(English), e.Code)
	}
	return fmt.Sprintf("%s (code %d)", e.Text, e.Code)
}

// Is makes errors.Is(err, &Error{Code: c}) compare codes.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// Message is what to tell a person: what happened and what to do.
func (e *Error) Message(l Language) string { return e.Code.Message(l) }

// CodeOf returns the code of the *Error in err's chain, 0 if there is none.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

// Language is one of the languages in which this package has words.
type Language int

// Languages.
const (
	English Language = iota
	Chinese
)
