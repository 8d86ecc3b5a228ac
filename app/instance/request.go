package instance

import (
	"errors"
	"io"

	"magpie/app/profile"
	"magpie/im"
)

// Request is a command of the command line, with what of the asking process it
// depends on.
type Request struct {
	Args []string `json:"args"` // without the program's name
	// Account is the one that the command works on.
	Account profile.Account `json:"account"`
	// Dir is the working directory.
	Dir string `json:"dir"`
	// Language of what a person is told.
	Language im.Language `json:"language,omitempty"`
	// Zone is the name of the time zone, "" for the system's; Offset is how many
	// seconds it is now east of Greenwich, for a name that means nothing here.
	Zone   string `json:"zone,omitempty"`
	Offset int    `json:"offset,omitempty"`
}

// Streams are those of the asking process.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Refusal is why a window did not run a command.
type Refusal string

// The refusals.
const (
	// RefusedElsewhere: the window does not have the account open.
	RefusedElsewhere Refusal = "elsewhere"
	// RefusedLocked: a person has to unlock the window first.
	RefusedLocked Refusal = "locked"
	// RefusedEnding: the window is closing.
	RefusedEnding Refusal = "ending"
	// RefusedBusy: too many commands run already.
	RefusedBusy Refusal = "busy"
	// RefusedRequest: the request cannot be read.
	RefusedRequest Refusal = "request"
)

// RefusedError is a command that was not run.
type RefusedError struct{ Why Refusal }

func (e *RefusedError) Error() string {
	return "instance: the window refused the command: " + string(e.Why)
}

// Errors of [Do]. After ErrNoWindow and ErrOlder nothing was run; after ErrGone
// nobody knows how far the command came.
var (
	// ErrNoWindow: no process answers for this profile.
	ErrNoWindow = errors.New("instance: no window of this profile answers")
	// ErrOlder: a window is there that does not run commands, of an older version.
	ErrOlder = errors.New("instance: the window of this profile does not run commands")
	// ErrGone: the window's process ended while the command ran.
	ErrGone = errors.New("instance: the window ended while the command ran")
)

// Causes of the end of a command's context.
var (
	errAskerGone = errors.New("instance: the asking process is gone")
	errClosing   = errors.New("instance: the window is closing")
)
