package app

import (
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"magpie/widgets"
)

// smallDisk mounts a disk of a size at path, which is made.
func smallDisk(t *testing.T, path, size string) {
	t.Helper()
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, "size="+size); err != nil {
		if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
			t.Skipf("mounting is not permitted here: %v", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(path, 0); err != nil {
			t.Error(err)
		}
	})
}

// The disk fills while a note is recorded: that is said, and what there is can be
// heard and sent.
func TestRecordingOnAFullDisk(t *testing.T) {
	u := inEcho(t)
	smallDisk(t, u.notesDir(), "128k")
	u.clickMicrophone()
	u.sees("no room left on the disk")
	u.sees("until then is kept")
	u.records(widgets.RecorderDone, time.Second)
	u.button("Listen")
	u.until("it can be heard", func() bool { return len(u.sound.heard()) > 10_000 })
	u.button("Send")
	u.sees("no room left on the disk") // for what is noted of the message
	u.records(widgets.RecorderDone, time.Second)
	if all, err := u.a.session.client.Pending(echoChat); err != nil || len(all) != 0 {
		t.Errorf("%d messages wait, %v", len(all), err)
	}
	if err := syscall.Mount("tmpfs", u.notesDir(), "tmpfs", syscall.MS_REMOUNT, "size=1m"); err != nil {
		t.Fatal(err)
	}
	u.button("Send")
	u.voiceSent(echoChat)
	u.noDraft()
	u.end()
}
