package crash

import "errors"

// ErrNoTrace says that this system does not let a process trace its own child.
var ErrNoTrace = errors.New("crash: tracing is not permitted here")

// Command is a process to record: a program with its arguments, and what is added
// to this process's environment. Its standard output goes into the record.
type Command struct {
	Args []string
	Env  []string
	// KillAfter, if not 0, kills the process when it begins an operation after so
	// many.
	KillAfter int
}
