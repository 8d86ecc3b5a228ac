package device

import "errors"

// Why there is no sound. What comes from a device wraps one of them where the
// system tells.
var (
	// ErrNoBackend: no sound system answers, or this program was built without any.
	ErrNoBackend = errors.New("device: no sound system")
	// ErrNoDevice: there is no such device, or none at all.
	ErrNoDevice = errors.New("device: no such sound device")
	// ErrNotAllowed: the system does not let this program use it.
	ErrNotAllowed = errors.New("device: the system does not allow it")
	// ErrTimeout: the device or the sound system does not answer.
	ErrTimeout = errors.New("device: no answer in time")
	// ErrUnplugged: the device gives or takes no more samples.
	ErrUnplugged = errors.New("device: it is gone")
)

// Info is a device that may be opened.
type Info struct {
	ID      string // the same the next time the program runs
	Name    string // as the system calls it
	Default bool   // the one that "" opens
}
