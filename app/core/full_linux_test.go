package core

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"magpie/im"
)

// The disk of the files fills in the middle: of a file that is being copied in,
// and of one that comes from the server. Both say so, leave nothing in the cache,
// and work once there is room.
func TestFilesOnFullDisk(t *testing.T) {
	small := t.TempDir()
	if err := syscall.Mount("tmpfs", small, "tmpfs", 0, "size=3m"); err != nil {
		if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
			t.Skipf("mounting is not permitted here: %v", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(small, 0); err != nil {
			t.Error(err)
		}
	})
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	bob := s.viaAt(t, s.url, "bob", filepath.Join(t.TempDir(), "bob.db"), func(o *Options) { o.Files = small }).ready()
	b := content(40, 2<<20)
	address := ann.sendFile("bob", b).Payload.(im.FilePayload).FileURL
	filler := filepath.Join(small, "filler")
	ok(t, os.WriteFile(filler, make([]byte, 2<<20), 0o600))
	_, err := bob.AddFile(t.Context(), bytes.NewReader(content(41, 2<<20)), 0)
	equal(t, "copied in", im.CodeOf(err), im.CodeDiskFull)
	err = bob.Download(t.Context(), address, nil)
	equal(t, "downloaded", im.CodeOf(err), im.CodeDiskFull)
	here := bob.HasFile(address)
	equal(t, "in the cache", here, false)
	ok(t, os.Remove(filler))
	bob.fetched(address, b)
}
