package instance

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A conversation of two processes. Whoever connects says one line, and hears one:
//
//	raise            → raised, or nothing from a window that ends
//	open LINK        → raised, or nothing from one that ends or does not know it
//	run 1            → running 1, or nothing from a program that does not know it
//
// After running there are frames in both directions: a kind, the length of the
// payload in four bytes (big endian), the payload. The first one is the request.
// Closing the writing side cancels the command; it may still say its last words.
// The exit code, or a refusal, is the last frame.
const (
	raise   = "raise"
	raised  = "raised"
	open    = "open "
	run     = "run 1"
	running = "running 1"
)

// Kinds of frames, with who sends them.
const (
	frameRequest = 'q' // command line: a Request as JSON
	frameOut     = 'o' // window: some of standard output
	frameErr     = 'e' // window: some of standard error
	frameInput   = 'i' // window: asks for some of standard input; command line: some, empty for its end
	frameExit    = 'x' // window: the exit code, one byte
	frameRefused = 'r' // window: nothing was run; a Refusal
)

const (
	maxFrame   = 64 << 10 // payload
	maxLine    = 64
	maxLink    = 4096 // bytes of a link
	maxRequest = 1 << 20
)

var errFrame = errors.New("instance: not a frame of this protocol")

// writeFrame writes one frame at once.
func writeFrame(w io.Writer, kind byte, payload []byte) error {
	b := make([]byte, 5, 5+len(payload))
	b[0] = kind
	binary.BigEndian.PutUint32(b[1:], uint32(len(payload)))
	_, err := w.Write(append(b, payload...))
	return err
}

// readFrame reads one frame with at most most bytes of payload; the error is io.EOF
// if there is none any more.
func readFrame(r io.Reader, most uint32) (kind byte, payload []byte, err error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > most {
		return 0, nil, fmt.Errorf("%w: %d bytes", errFrame, n)
	}
	payload = make([]byte, n)
	if _, err := io.ReadFull(r, payload); err != nil {
		return 0, nil, io.ErrUnexpectedEOF
	}
	return head[0], payload, nil
}

// readLine reads one line of at most most bytes, without what ends it. It takes
// nothing that comes after it.
func readLine(r io.Reader, most int) (string, error) {
	var line []byte
	for one := make([]byte, 1); len(line) < most; {
		if _, err := io.ReadFull(r, one); err != nil {
			return "", err
		}
		if one[0] == '\n' {
			return string(line), nil
		}
		line = append(line, one[0])
	}
	return "", errFrame
}
