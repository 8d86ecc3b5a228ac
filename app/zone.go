package app

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"
)

// systemZone is the file that says which time zone a system is in, where there is one.
const systemZone = "/etc/localtime"

// maxZone is how large that file may be, in bytes; the largest there are have a few
// thousand.
const maxZone = 1 << 20

// zone is the time zone of this computer, also after a person has travelled: Go reads
// it once, when the program starts. Unix systems name it in a file, which is looked at
// again now and then. On Windows, and where TZ names a zone, there is no such file, and
// another zone is taken at the next start.
type zone struct {
	here atomic.Pointer[time.Location]
	path string   // the file, "" for none
	seen zoneMark // what it was when it was read; of the goroutine that looks
}

// zoneMark tells one state of the file from another.
type zoneMark struct {
	target string // of the link that it is, "" for none
	size   int64
	time   time.Time
}

// newZone takes the zone that a file names from now on; "" for that of the system.
func newZone(path string) *zone {
	z := &zone{path: path}
	z.here.Store(time.Local)
	if path != "" {
		z.look()
		return z
	}
	z.path = zoneFile(os.LookupEnv("TZ"))
	z.seen, _ = markOf(z.path) // Go has read it as it is now
	return z
}

// zoneFile is the file that says the zone, given the variable TZ; "" if that names one
// itself, which nobody changes for a program that runs.
func zoneFile(tz string, set bool) string {
	if !set {
		return systemZone
	}
	if name := strings.TrimPrefix(tz, ":"); filepath.IsAbs(name) {
		return name
	}
	return ""
}

func markOf(path string) (zoneMark, bool) {
	info, err := os.Stat(path)
	if err != nil {
		return zoneMark{}, false
	}
	target, err := os.Readlink(path)
	if err != nil {
		target = "" // a file of its own
	}
	return zoneMark{target, info.Size(), info.ModTime()}, true
}

// now is the time where this computer is.
func (z *zone) now() time.Time { return time.Now().In(z.here.Load()) }

// look reads the file again if it is another than before. One that is damaged, or being
// written, leaves everything as it was, and is looked at again.
func (z *zone) look() {
	mark, ok := markOf(z.path)
	if !ok || mark == z.seen {
		return
	}
	f, err := os.Open(z.path)
	if err != nil {
		return
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxZone))
	if err != nil {
		return
	}
	// The name of the system's zone in all of Go.
	here, err := time.LoadLocationFromTZData("Local", data)
	if err != nil {
		return
	}
	z.seen = mark
	z.here.Store(here)
}
