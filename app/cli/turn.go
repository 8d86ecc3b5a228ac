package cli

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"
	"time"

	"magpie/app/profile"
	"magpie/im"
	"magpie/server/datalock"
	"magpie/store"
)

const (
	turnPatience = 5 * time.Second
	turnPause    = 50 * time.Millisecond
)

// inUseError is a history that somebody else has open; it says who, as far as that
// is known.
type inUseError struct{ who string }

func (e *inUseError) Error() string { return store.ErrInUse.Error() + ": " + e.who }
func (e *inUseError) Unwrap() error { return store.ErrInUse }

// inUse says who, if err is that somebody has the history open.
func inUse(err error, who func() string) error {
	if errors.Is(err, store.ErrInUse) {
		return &inUseError{who()}
	}
	return err
}

// takeTurn waits until no other command has the account. What it returns is held
// as long as the history is open here; nil for a folder that may not be written, where
// no command changes anything and none has to wait.
func (e *Env) takeTurn(ctx context.Context, history string) (*datalock.Lock, error) {
	return retry(ctx, e.Patience, func() (*datalock.Lock, error) {
		lock, err := datalock.Acquire(filepath.Dir(history))
		if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
			return nil, nil
		}
		if im.CodeOf(err) == im.CodeDataFolderInUse {
			err = &inUseError{"another command has it: " + textOf(err)}
		}
		return lock, err
	})
}

// retry tries until what it wants is in use no more, for as long as an
// [Env.Patience].
func retry[T any](ctx context.Context, patience time.Duration, try func() (T, error)) (T, error) {
	if patience == 0 {
		patience = turnPatience
	}
	for deadline := time.Now().Add(patience); ; {
		v, err := try()
		if !errors.Is(err, store.ErrInUse) || time.Now().After(deadline) {
			return v, err
		}
		select {
		case <-ctx.Done():
			return v, errors.Join(err, ctx.Err())
		case <-time.After(turnPause):
		}
	}
}

// windowOf says which window has the history, if it is one.
func windowOf(p profile.Profile, older bool) string {
	lock, err := datalock.Acquire(p.Dir())
	switch {
	case err == nil:
		if err := lock.Release(); err != nil {
			return textOf(err)
		}
		return "no window and no command of this program has it"
	case older:
		return "a window of an older version has it, which runs no commands: " + textOf(err)
	}
	return "a window has it that is just opening or closing: " + textOf(err)
}

// textOf is what an error says to developers.
func textOf(err error) string {
	var ie *im.Error
	if errors.As(err, &ie) {
		return ie.Text
	}
	return err.Error()
}
