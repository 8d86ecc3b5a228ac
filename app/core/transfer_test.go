package core

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"magpie/im"
	"magpie/internal/seal"
	"magpie/store"
	"magpie/store/storetest"
)

// content is n bytes that are the same for the same seed.
func content(seed byte, n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// attach makes a message with a file of this content.
func (d *device) attach(to string, b []byte) im.Message {
	d.t.Helper()
	f, err := d.AddFile(d.t.Context(), bytes.NewReader(b), 0)
	ok(d.t, err)
	equal(d.t, "address", f.Address, im.BlobAddress(hashOf(b)))
	return d.CreateFileMessage(im.ConvC2C, to, im.FilePayload{FileName: "../../a file", FileSize: f.Size, FileURL: f.Address})
}

// sendFile sends a file and waits until the server has it.
func (d *device) sendFile(to string, b []byte) im.Message {
	d.t.Helper()
	m, err := d.SendMessage(d.t.Context(), d.attach(to, b), im.SendOptions{})
	ok(d.t, err)
	return d.sent(m.ID)
}

func (d *device) sent(id im.MessageID) im.Message {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	m, err := d.WaitSent(ctx, id)
	ok(d.t, err)
	return m
}

// fetched downloads an address and compares it.
func (d *device) fetched(address string, want []byte) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), time.Minute)
	defer cancel()
	ok(d.t, d.Download(ctx, address, nil))
	got := readAll(d.t, d.Client, address)
	equal(d.t, "hash of what came", hashOf(got), hashOf(want))
}

// via signs a user in through a cutter.
func (s *magpied) via(t *testing.T, c *cutter, user string, change ...func(*Options)) *device {
	t.Helper()
	return s.viaAt(t, c.url(), user, filepath.Join(t.TempDir(), user+".db"), change...)
}

func (s *magpied) viaAt(t testing.TB, url, user, path string, change ...func(*Options)) *device {
	t.Helper()
	options := store.Options{Account: im.UserID(user)}
	storetest.Sound(t, path, options)
	st, _, err := store.Open(path, options)
	ok(t, err)
	o := realOptions(st, url, user)
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	ok(t, err)
	return startDevice(t, c, st, path)
}

func TestFilesBetweenTwo(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "eve")
	ann, bob, eve := s.device(t, "ann").ready(), s.device(t, "bob").ready(), s.device(t, "eve").ready()
	b := content(1, 3<<20)
	m := ann.sendFile("bob", b)
	address := m.Payload.(im.FilePayload).FileURL
	bob.untilReceived("C2Cann", 1)
	if bob.HasFile(address) {
		t.Error("bob has it before asking for it")
	}
	bob.fetched(address, b)
	if !ann.HasFile(address) {
		t.Error("its sender has it not")
	}
	err := eve.Download(t.Context(), address, nil)
	equal(t, "a stranger", im.CodeOf(err), im.CodeBlobNotFound)
	err = eve.Download(t.Context(), "blob:../../x", nil)
	equal(t, "no address", im.CodeOf(err), im.CodeInvalidParameter)
	// Forwarding what is here already uploads nothing again.
	m, err = bob.SendMessage(t.Context(), bob.CreateFileMessage(im.ConvC2C, "eve", m.Payload.(im.FilePayload)), im.SendOptions{})
	ok(t, err)
	bob.sent(m.ID)
	eve.fetched(address, b)
	// A recall takes the file from every disk.
	recalled := ann.sendFile("bob", content(2, 1000))
	address = recalled.Payload.(im.FilePayload).FileURL
	bob.fetched(address, content(2, 1000))
	ok(t, ann.RevokeMessage(t.Context(), recalled.ID))
	for _, d := range []*device{ann, bob} {
		d.until("the recall", func(e Event) bool { _, is := e.(MessageRevoked); return is })
		if d.HasFile(address) {
			t.Errorf("%s still has it", d.User())
		}
		err = d.Download(t.Context(), address, nil)
		equal(t, "after the recall", im.CodeOf(err), im.CodeBlobNotFound)
	}
}

// 20 MB up and down over connections that are cut ten times each.
func TestFileArrivesWholeOverCuts(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	cutUp, cutDown := newCutter(t, s.listen, 2<<20, 10), newCutter(t, s.listen, 2<<20, 10)
	size := 20 << 20
	if os.Getenv("MAGPIE_SOAK") != "" {
		size = im.MaxFileBytes
		cutUp.after, cutDown.after = 10<<20-1<<16, 10<<20-1<<16
	}
	ann, bob := s.via(t, cutUp, "ann").ready(), s.via(t, cutDown, "bob").ready()
	b := content(3, size)
	m := ann.sendFile("bob", b)
	bob.untilReceived("C2Cann", 1)
	bob.fetched(m.Payload.(im.FilePayload).FileURL, b)
	if up, down := cutUp.cuts(), cutDown.cuts(); up > 1 || down > 1 {
		t.Errorf("%d and %d cuts were not made: the test does not test", up, down)
	}
	for _, e := range ann.seen {
		if p, is := e.(TransferProgress); is && (p.ID != m.ID || p.Total != int64(size) || p.Sent > p.Total) {
			t.Errorf("progress %+v", p)
		}
	}
}

func TestProgressIsToldSeldom(t *testing.T) {
	var told []int64
	report := throttle(func(done, _ int64) { told = append(told, done) })
	start := time.Now()
	for done := int64(0); done <= 1_000_000; done++ {
		report(done, 1_000_000)
	}
	report(1_000_000, 1_000_000)
	if most := int(time.Since(start)/progressEvery) + 2; len(told) > most || len(told) < 2 || told[len(told)-1] != 1_000_000 {
		t.Errorf("%d reports, %d at most; the last is %d", len(told), most, told[len(told)-1])
	}
}

// What was written after a file does not wait for it, and the file is paused,
// resumed and cancelled.
func TestTransferPausesAndTextsOvertake(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	ann.transfers.turns <- struct{}{} // the first ones wait for their turns
	ann.transfers.turns <- struct{}{}
	ann.transfers.turns <- struct{}{}
	b := content(4, 1<<20)
	m, err := ann.SendMessage(t.Context(), ann.attach("bob", b), im.SendOptions{})
	ok(t, err)
	again, err := ann.SendMessage(t.Context(), m, im.SendOptions{})
	ok(t, err)
	equal(t, "sent again", again.ID, m.ID)
	gone, err := ann.SendMessage(t.Context(), ann.attach("bob", content(5, 1000)), im.SendOptions{})
	ok(t, err)
	ok(t, ann.PauseTransfer(m.ID))
	ann.say(im.ConvC2C, "bob", "not waiting")
	equal(t, "first", bob.hear("not waiting").Sequence, uint64(1))
	p, there := ann.Transfer(m.ID)
	equal(t, "paused", fmt.Sprint(p.Paused, there, p.Total), "true true 1048576")
	ok(t, ann.CancelMessage(t.Context(), gone.ID))
	for range 3 {
		<-ann.transfers.turns
	}
	equal(t, "no transfer", im.CodeOf(ann.PauseTransfer(gone.ID)), im.CodeInvalidMessage)
	ok(t, ann.ResumeTransfer(m.ID))
	equal(t, "second", ann.sent(m.ID).Sequence, uint64(2))
	if _, there := ann.Transfer(m.ID); there {
		t.Error("it is still being transferred")
	}
	pending, err := ann.Pending("C2Cbob")
	ok(t, err)
	equal(t, "pending", len(pending), 0)
}

// What a person paused stays so until they say otherwise.
func TestPauseOutlivesTheProcess(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	for range cap(ann.transfers.turns) {
		ann.transfers.turns <- struct{}{} // none begins before it is paused
	}
	m, err := ann.SendMessage(t.Context(), ann.attach("bob", content(6, 1000)), im.SendOptions{})
	ok(t, err)
	ok(t, ann.PauseTransfer(m.ID))
	ann.stop()
	ann = s.deviceAt(t, "ann", ann.path).ready()
	ann.say(im.ConvC2C, "bob", "meanwhile")
	bob.hear("meanwhile")
	if p, there := ann.Transfer(m.ID); !there || !p.Paused {
		t.Errorf("after a restart: %+v, %v", p, there)
	}
	ok(t, ann.ResumeTransfer(m.ID))
	ann.sent(m.ID)
	ann.stop()
	ann = s.deviceAt(t, "ann", ann.path).ready()
	equal(t, "nothing is paused", len(ann.transfers.paused), 0)
}

// Both sides die in the middle of an upload; the source is gone by then.
func TestUploadGoesOnAfterRestarts(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	cut := newCutter(t, s.listen, 4<<20, 1<<30) // never through in one go
	ann := s.via(t, cut, "ann").ready()
	b := content(6, 12<<20)
	path := filepath.Join(t.TempDir(), "source")
	ok(t, os.WriteFile(path, b, 0o600))
	f, err := ann.AddFileAt(t.Context(), path)
	ok(t, err)
	ok(t, os.Remove(path))
	m, err := ann.SendMessage(t.Context(), ann.CreateFileMessage(im.ConvC2C, "bob", im.FilePayload{FileName: "x", FileSize: f.Size, FileURL: f.Address}), im.SendOptions{})
	ok(t, err)
	ann.until("the first bytes", func(e Event) bool { p, is := e.(TransferProgress); return is && p.Sent > 1<<20 })
	ann.stop()
	s.kill()
	s.start()
	ann = s.viaAt(t, s.url, "ann", ann.path).ready()
	ann.sent(m.ID)
	var first int64 = -1
	for first < 0 {
		ann.until("progress", func(e Event) bool {
			p, is := e.(TransferProgress)
			if is {
				first = p.Sent
			}
			return is
		})
	}
	if first < 1<<20 {
		t.Errorf("it began again at %d", first)
	}
	bob := s.device(t, "bob").ready()
	bob.fetched(f.Address, b)
}

// A download goes on in a later process.
func TestDownloadGoesOnAfterRestart(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	b := content(7, 12<<20)
	m := ann.sendFile("bob", b)
	address := m.Payload.(im.FilePayload).FileURL
	cut := newCutter(t, s.listen, 4<<20, 1<<30)
	bob := s.via(t, cut, "bob").ready()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := bob.Download(ctx, address, func(got, _ int64) {
		if got > 1<<20 {
			cancel()
		}
	})
	if err == nil {
		t.Fatal("it was not cut")
	}
	bob.stop()
	part, err := os.Stat(bob.files.part(hashOf(b)))
	ok(t, err)
	kept, _ := seal.ContentSize(part.Size())
	if kept < 1<<20 {
		t.Errorf("%d bytes are kept", kept)
	}
	bob = s.viaAt(t, s.url, "bob", bob.path).ready()
	bob.fetched(address, b)
	for _, e := range bob.seen {
		if p, is := e.(TransferProgress); is && p.Sent < kept {
			t.Errorf("it began again: %+v", p)
		}
	}
}

func TestFilesRefusedBeforeSending(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	_, err := ann.AddFile(t.Context(), bytes.NewReader(nil), 0)
	equal(t, "empty", im.CodeOf(err), im.CodeFileEmpty)
	_, err = ann.AddFile(t.Context(), bytes.NewReader(make([]byte, 11)), 10)
	equal(t, "too large", im.CodeOf(err), im.CodeFileTooLarge)
	_, err = ann.AddFileAt(t.Context(), filepath.Join(t.TempDir(), "nothing"))
	equal(t, "missing", im.CodeOf(err), im.CodeFileMissing)
	_, err = ann.AddFileAt(t.Context(), t.TempDir())
	equal(t, "a folder", im.CodeOf(err), im.CodeFileMissing)
	huge := filepath.Join(t.TempDir(), "huge")
	ok(t, os.WriteFile(huge, nil, 0o600))
	ok(t, os.Truncate(huge, im.MaxFileBytes+1))
	_, err = ann.AddFileAt(t.Context(), huge)
	equal(t, "huge", im.CodeOf(err), im.CodeFileTooLarge)
	left, err := filepath.Glob(filepath.Join(ann.files.dir, "part", "*"))
	ok(t, err)
	equal(t, "left over", len(left), 0)
}

// An upload that cannot go on is a failed message, and is sent again by hand.
func TestFailedUploadIsFailedMessage(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	for range cap(ann.transfers.turns) {
		ann.transfers.turns <- struct{}{}
	}
	b := content(8, 1000)
	m, err := ann.SendMessage(t.Context(), ann.attach("bob", b), im.SendOptions{})
	ok(t, err)
	ok(t, os.Remove(ann.files.path(hashOf(b))))
	for range cap(ann.transfers.turns) {
		<-ann.transfers.turns
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	failed, err := ann.WaitSent(ctx, m.ID)
	equal(t, "code", im.CodeOf(err), im.CodeFileMissing)
	equal(t, "status", failed.Status, im.StatusFail)
	ann.attach("bob", b) // it is here again
	_, err = ann.ResendMessage(t.Context(), m.ID)
	ok(t, err)
	equal(t, "sequence", ann.sent(m.ID).Sequence, uint64(1))
}

// Several wait for one content: it is transferred once, and goes on while one of
// them waits.
func TestDownloadIsShared(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	b := content(9, 1<<20)
	address := ann.sendFile("bob", b).Payload.(im.FilePayload).FileURL
	for range cap(bob.downloads.turns) {
		bob.downloads.turns <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	results := make(chan error, 3)
	for i := range 3 {
		go func() {
			if i > 0 {
				err := bob.Download(t.Context(), address, nil)
				results <- err
				return
			}
			err := bob.Download(ctx, address, nil)
			results <- err
		}()
	}
	eventually(t, "all wait", func() bool {
		bob.downloads.mu.Lock()
		defer bob.downloads.mu.Unlock()
		d := bob.downloads.open[hashOf(b)]
		return d != nil && d.waiting == 3
	})
	cancel()
	equal(t, "who gave up", <-results, context.Canceled)
	for range cap(bob.downloads.turns) {
		<-bob.downloads.turns
	}
	ok(t, <-results)
	ok(t, <-results)
	ended := 0
	bob.until("its end", func(e Event) bool { _, is := e.(DownloadEnded); return is })
	for _, e := range bob.seen {
		if _, is := e.(DownloadEnded); is {
			ended++
		}
	}
	equal(t, "transfers", ended, 1)
}

func TestAutoDownload(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	bob := s.viaAt(t, s.url, "bob", filepath.Join(t.TempDir(), "bob.db"), func(o *Options) {
		o.AutoDownload = map[im.MessageType]int64{im.MsgFile: 2000, im.MsgImage: 0}
	}).ready()
	large, lying, small := content(10, 3000), content(11, 5000), content(12, 1000)
	ann.sendFile("bob", large)
	m := ann.attach("bob", lying)
	p := m.Payload.(im.FilePayload)
	p.FileSize = 100
	m.Payload = p
	m, err := ann.SendMessage(t.Context(), m, im.SendOptions{})
	ok(t, err)
	ann.sent(m.ID)
	ann.sendFile("bob", small)
	ended := map[string]im.Code{}
	for len(ended) < 2 {
		bob.until("a download", func(e Event) bool {
			d, is := e.(DownloadEnded)
			if is {
				ended[d.Address] = im.CodeOf(errorOf(d.Error))
			}
			return is
		})
	}
	equal(t, "downloads", ended, map[string]im.Code{
		im.BlobAddress(hashOf(small)): 0, im.BlobAddress(hashOf(lying)): im.CodeFileTooLarge,
	})
	here := bob.HasFile(im.BlobAddress(hashOf(large)))
	equal(t, "the large one", here, false)
}

// errorOf keeps a nil *im.Error nil.
func errorOf(e *im.Error) error {
	if e == nil {
		return nil
	}
	return e
}

// readAll is the content of an address on this disk.
func readAll(t testing.TB, c *Client, address string) []byte {
	t.Helper()
	f, err := c.OpenFile(address)
	ok(t, err)
	b, err := io.ReadAll(f)
	ok(t, err)
	ok(t, f.Close())
	return b
}

// sum is how many bytes the files of a cache have.
func sum(t *testing.T, dir string) (n int64) {
	t.Helper()
	for name, b := range onDisk(t, dir) {
		if !strings.Contains(name, "part/") {
			n += int64(len(b))
		}
	}
	return n
}
