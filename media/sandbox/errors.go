package sandbox

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero/sys"
)

// What can be wrong with a file. Every error of this package that is about the
// file wraps one of them; others come from the context, from the reader of the
// file, or say that the module itself does not work.
var (
	// ErrUnsupported: the format, the codec or the kind of stream is none that
	// the module knows, or the file does not hold what was asked for.
	ErrUnsupported = errors.New("unsupported")
	// ErrDamaged: the data are broken. What came before the error is good.
	ErrDamaged = errors.New("damaged")
	// ErrTooLarge: more pixels, sound or memory than is allowed.
	ErrTooLarge = errors.New("too large")
	// ErrTimeout: it took longer than [Options].Deadline.
	ErrTimeout = errors.New("took too long")
	// ErrClosed: the sandbox has been closed.
	ErrClosed = errors.New("sandbox is closed")
)

// How the guest ends, as scripts/ffwasm/guest.h has it.
const (
	endUnsupported = 2
	endDamaged     = 3
	endTooLarge    = 4
)

// maxReason bounds what is kept of the guest's own words, in bytes.
const maxReason = 200

// ending turns the error that running the guest gave into one of ours. reason is
// what the guest wrote about it.
func ending(err error, reason string) error {
	if err == nil {
		return nil
	}
	reason = printable(reason)
	var exit *sys.ExitError
	if !errors.As(err, &exit) {
		// A trap: FFmpeg ran into an error of its own over these bytes.
		first, _, _ := strings.Cut(err.Error(), "\n")
		return fmt.Errorf("%w: %s", ErrDamaged, printable(first))
	}
	switch exit.ExitCode() {
	case endUnsupported:
		return fmt.Errorf("%w: %s", ErrUnsupported, reason)
	case endDamaged:
		return fmt.Errorf("%w: %s", ErrDamaged, reason)
	case endTooLarge:
		return fmt.Errorf("%w: %s", ErrTooLarge, reason)
	default:
		return fmt.Errorf("the module ended with %d: %s", exit.ExitCode(), reason)
	}
}

// printable keeps of the guest's words what can stand in one line of a log.
func printable(s string) string {
	s = strings.TrimSpace(s)
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	if len(s) > maxReason {
		s = s[:maxReason]
	}
	if s == "" {
		return "no reason given"
	}
	return s
}
