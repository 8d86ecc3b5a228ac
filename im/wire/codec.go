package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"

	"magpie/im"
)

// Encode returns the frame f as one line, without the newline. f is one of this
// package's structs with Head filled in. Unlike json.Marshal it leaves '<', '>'
// and '&' as they are, which would otherwise take six bytes each.
func Encode(f any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(f); err != nil {
		return nil, fmt.Errorf("wire: encode %T: %w", f, err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte{'\n'}), nil
}

// Peek reads the head of a frame. The error is an *im.Error with code 20001.
func Peek(line []byte) (Head, error) {
	var h Head
	if err := json.Unmarshal(line, &h); err != nil {
		return Head{}, im.Errorf(im.CodeInvalidRequest, "not a JSON object: %v", err)
	}
	if h.T == "" {
		return h, im.Errorf(im.CodeInvalidRequest, "the frame has no type")
	}
	return h, nil
}

// Decode reads a frame whose type Peek has told. The error is an *im.Error with
// code 20001.
func Decode[F any](line []byte) (F, error) {
	var f F
	if err := json.Unmarshal(line, &f); err != nil {
		return f, im.Errorf(im.CodeInvalidRequest, "malformed frame: %v", err)
	}
	return f, nil
}

// Lines yields the frames of one WebSocket message.
func Lines(message []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for line := range bytes.SplitSeq(message, []byte{'\n'}) {
			if line = bytes.TrimSpace(line); len(line) > 0 && !yield(line) {
				return
			}
		}
	}
}
