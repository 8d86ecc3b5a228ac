package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"magpie/app/core"
	"magpie/im"
	"magpie/media/picture"
)

// Source is where an export comes from: a *core.Client, connected or not.
type Source interface {
	User() im.UserID
	Conversations(ctx context.Context, offset, limit int) ([]im.Conversation, error)
	GetConversationProfile(ctx context.Context, conv im.ConversationID) (im.Conversation, error)
	History(ctx context.Context, conv im.ConversationID, q core.HistoryQuery) (core.HistoryPage, error)
	OpenFile(address string) (core.Content, error)
	Download(ctx context.Context, address string, onProgress func(received, total int64)) error
	FillHistory(ctx context.Context, conv im.ConversationID, before uint64) (int, error)
}

// Options say what is exported, and where to.
type Options struct {
	// Dir is the folder that is made; there must be nothing of that name yet.
	Dir string
	// Conversations are those that are wanted; none means all of the list.
	Conversations []im.ConversationID
	// Since and Until bound the messages by their time, Until not included; zero
	// for no bound.
	Since, Until time.Time
	// NoFiles leaves the files of all messages out.
	NoFiles bool
	// Fetch fetches messages and files that are not on this disk. Otherwise, and where
	// that fails, they are left out and counted.
	Fetch bool
	// Language of the pages, and the zone of their times.
	Language im.Language
	Zone     *time.Location
	// Now is when it is made.
	Now time.Time
	// OnProgress, if not nil, is told after each page of messages and each file.
	OnProgress func(Progress)
}

// Progress is how far an export or import is.
type Progress struct {
	Conversations int `json:"conversations"` // that are done
	Of            int `json:"of"`            // all of them; 0 if that is not known
	Messages      int `json:"messages"`
	Files         int `json:"files"`
	// Missing files are neither here nor, with Fetch, to be had.
	Missing int `json:"missing"`
	// Holes is how many messages of an export are only on the server, at most: some of
	// them may have been deleted there.
	Holes int `json:"holes,omitempty"`
	// Here are messages of an import that the account had already.
	Here int `json:"here,omitempty"`
	// Part is how much of the work is done, 0 to 1, and Current the conversation that
	// it is at.
	Part    float64           `json:"-"`
	Current im.ConversationID `json:"-"`
}

// pageSize is how many messages are read at once.
const pageSize = 500

// Export writes the export. It is complete or not there at all: what was begun is
// removed when ctx ends or something fails. The error wraps os.ErrExist if there is
// something at Dir, and is otherwise that of the disk or of the source.
func Export(ctx context.Context, from Source, o Options) (done Progress, err error) {
	if _, err := os.Lstat(o.Dir); err == nil {
		return done, fmt.Errorf("archive: %s: %w", o.Dir, os.ErrExist)
	} else if !errors.Is(err, os.ErrNotExist) {
		return done, fmt.Errorf("archive: %w", err)
	}
	beside := filepath.Dir(filepath.Clean(o.Dir))
	sweep(beside, o.Now)
	dir, err := os.MkdirTemp(beside, partPrefix)
	if err != nil {
		return done, fmt.Errorf("archive: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	if o.Zone == nil {
		o.Zone = time.Local
	}
	e := &exporter{ctx: ctx, from: from, o: o, dir: dir, files: map[string]string{}, done: &done}
	if err := e.run(); err != nil {
		return done, err
	}
	if err := ctx.Err(); err != nil { // asked for in the last moment: still in time
		return done, err
	}
	if err := os.Rename(dir, o.Dir); err != nil {
		return done, fmt.Errorf("archive: %w", err)
	}
	return done, nil
}

// partPrefix begins the name of the folder that an export is made in.
const partPrefix = ".magpie-export-"

// partAge is how old such a folder is that nobody works on any more.
const partAge = 24 * time.Hour

// sweep removes what exports left that were killed: it can be read by anybody who may
// read the folder. What cannot be removed is in nobody's way.
func sweep(dir string, now time.Time) {
	old, _ := os.ReadDir(dir) // Export says what is wrong with it
	for _, e := range old {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), partPrefix) {
			continue
		}
		if info, err := e.Info(); err == nil && now.Sub(info.ModTime()) > partAge {
			_ = os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}

// UnknownError is a conversation that is to be exported and that the account does not
// have.
type UnknownError struct{ Conversation im.ConversationID }

func (e *UnknownError) Error() string {
	return fmt.Sprintf("archive: there is no conversation %s", e.Conversation)
}

// exporter is one export under way.
type exporter struct {
	ctx   context.Context
	from  Source
	o     Options
	dir   string
	lines *lineWriter
	files map[string]string // path within the export, by hash; "" if it is missing
	done  *Progress
	index []chatLink
	share share
}

func (e *exporter) run() (err error) {
	chats, err := e.chosen()
	if err != nil {
		return err
	}
	e.done.Of = len(chats)
	e.share = newShare(chats)
	if e.lines, err = createLines(filepath.Join(e.dir, linesName)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.lines.close()) }()
	if err := os.Mkdir(filepath.Join(e.dir, "chats"), 0o700); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	if err := e.lines.put(line{Export: &header{Version: version, Account: e.from.User(), Time: e.o.Now.UnixMilli()}}); err != nil {
		return err
	}
	for i := range chats {
		e.done.Current = chats[i].ConversationID
		if err := e.chat(&chats[i]); err != nil {
			return err
		}
		e.done.Conversations++
		e.share.finish(&chats[i])
		e.done.Part = e.share.part(0)
		e.tell()
	}
	if err := e.writeIndex(); err != nil {
		return err
	}
	return e.lines.put(line{End: &footer{e.done.Conversations, e.done.Messages, e.done.Files}})
}

func (e *exporter) tell() {
	if e.o.OnProgress != nil {
		e.o.OnProgress(*e.done)
	}
}

// chosen are the conversations to export, without what is only of this device.
func (e *exporter) chosen() ([]im.Conversation, error) {
	var all []im.Conversation
	for {
		part, err := e.from.Conversations(e.ctx, len(all), im.ConversationPage)
		if all = append(all, part...); err != nil {
			return nil, err
		}
		if len(part) < im.ConversationPage {
			break
		}
	}
	if len(e.o.Conversations) > 0 {
		listed := all
		all = nil
		for _, conv := range e.o.Conversations {
			row, err := e.row(conv, listed)
			if err != nil {
				return nil, err
			}
			all = append(all, row)
		}
	}
	for i := range all {
		all[i].Draft = ""
	}
	return all, nil
}

// row is a conversation of the list, or one that is not in it any more and of which
// there are messages all the same.
func (e *exporter) row(conv im.ConversationID, listed []im.Conversation) (im.Conversation, error) {
	if i := slices.IndexFunc(listed, func(c im.Conversation) bool { return c.ConversationID == conv }); i >= 0 {
		return listed[i], nil
	}
	page, err := e.from.History(e.ctx, conv, core.HistoryQuery{Limit: 1})
	if err != nil {
		return im.Conversation{}, err
	}
	if len(page.Messages) == 0 && !page.HasOlder {
		return im.Conversation{}, &UnknownError{conv}
	}
	row, err := e.from.GetConversationProfile(e.ctx, conv)
	if err != nil {
		row = im.Conversation{ConversationID: conv, Type: conv.Type()}
	}
	return row, nil
}

// complete fetches what a conversation lacks of the wanted time, newest first. Without
// a connection, or if that breaks, the rest stays missing.
func (e *exporter) complete(conv im.ConversationID) error {
	q := core.HistoryQuery{Limit: pageSize}
	for {
		part, err := e.from.History(e.ctx, conv, q)
		if err != nil {
			return err
		}
		if hole, ok := e.newestWanted(&part); ok {
			got, err := e.from.FillHistory(e.ctx, conv, hole.To+1)
			if e.ctx.Err() != nil {
				return e.ctx.Err()
			}
			if err != nil || got == 0 {
				return nil //nolint:nilerr // what is missing is counted where it is
			}
			e.tell()
			continue
		}
		if len(part.Messages) == 0 || !part.HasOlder || e.tooOld(&part.Messages[0]) {
			return nil
		}
		q.Before = part.Messages[0].Sequence
	}
}

// newestWanted is the newest hole of a page that may have messages of the wanted time.
func (e *exporter) newestWanted(part *core.HistoryPage) (core.Hole, bool) {
	for _, h := range slices.Backward(part.Holes) {
		if e.reaches(part, h) {
			return h, true
		}
	}
	return core.Hole{}, false
}

func (e *exporter) tooOld(m *im.Message) bool { return time.UnixMilli(m.Time).Before(e.o.Since) }

func (e *exporter) tooNew(m *im.Message) bool {
	return !e.o.Until.IsZero() && !time.UnixMilli(m.Time).Before(e.o.Until)
}

// reaches reports whether a hole of a page may have messages of the wanted time, by
// those around it.
func (e *exporter) reaches(part *core.HistoryPage, h core.Hole) bool {
	for i := range part.Messages {
		m := &part.Messages[i]
		if m.Sequence < h.From && e.tooNew(m) || m.Sequence > h.To && e.tooOld(m) {
			return false
		}
	}
	return true
}

// chat exports one conversation, oldest message first.
func (e *exporter) chat(row *im.Conversation) error {
	if e.o.Fetch {
		if err := e.complete(row.ConversationID); err != nil {
			return err
		}
	}
	if err := e.lines.put(line{Conversation: row}); err != nil {
		return err
	}
	page, err := e.beginChat(row)
	if err != nil {
		return err
	}
	q := core.HistoryQuery{After: 0, Limit: pageSize}
	first, counted := true, uint64(0)
	for {
		if err := e.ctx.Err(); err != nil {
			return errors.Join(err, page.abandon())
		}
		if first { // After 0 would mean the newest
			q = core.HistoryQuery{Around: 1, Limit: pageSize}
			first = false
		}
		part, err := e.from.History(e.ctx, row.ConversationID, q)
		if err != nil {
			return errors.Join(err, page.abandon())
		}
		for i := range part.Messages {
			m := &part.Messages[i]
			if !e.wanted(m) {
				continue
			}
			if err := e.message(page, m); err != nil {
				return errors.Join(err, page.abandon())
			}
		}
		for _, h := range part.Holes {
			if h.To > counted && e.reaches(&part, h) { // one at the end of a page is on the next, too
				counted = h.To
				e.done.Holes += int(h.To - h.From + 1)
			}
		}
		n := len(part.Messages)
		if n == 0 || !part.HasNewer {
			break
		}
		last := part.Messages[n-1].Sequence
		q = core.HistoryQuery{After: last, Limit: pageSize}
		e.done.Part = e.share.part(last)
		e.tell()
	}
	return e.endChat(row, page)
}

func (e *exporter) wanted(m *im.Message) bool {
	return !m.IsPlaceMessage && !e.tooOld(m) && !e.tooNew(m)
}

// message writes one message with its files.
func (e *exporter) message(page *chatPage, m *im.Message) error {
	uses, err := im.BlobsOf(m.Payload)
	if err != nil {
		uses = nil // no address of ours: the message says what it says
	}
	for _, use := range uses {
		if err := e.file(use.Hash, m); err != nil {
			return err
		}
	}
	if err := e.lines.put(line{Message: m}); err != nil {
		return err
	}
	e.done.Messages++
	return page.add(e, m)
}

// file copies a file into the export, once.
func (e *exporter) file(hash string, m *im.Message) error {
	if _, known := e.files[hash]; known {
		return nil
	}
	if e.o.NoFiles {
		e.files[hash] = ""
		return nil
	}
	address := im.BlobAddress(hash)
	f, err := e.from.OpenFile(address)
	if err != nil && e.o.Fetch {
		if err = e.from.Download(e.ctx, address, nil); err == nil {
			f, err = e.from.OpenFile(address)
		} else if e.ctx.Err() != nil {
			return e.ctx.Err()
		}
	}
	if err != nil {
		e.files[hash] = ""
		e.done.Missing++
		return nil
	}
	defer f.Close() // only read
	end := ending(hash, m)
	if end == "" {
		end = picture.EndingOf(f)
	}
	name := "files/" + hash + end
	size, err := copyFile(f, filepath.Join(e.dir, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	e.files[hash] = name
	e.done.Files++
	e.tell()
	return e.lines.put(line{File: &fileLine{Hash: hash, Path: name, Size: size}})
}

// writeError is a failure of the disk that is written to, which never means that
// the file to be copied is missing.
type writeError struct{ err error }

func (e *writeError) Error() string { return "archive: " + e.err.Error() }

func copyFile(from io.Reader, to string) (int64, error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return 0, &writeError{err}
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, &writeError{err}
	}
	n, err := io.Copy(out, from)
	if err := errors.Join(err, out.Close()); err != nil {
		return n, fmt.Errorf("archive: %w", err)
	}
	return n, nil
}

// ending is what a file's name ends with, so that browsers and people know it; a
// name that a peer chose is never part of a path.
func ending(hash string, m *im.Message) string {
	switch p := m.Payload.(type) {
	case im.ImagePayload:
		for _, info := range p.ImageInfoArray {
			if h, _ := im.BlobHash(info.ImageURL); h == hash && info.SizeType != im.ImageOriginal {
				return ".jpg"
			}
		}
		return map[int]string{im.ImageJPEG: ".jpg", im.ImageGIF: ".gif", im.ImagePNG: ".png", im.ImageBMP: ".bmp", im.ImageWebP: ".webp"}[p.ImageFormat]
	case im.VideoPayload:
		if h, _ := im.BlobHash(p.ThumbURL); h == hash {
			return ".jpg"
		}
		return ".mp4"
	case im.AudioPayload:
		switch p.Format {
		case "m4a", "mp4":
			return ".m4a"
		case "aac", "mp3", "wav", "ogg", "opus", "amr", "webm":
			return "." + p.Format
		}
		return ".audio"
	}
	return ".bin"
}
