package archive

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"magpie/im"
)

// version of the lines that are written, and the newest that is read.
const version = 1

// linesName is the file of the lines in the folder of an export.
const linesName = "messages.jsonl"

// line is one line; one field is set.
type line struct {
	Export       *header          `json:"export,omitempty"`
	Conversation *im.Conversation `json:"conversation,omitempty"`
	Message      *im.Message      `json:"message,omitempty"`
	File         *fileLine        `json:"file,omitempty"`
	End          *footer          `json:"end,omitempty"`
}

type header struct {
	Version int       `json:"version"`
	Account im.UserID `json:"account"`
	Time    int64     `json:"time"` // ms since 1970
}

type fileLine struct {
	Hash string `json:"hash"`
	Path string `json:"path"` // within the export, with /
	Size int64  `json:"size"` // bytes
}

type footer struct {
	Conversations int `json:"conversations"`
	Messages      int `json:"messages"`
	Files         int `json:"files"`
}

// lineWriter writes lines to a file.
type lineWriter struct {
	file *os.File
	buf  *bufio.Writer
	enc  *json.Encoder
}

func createLines(path string) (*lineWriter, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	w := &lineWriter{file: f, buf: bufio.NewWriterSize(f, 1<<16)}
	w.enc = json.NewEncoder(w.buf)
	w.enc.SetEscapeHTML(false)
	return w, nil
}

func (w *lineWriter) put(l line) error {
	if err := w.enc.Encode(l); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return nil
}

func (w *lineWriter) close() error {
	if err := errors.Join(w.buf.Flush(), w.file.Sync(), w.file.Close()); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return nil
}
