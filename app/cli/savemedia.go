package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"magpie/im"
	"magpie/media/picture"
)

// saver writes the files of messages into a folder, under names that nobody else
// chose.
type saver struct {
	s       *session
	dir     string
	offline bool
}

// maxNameBytes bounds what of a sender's name for a file goes into ours.
const maxNameBytes = 100

// save writes the file of m, if it has one, and returns where; "" if it has none.
// What is there already is never written over: a file with the same content is
// left as it is, beside another one the new gets a number.
func (v *saver) save(ctx context.Context, m *im.Message) (string, error) {
	address, name := fileOf(m)
	if address == "" {
		return "", nil
	}
	if !v.s.client.HasFile(address) && v.offline {
		return "", im.Errorf(im.CodeFileMissing, "message %d: its file is not on this disk", m.Sequence)
	}
	if !v.offline { // it may be here already
		if err := v.s.client.Download(ctx, address, nil); err != nil {
			return "", fmt.Errorf("message %d: %w", m.Sequence, err)
		}
	}
	f, err := v.s.client.OpenFile(address)
	if err != nil {
		return "", fmt.Errorf("message %d: %w", m.Sequence, err)
	}
	defer f.Close() // only read
	if err := os.MkdirAll(v.dir, 0o755); err != nil {
		return "", err
	}
	if filepath.Ext(name) == ".img" { // the message knows no name for the format
		if ending := picture.EndingOf(f); ending != "" {
			name = "image" + ending
		}
	}
	name = strconv.FormatUint(m.Sequence, 10) + "-" + safeName(name)
	ext := filepath.Ext(name)
	for i := 1; ; i++ {
		to := filepath.Join(v.dir, name)
		if i > 1 {
			to = filepath.Join(v.dir, strings.TrimSuffix(name, ext)+"-"+strconv.Itoa(i)+ext)
		}
		err := copyFile(f, to)
		if !errors.Is(err, fs.ErrExist) {
			return to, err
		}
		if same, err := sameContent(f, to); same || err != nil {
			return to, err
		}
	}
}

// fileOf returns the address of what a message shows, and a name for it; "" for
// a message without a file on the server.
func fileOf(m *im.Message) (address, name string) {
	pick := func(name string, addresses ...string) (string, string) {
		for _, a := range addresses {
			if _, ok := im.BlobHash(a); ok {
				return a, name
			}
		}
		return "", ""
	}
	switch p := m.Payload.(type) {
	case im.FilePayload:
		return pick(p.FileName, p.FileURL)
	case im.ImagePayload:
		if n := len(p.ImageInfoArray); n > 0 { // the original comes last
			return pick("image."+imageEnding(p.ImageFormat), p.ImageInfoArray[n-1].ImageURL, p.ImageInfoArray[n-1].URL)
		}
	case im.AudioPayload:
		return pick("voice."+p.Format, p.URL, p.RemoteAudioURL)
	case im.VideoPayload:
		return pick("video."+p.VideoFormat, p.VideoURL, p.RemoteVideoURL)
	}
	return "", ""
}

func imageEnding(format int) string {
	switch format {
	case im.ImageJPEG:
		return "jpg"
	case im.ImageGIF:
		return "gif"
	case im.ImagePNG:
		return "png"
	case im.ImageBMP:
		return "bmp"
	case im.ImageWebP:
		return "webp"
	}
	return "img"
}

// safeName makes of any text a name that is one file in one folder on every
// system: no separators, no control or direction characters, nothing that a
// system reads as something else, not long. It is put behind a number, so that
// it is never a reserved name.
func safeName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return -1
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		}
		return r
	}, s)
	ext := filepath.Ext(s)
	if len(ext) > 16 {
		ext = ""
	}
	stem := strings.TrimSuffix(s, ext)
	for len(stem)+len(ext) > maxNameBytes {
		_, n := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-n]
	}
	s = strings.Trim(stem+ext, ". ")
	if s == "" {
		return "file"
	}
	return s
}

// copyFile copies a content to a path where there is none yet; what could not be
// written as a whole does not stay.
func copyFile(from io.ReadSeeker, to string) error {
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, from)
	if err = errors.Join(err, out.Close()); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	return nil
}

// sameContent compares a content with a file.
func sameContent(a io.ReadSeeker, b string) (bool, error) {
	if _, err := a.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	info, err := os.Stat(b)
	if err != nil || !info.Mode().IsRegular() {
		return false, err
	}
	fb, err := os.Open(b)
	if err != nil {
		return false, err
	}
	defer fb.Close()
	bufA, bufB := make([]byte, 64<<10), make([]byte, 64<<10)
	for {
		n, errA := io.ReadFull(a, bufA)
		m, errB := io.ReadFull(fb, bufB)
		if !bytes.Equal(bufA[:n], bufB[:m]) {
			return false, nil
		}
		switch {
		case errA == nil && errB == nil:
		case end(errA) && end(errB):
			return true, nil
		case errA != nil && !end(errA):
			return false, errA
		default:
			return false, errB
		}
	}
}

// end reports whether a ReadFull met the end of the file.
func end(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
