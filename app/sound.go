package app

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"magpie/app/i18n"
	"magpie/im"
	"magpie/media/device"
	"magpie/media/play"
	"magpie/media/record"
	"magpie/media/sandbox"
	"magpie/media/voice"
)

// Sound is the sound system of the computer. Its calls may take as long as their
// context and are made beside the user interface; their errors wrap those of
// package device where the system tells.
type Sound interface {
	Microphones(ctx context.Context) ([]device.Info, error)
	Speakers(ctx context.Context) ([]device.Info, error)
	// OpenMicrophone gives 16-bit samples of 44,100 Hz mono, the lower byte first.
	// Close ends a Read that waits. The id "" is the system's choice.
	OpenMicrophone(ctx context.Context, id string) (io.ReadCloser, error)
	OpenSpeaker(ctx context.Context, id string) (play.Output, error)
}

// Devices is the Sound of the computer itself.
type Devices struct{}

// Microphones implements Sound.
func (Devices) Microphones(ctx context.Context) ([]device.Info, error) {
	return device.Microphones(ctx)
}

// Speakers implements Sound.
func (Devices) Speakers(ctx context.Context) ([]device.Info, error) { return device.Speakers(ctx) }

// OpenMicrophone implements Sound.
func (Devices) OpenMicrophone(ctx context.Context, id string) (io.ReadCloser, error) {
	return device.OpenMicrophone(ctx, id)
}

// OpenSpeaker implements Sound.
func (Devices) OpenSpeaker(ctx context.Context, id string) (play.Output, error) {
	return device.OpenSpeaker(ctx, id)
}

// noSound is the Sound of a program that was given none.
type noSound struct{}

func (noSound) Microphones(context.Context) ([]device.Info, error) {
	return nil, device.ErrNoBackend
}

func (noSound) Speakers(context.Context) ([]device.Info, error) { return nil, device.ErrNoBackend }

func (noSound) OpenMicrophone(context.Context, string) (io.ReadCloser, error) {
	return nil, device.ErrNoBackend
}

func (noSound) OpenSpeaker(context.Context, string) (play.Output, error) {
	return nil, device.ErrNoBackend
}

// soundTrouble are the errors of a microphone or a speaker that a person can do
// something about, and the end of the names of their words.
var soundTrouble = []struct {
	err  error
	name string
}{
	{device.ErrNoBackend, "noSystem"},
	{device.ErrNoDevice, "noDevice"},
	{device.ErrNotAllowed, "notAllowed"},
	{device.ErrTimeout, "timeout"},
	{context.DeadlineExceeded, "timeout"},
	{device.ErrUnplugged, "unplugged"},
	{record.ErrNoSound, "unplugged"},
}

// soundWords say what is wrong with a device and what to do; what is
// "microphone" or "speaker".
func soundWords(tr *i18n.Translator, what string, err error) string {
	for _, t := range soundTrouble {
		if errors.Is(err, t.err) {
			return tr.T(what + "." + t.name)
		}
	}
	return tr.Error(err)
}

// errNoAddress: the content of a note is nowhere that this program knows.
var errNoAddress = errors.New("the voice note has no address here")

// errNotHere: a note is to be played that is not on this disk, and there is no
// connection to fetch it.
var errNotHere = errors.New("the voice note is not here, and there is no connection")

// voiceWords say why a voice note does not play.
func voiceWords(tr *i18n.Translator, err error) string {
	switch {
	case errors.Is(err, errNoAddress):
		return tr.T("media.noAddress")
	case errors.Is(err, errNotHere):
		return tr.T("voice.notHere")
	case errors.Is(err, voice.ErrNotSound), errors.Is(err, voice.ErrNeedsIsolation),
		errors.Is(err, sandbox.ErrUnsupported), errors.Is(err, sandbox.ErrDamaged),
		errors.Is(err, sandbox.ErrTooLarge), errors.Is(err, sandbox.ErrTimeout):
		return tr.T("voice.notPlayable")
	case im.CodeOf(err) == 0 && errors.Is(err, fs.ErrNotExist):
		return im.CodeFileMissing.Message(tr.Language())
	}
	return soundWords(tr, "speaker", err)
}
