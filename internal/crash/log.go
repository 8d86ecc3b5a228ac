package crash

import "fmt"

// Kind is what an operation does.
type Kind uint8

// The operations.
const (
	Create   Kind = iota // a file at Path that was not there
	Write                // Data at Offset
	Truncate             // to Size
	Sync                 // of a file; with File < 0 of the folder Path
	Rename               // Path is To now, and what was there is gone
	Link                 // Path is also To
	Remove               // Path
	Mkdir                // Path
	Said                 // Data on the standard output
)

func (k Kind) String() string {
	return [...]string{"create", "write", "truncate", "sync", "rename", "link", "remove", "mkdir", "said"}[k]
}

// Op is one operation. Paths are relative to the folder, with "." for itself.
type Op struct {
	Kind     Kind
	File     int // number of the file, of Create, Write, Truncate, Sync
	Path, To string
	Data     []byte
	Offset   int64
	Size     int64
	// Begun is how many operations were over when a Sync began: those it makes
	// durable.
	Begun int
}

func (o Op) String() string {
	switch o.Kind {
	case Write:
		return fmt.Sprintf("write %d bytes at %d of file %d (%s)", len(o.Data), o.Offset, o.File, o.Path)
	case Truncate:
		return fmt.Sprintf("truncate file %d (%s) to %d", o.File, o.Path, o.Size)
	case Said:
		return fmt.Sprintf("said %.40q", o.Data)
	case Rename, Link:
		return fmt.Sprintf("%s %s to %s", o.Kind, o.Path, o.To)
	}
	return fmt.Sprintf("%s %s", o.Kind, o.Path)
}

// Log is what a process did to a folder, and what was there before.
type Log struct {
	Before *Folder
	Ops    []Op
	// Exit is the exit status of the process.
	Exit int
}

// Said is what the process had said when n operations were over.
func (l *Log) Said(n int) string {
	var said []byte
	for _, o := range l.Ops[:n] {
		if o.Kind == Said {
			said = append(said, o.Data...)
		}
	}
	return string(said)
}

// Moments are the numbers of operations after which a kill leaves a folder that
// it does not leave one operation earlier, 0 and all included.
func (l *Log) Moments() []int {
	list := []int{0}
	for n, o := range l.Ops {
		switch {
		case o.Kind == Sync:
		case o.Kind == Said && n+1 < len(l.Ops) && l.Ops[n+1].Kind == Said:
		default:
			list = append(list, n+1)
		}
	}
	return list
}
