package core

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"magpie/im"
)

// here tells which of the contents are on the device's disk.
func (d *device) here(contents ...[]byte) []bool {
	var list []bool
	for _, b := range contents {
		list = append(list, d.HasFile(im.BlobAddress(hashOf(b))))
	}
	return list
}

// bytes is what the contents take of the device's disk.
func (d *device) bytes(contents ...[]byte) (n int64) {
	d.t.Helper()
	for _, b := range contents {
		size, err := fileBytes(d.files.path(hashOf(b)))
		ok(d.t, err)
		n += size
	}
	return n
}

// later lets a device's clock be ahead.
func later(by time.Duration) func(*Options) {
	return func(o *Options) { o.Now = func() time.Time { return time.Now().Add(by) } }
}

// imported brings a message with a file in that no server has ever seen.
func (d *device) imported(conv im.ConversationID, n uint64, b []byte) {
	d.t.Helper()
	f, err := d.AddFile(d.t.Context(), bytes.NewReader(b), 0)
	ok(d.t, err)
	m := im.Message{
		ID: im.MessageID("old-" + hashOf(b)[:8]), ConversationID: conv, ConversationType: conv.Type(), Type: im.MsgFile, Flow: im.FlowIn,
		From: im.UserID(conv.To()), To: string(d.User()), Sequence: n, Time: 1_500_000_000_000, Status: im.StatusSuccess,
		Payload: im.FilePayload{FileName: "old", FileSize: f.Size, FileURL: f.Address},
	}
	added, err := d.ImportMessages(d.t.Context(), conv, []im.Message{m})
	ok(d.t, err)
	equal(d.t, "imported", added, 1)
}

// sendPicture sends a picture of two sizes.
func (d *device) sendPicture(to string, small, whole []byte) im.Message {
	d.t.Helper()
	p := im.ImagePayload{ImageFormat: im.ImageJPEG}
	for _, size := range []struct {
		t im.ImageSizeType
		b []byte
	}{{im.ImageThumbnail, small}, {im.ImageOriginal, whole}} {
		f, err := d.AddFile(d.t.Context(), bytes.NewReader(size.b), 0)
		ok(d.t, err)
		p.ImageInfoArray = append(p.ImageInfoArray, im.ImageInfo{SizeType: size.t, Size: f.Size, Width: 9, Height: 9, ImageURL: f.Address})
	}
	m, err := d.SendMessage(d.t.Context(), d.CreateImageMessage(im.ConvC2C, to, p), im.SendOptions{})
	ok(d.t, err)
	return d.sent(m.ID)
}

func TestStorage(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "cat")
	ann := s.device(t, "ann").ready()
	file, small, whole, other := content(1, 3000), content(2, 100), content(3, 5000), content(4, 700)
	ann.sendFile("bob", file)
	ann.sendFile("bob", file) // counts once
	ann.sendFile("cat", file) // and for both
	ann.sendPicture("bob", small, whole)
	ann.say(im.ConvC2C, "bob", "and a text")
	_, err := ann.AddFile(t.Context(), bytes.NewReader(other), 0) // no message names it
	ok(t, err)
	var told []uint64
	u, err := ann.Storage(t.Context(), func(done, total uint64) { told = append(told, done, total) })
	ok(t, err)
	equal(t, "kinds", u.Kinds, []KindUsage{
		{Kind: FileVideo}, {FilePicture, 2, ann.bytes(small, whole)}, {FileOther, 1, ann.bytes(file)}, {Kind: FileVoice},
	})
	equal(t, "conversations", u.Conversations, []ConversationUsage{
		{ConversationID: "C2Cbob", Messages: 4, Files: 3, Bytes: ann.bytes(file, small, whole), Pictures: 1, Documents: 2},
		{ConversationID: "C2Ccat", Messages: 1, Files: 1, Bytes: ann.bytes(file), Documents: 1},
	})
	equal(t, "other", u.Other, ann.bytes(other))
	equal(t, "progress", told[len(told)-2:], []uint64{5, 5})
	if u.History < 4096 || u.Total() != u.History+ann.bytes(file, small, whole, other) {
		t.Errorf("%d of %d bytes are history", u.History, u.Total())
	}
}

// What is removed is what was said before, its messages and previews stay, and it comes
// back when it is asked for.
func TestFreeUp(t *testing.T) {
	s := newMagpied(t, "ann", "bob", "cat")
	ann := s.device(t, "ann").ready()
	file, small, whole, tiny, foreign := content(1, 30_000), content(2, 100), content(3, 50_000), content(4, 10), content(5, 20_000)
	ann.sendFile("bob", file)
	ann.sendPicture("bob", small, whole)
	ann.sendFile("bob", tiny)
	ann.sendFile("cat", foreign)
	q := FreeUpQuery{Conversation: "C2Cbob", LargerThan: 1000, DryRun: true}
	want := Freed{Files: 2, Bytes: ann.bytes(file, whole), Kinds: []KindUsage{{FilePicture, 1, ann.bytes(whole)}, {FileOther, 1, ann.bytes(file)}}}
	asked := 0
	got, err := ann.FreeUp(t.Context(), q, func(done, total int) { asked = done })
	ok(t, err)
	equal(t, "what would go", got, want)
	equal(t, "asked", asked, 2)
	equal(t, "here", ann.here(file, small, whole, tiny, foreign), []bool{true, true, true, true, true})

	for _, none := range []FreeUpQuery{
		{Conversation: "C2Cbob", Kinds: []FileKind{FileVideo, FileVoice}},
		{OlderThan: time.Hour},
		{LargerThan: ann.bytes(whole)},
		{Conversation: "C2Cnobody"},
	} {
		got, err := ann.FreeUp(t.Context(), none, nil)
		ok(t, err)
		equal(t, "files of a query that takes none", got, Freed{})
	}

	q.DryRun = false
	got, err = ann.FreeUp(t.Context(), q, nil)
	ok(t, err)
	equal(t, "what went", got, want)
	equal(t, "here", ann.here(file, small, whole, tiny, foreign), []bool{false, true, false, true, true})
	e := ann.until("the event", func(e Event) bool { _, is := e.(FilesRemoved); return is }).(FilesRemoved)
	equal(t, "told", len(e.Addresses), 2)
	page, err := ann.History(t.Context(), "C2Cbob", HistoryQuery{})
	ok(t, err)
	equal(t, "messages", len(page.Messages), 3)
	ann.fetched(im.BlobAddress(hashOf(whole)), whole)
	if _, err := ann.FreeUp(t.Context(), FreeUpQuery{Conversation: "X"}, nil); im.CodeOf(err) != im.CodeInvalidConversationID {
		t.Errorf("%v", err)
	}
}

// What the server has not, or cannot be asked for, stays unless it is meant by name.
func TestFreeUpKeepsLastCopies(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	path := filepath.Join(t.TempDir(), "ann.db")
	ann := s.viaAt(t, s.url, "ann", path).ready()
	sent, old := content(1, 3000), content(2, 4000)
	ann.sendFile("bob", sent)
	ann.imported("C2Colga", 7, old)
	sentBytes, oldBytes := ann.bytes(sent), ann.bytes(old)
	got, err := ann.FreeUp(t.Context(), FreeUpQuery{DryRun: true}, nil)
	ok(t, err)
	equal(t, "online", got, Freed{Files: 1, Bytes: sentBytes, Kinds: []KindUsage{{FileOther, 1, sentBytes}}, NotOnServer: KeptFiles{1, oldBytes}})

	ann.stop()
	s.kill()
	off := s.viaAt(t, s.url, "ann", path)
	got, err = off.FreeUp(t.Context(), FreeUpQuery{}, nil)
	ok(t, err)
	equal(t, "offline", got, Freed{Unknown: KeptFiles{2, sentBytes + oldBytes}})
	equal(t, "here", off.here(sent, old), []bool{true, true})
	got, err = off.FreeUp(t.Context(), FreeUpQuery{Conversation: "C2Colga", LastCopies: true}, nil)
	ok(t, err)
	equal(t, "by name", got, Freed{Files: 1, Bytes: oldBytes, Kinds: []KindUsage{{FileOther, 1, oldBytes}}, Unknown: KeptFiles{1, oldBytes}})
	equal(t, "here", off.here(sent, old), []bool{true, false})
}

// What waits to be sent, in the outbox or in a tray, stays whatever is asked for.
func TestFreeUpKeepsWhatWasNotSent(t *testing.T) {
	g := newGateway(t)
	d := g.device(t)
	d.ready()
	g.set(func() { g.refuse = true }) // nothing is uploaded
	waiting, inTray := content(1, 4000), content(2, 5000)
	_, err := d.SendMessage(t.Context(), d.attach("bob", waiting), im.SendOptions{})
	ok(t, err)
	d.until("the row", func(e Event) bool { _, is := e.(ConversationListUpdated); return is })
	tray := d.attach("bob", inTray)
	text, err := trayJSON(tray)
	ok(t, err)
	ok(t, d.st.SetMeta(t.Context(), TrayKey("C2Cbob"), text))
	got, err := d.FreeUp(t.Context(), FreeUpQuery{LastCopies: true}, nil)
	ok(t, err)
	equal(t, "freed", got, Freed{NotSent: KeptFiles{2, d.bytes(waiting, inTray)}})
	equal(t, "here", d.here(waiting, inTray), []bool{true, true})
}
