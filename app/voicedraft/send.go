package voicedraft

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"magpie/app/core"
	"magpie/im"
	"magpie/internal/durable"
	"magpie/internal/seal"
	"magpie/media/aac"
	"magpie/media/record"
)

// Sender is the client core.
type Sender interface {
	AddFile(ctx context.Context, r io.Reader, max int64) (core.File, error)
	SendMessage(ctx context.Context, m im.Message, o im.SendOptions) (im.Message, error)
}

// intent is which message a note becomes. It is on the disk before anything else of
// that happens.
type intent struct {
	Message im.Message     `json:"message"` // its payload has no address yet
	Options im.SendOptions `json:"options"`
	Samples int64          `json:"samples"`
}

// Recover brings back a draft, as [record.Recover] does. That finds whole frames: of
// a note as long as one may be, the last is cut.
func (f *Folder) Recover(ctx context.Context, path string) (record.Note, error) {
	content, err := f.OpenNote(path)
	if err != nil {
		return record.Note{}, err
	}
	n, err := record.Describe(ctx, path, content)
	err = errors.Join(err, content.Close())
	n.Samples = min(n.Samples, int64(im.MaxAudio/time.Second)*aac.SampleRate)
	return n, err
}

// Payload is what a message says of a note, but for what only [Folder.Send] knows:
// the address and the size of the file.
func Payload(n record.Note) im.AudioPayload {
	const second = time.Second
	return im.AudioPayload{
		Second: int((n.Duration() + second - 1) / second),
		Format: "m4a",
		Peaks:  n.Peaks,
	}
}

// Send sends a note as the message m, which has its [Payload], and removes it once
// the message is in the outbox. After an error the note is a draft as before, and
// nothing was sent.
func (f *Folder) Send(ctx context.Context, to Sender, n record.Note, m im.Message, o im.SendOptions) error {
	i := intent{m, o, n.Samples}
	if err := f.writeIntent(intentPath(n.Path), i); err != nil {
		return err
	}
	return f.send(ctx, to, n, i)
}

// Resume ends what a process that was killed had begun to send. A note that cannot
// be sent is a draft again; the errors are of those and of the disk.
func (f *Folder) Resume(ctx context.Context, to Sender) error {
	dirs, err := list(f.dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, dir := range dirs {
		names, err := list(filepath.Join(f.dir, dir))
		errs = append(errs, err)
		for _, name := range names {
			if base, ok := strings.CutSuffix(name, intentExt); ok {
				errs = append(errs, f.resume(ctx, to, filepath.Join(f.dir, dir, base+noteExt)))
			}
		}
	}
	return errors.Join(errs...)
}

func (f *Folder) resume(ctx context.Context, to Sender, path string) error {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) { // sent, and the intent was to go next
		return f.Delete(intentPath(path))
	}
	i, err := f.readIntent(intentPath(path))
	if errors.Is(err, seal.ErrKey) {
		return err
	}
	if err != nil { // written half: nothing has happened yet
		return f.Delete(intentPath(path))
	}
	note, err := f.Recover(ctx, path)
	if err != nil {
		return errors.Join(err, f.Delete(intentPath(path)))
	}
	note.Samples = min(note.Samples, i.Samples)
	return f.send(ctx, to, note, i)
}

// send does what an intent on the disk says.
func (f *Folder) send(ctx context.Context, to Sender, n record.Note, i intent) error {
	err := f.deliver(ctx, to, n, i)
	if err != nil {
		return errors.Join(err, f.Delete(intentPath(n.Path)))
	}
	// The note goes first: without the intent it would be a draft again. What cannot be
	// removed now stays being sent, and Resume removes it.
	if f.Delete(n.Path) == nil {
		_ = f.Delete(intentPath(n.Path)) // alone it says nothing
	}
	return nil
}

func (f *Folder) deliver(ctx context.Context, to Sender, n record.Note, i intent) error {
	content, err := f.OpenNote(n.Path)
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() {
		err := n.WriteM4AFrom(w, content)
		_ = w.CloseWithError(errors.Join(err, content.Close())) // never fails
	}()
	file, err := to.AddFile(ctx, r, im.MaxAudioBytes)
	_ = r.Close() // ends the writer, whatever AddFile left
	if err != nil {
		return err
	}
	payload, ok := i.Message.Payload.(im.AudioPayload)
	if !ok {
		return im.Errorf(im.CodeInvalidMessage, "a voice note cannot be sent as %s", i.Message.Type)
	}
	payload.URL, payload.Size = file.Address, file.Size
	i.Message.Payload = payload
	_, err = to.SendMessage(ctx, i.Message, i.Options)
	return err
}

func intentPath(note string) string { return strings.TrimSuffix(note, noteExt) + intentExt }

// writeIntent puts an intent on the disk.
func (f *Folder) writeIntent(path string, i intent) error {
	data, err := json.Marshal(i)
	if err != nil {
		return fmt.Errorf("voicedraft: %w", err)
	}
	return f.replace(path, func(to *os.File) error { return f.write(to, data) })
}

// write writes a small content, sealed if there is a key.
func (f *Folder) write(w io.Writer, data []byte) error {
	if !f.seals() {
		_, err := w.Write(data)
		return err
	}
	s, err := seal.NewWriter(w, *f.key)
	if err == nil {
		_, err = s.Write(data)
	}
	if err == nil {
		err = s.Close()
	}
	return err
}

// replace makes a file or puts it in the place of the one that is there: all of it
// or, after a crash, nothing.
func (f *Folder) replace(path string, write func(*os.File) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), temporary+"*")
	if err != nil {
		return fmt.Errorf("voicedraft: %w", err)
	}
	defer os.Remove(tmp.Name()) // fails when it was renamed, which is the good case
	if err = write(tmp); err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return fmt.Errorf("voicedraft: %w", err)
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return fmt.Errorf("voicedraft: %w", err)
	}
	// Else the message could last and the intent not: the note would be a draft again.
	if err := durable.Folder(filepath.Dir(path)); err != nil {
		return fmt.Errorf("voicedraft: %w", err)
	}
	return nil
}

// temporary begins the names of what is being written.
const temporary = ".intent-"

func (f *Folder) readIntent(path string) (i intent, err error) {
	file, sealed, err := openFile(path)
	if err != nil {
		return intent{}, err
	}
	var data []byte
	if sealed {
		data, err = f.unsealIntent(file)
	} else {
		data, err = io.ReadAll(file)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return intent{}, fmt.Errorf("voicedraft: %w", err)
	}
	if err := json.Unmarshal(data, &i); err != nil {
		return intent{}, fmt.Errorf("voicedraft: %w", err)
	}
	return i, nil
}

func (f *Folder) unsealIntent(file *noteFile) ([]byte, error) {
	if f.key == nil {
		return nil, seal.ErrKey
	}
	r, err := seal.NewReader(file, file.Size(), *f.key)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
