package device

import (
	"context"
	"io"

	"magpie/media/play"
)

// Microphones lists what may be recorded from.
func Microphones(context.Context) ([]Info, error) { return nil, ErrNoBackend }

// Speakers lists what may be played on.
func Speakers(context.Context) ([]Info, error) { return nil, ErrNoBackend }

// OpenMicrophone opens the microphone with this ID, "" for the default one. It
// gives 16-bit samples of 44,100 Hz mono, the lower byte first. Close ends a Read
// that waits.
func OpenMicrophone(ctx context.Context, id string) (io.ReadCloser, error) {
	return nil, ErrNoBackend
}

// OpenSpeaker opens the speaker with this ID, "" for the default one.
func OpenSpeaker(ctx context.Context, id string) (play.Output, error) { return nil, ErrNoBackend }
