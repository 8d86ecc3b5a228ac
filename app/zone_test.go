package app

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"magpie/im"
)

// zoneData is a file of a zone that is always some hours ahead of UTC (RFC 9636,
// version 1).
func zoneData(name string, hours int32) []byte {
	b := append([]byte("TZif"), make([]byte, 16)...)
	for _, n := range []uint32{0, 0, 0, 0, 1, uint32(len(name) + 1)} {
		b = binary.BigEndian.AppendUint32(b, n)
	}
	b = binary.BigEndian.AppendUint32(b, uint32(hours*3600))
	b = append(b, 0, 0)
	return append(append(b, name...), 0)
}

func writeZone(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// link points a link to another file at once, as systems do.
func link(t *testing.T, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path+".new"); err != nil {
		t.Skip(err) // not on every system
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func TestZoneFollowsItsFile(t *testing.T) {
	dir := t.TempDir()
	east, west, path := filepath.Join(dir, "east"), filepath.Join(dir, "west"), filepath.Join(dir, "localtime")
	writeZone(t, east, zoneData("EAST", 8))
	writeZone(t, west, zoneData("WEST", -5))
	link(t, east, path)
	z := newZone(path)
	want := func(what, name string, hours int) {
		t.Helper()
		z.look()
		if n, off := z.now().Zone(); n != name || off != hours*3600 {
			t.Errorf("%s: it is %s, %+d s, want %s", what, n, off, name)
		}
	}
	want("at first", "EAST", 8)
	here := z.now().Location()
	if want("nothing changed", "EAST", 8); z.now().Location() != here {
		t.Error("it was read again for nothing")
	}
	link(t, west, path)
	want("another target", "WEST", -5)
	writeZone(t, west, zoneData("SUMMER", -4)) // what it points to is written anew
	want("other rules", "SUMMER", -4)
	writeZone(t, west, []byte("TZif, half writ"))
	want("damaged", "SUMMER", -4)
	writeZone(t, west, zoneData("AFTER", -3))
	want("whole again", "AFTER", -3)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	want("gone", "AFTER", -3)
}

func TestZoneFile(t *testing.T) {
	for _, c := range []struct {
		tz   string
		set  bool
		want string
	}{
		{"", false, systemZone}, {"", true, ""}, {"Europe/Zurich", true, ""}, {":Europe/Zurich", true, ""}, {"UTC", true, ""},
		{":/etc/localtime", true, "/etc/localtime"}, {"/srv/zone", true, "/srv/zone"},
	} {
		if got := zoneFile(c.tz, c.set); got != c.want && filepath.IsAbs("/srv") {
			t.Errorf("TZ=%q: %q, want %q", c.tz, got, c.want)
		}
	}
	if z := newZone(""); z.now().Location() != time.Local {
		t.Error("the system's zone is not the system's")
	}
}

// Words for times are looked at again when the day, the zone or the clock is another,
// and only then.
func TestPassing(t *testing.T) {
	now := time.Date(2026, 11, 26, 23, 59, 58, 0, time.UTC)
	at := time.Now()
	p := newPassing(timeWords{now: func() time.Time { return now }}, at)
	for _, step := range []struct {
		what   string
		by     time.Duration // of the wall
		passes time.Duration
		zone   *time.Location
		want   bool
	}{
		{"a second", time.Second, time.Second, time.UTC, false},
		{"midnight", time.Second, time.Second, time.UTC, true},
		{"asleep for hours", 7 * time.Hour, 7 * time.Hour, time.UTC, false},
		{"set by a second", 2 * time.Second, time.Second, time.UTC, false},
		{"set on by an hour", time.Hour, time.Second, time.UTC, true},
		{"set back by an hour", -time.Hour, time.Second, time.UTC, true},
		{"another zone of the same time", time.Second, time.Second, time.FixedZone("same", 0), true},
		{"that stays", time.Second, time.Second, nil, false},
	} {
		if step.zone != nil {
			now = now.In(step.zone)
		}
		now, at = now.Add(step.by), at.Add(step.passes)
		if got := p.moved(at); got != step.want {
			t.Errorf("%s: %v", step.what, got)
		}
	}
}

// Whoever travels sees the times of where they are, in the list and beside messages,
// without a new start.
func TestTimesFollowTheZone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "localtime")
	writeZone(t, path, zoneData("EAST", 8))
	u := beginWith(t, t.TempDir(), func(o *Options) { o.Zone = path })
	u.start()
	u.front(true)
	u.opens("C2Cecho")
	u.types("where am I")
	u.key("Return")
	m := u.sent("C2Cecho", "the text", func(m *im.Message) bool {
		text, is := m.Payload.(im.TextPayload)
		return is && text.Text == "where am I"
	})
	at := time.UnixMilli(m.Time)
	u.sees(at.In(time.FixedZone("", 8*3600)).Format("15:04"))
	writeZone(t, path, zoneData("MIDDLE", 3)) // of another length, for clocks that are coarse
	there := at.In(time.FixedZone("", 3*3600))
	u.sees(there.Format("15:04"))
	u.misses(at.In(time.FixedZone("", 8*3600)).Format("15:04"))
	u.until("the list follows", func() bool {
		_, i := u.listed("C2Cecho")
		if i < 0 {
			return false
		}
		row := u.a.main.shown.At(i)
		return row.Time == there.Format("15:04") || row.Time == "Yesterday"
	})
	u.end()
}
