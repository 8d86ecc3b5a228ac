//go:build cgo

package device

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"unsafe"

	"github.com/gen2brain/malgo"

	"magpie/media/aac"
)

const (
	// periodMillis is how much a device asks for, or gives, at a time.
	periodMillis = 20
	// aheadMillis is how much of what it plays a device has got before it is heard: so
	// late the program may be on a busy machine.
	aheadMillis = 100
	// behindMillis is how much of what it hears PulseAudio keeps for a program that is
	// late. Beyond that there are holes.
	behindMillis = 2000
)

// backends are the sound systems to be tried, in this order. Among the library's
// own choice is one that plays into nothing.
func backends() []malgo.Backend {
	switch runtime.GOOS {
	case "windows":
		return []malgo.Backend{malgo.BackendWasapi, malgo.BackendDsound, malgo.BackendWinmm}
	case "darwin":
		return []malgo.Backend{malgo.BackendCoreaudio}
	case "linux":
		// PulseAudio is PipeWire too. ALSA writes to the standard error of a machine
		// without sound.
		if _, err := os.Stat("/dev/snd"); err != nil {
			return []malgo.Backend{malgo.BackendPulseaudio}
		}
		return []malgo.Backend{malgo.BackendPulseaudio, malgo.BackendAlsa}
	}
	return []malgo.Backend{malgo.BackendPulseaudio, malgo.BackendSndio, malgo.BackendAudio4, malgo.BackendOss}
}

// connect connects to the sound system. Each device has a connection of its own: one
// that hangs keeps no other from working.
func connect() (*malgo.AllocatedContext, malgo.Backend, error) {
	var pin runtime.Pinner
	defer pin.Unpin()
	name := append([]byte("Magpie"), 0) // for the system's mixer, which copies it
	pin.Pin(&name[0])
	var config malgo.ContextConfig
	config.Pulse.PApplicationName = &name[0]
	last := malgo.ErrNoBackend
	for _, b := range backends() {
		c, err := malgo.InitContext([]malgo.Backend{b}, config, nil)
		if err == nil {
			return c, b, nil
		}
		errors.As(err, &last)
	}
	return nil, 0, explain("connect", last)
}

func disconnect(c *malgo.AllocatedContext) {
	_ = c.Uninit() // there is nothing to be done about it
	c.Free()
}

// opened is a handle.
type opened struct {
	context *malgo.AllocatedContext
	device  *malgo.Device
}

// Start implements handle.
func (o opened) Start() error {
	if err := o.device.Start(); err != nil {
		return explain("start", err)
	}
	return nil
}

// Close implements handle.
func (o opened) Close() {
	// Without it Uninit waits for a thread that waits for the next samples.
	_ = o.device.Stop()
	o.device.Uninit()
	disconnect(o.context)
}

// open opens the device with this ID, "" for the default one. part is that of config
// for its kind.
func open(id string, config *malgo.DeviceConfig, part *malgo.SubConfig, calls malgo.DeviceCallbacks) (opened, error) {
	var pin runtime.Pinner
	defer pin.Unpin()
	if id != "" {
		raw, err := parseID(id)
		if err != nil {
			return opened{}, err
		}
		pin.Pin(raw)
		part.DeviceID = unsafe.Pointer(raw)
	}
	c, backend, err := connect()
	if err != nil {
		return opened{}, err
	}
	setPeriods(config, backend == malgo.BackendPulseaudio)
	d, err := malgo.InitDevice(c.Context, *config, calls)
	if err != nil {
		disconnect(c)
		return opened{}, explain("open", err)
	}
	return opened{c, d}, nil
}

// setPeriods says how much is given or taken at a time, and how much is kept.
func setPeriods(config *malgo.DeviceConfig, pulse bool) {
	config.PeriodSizeInMilliseconds = periodMillis
	switch playback := config.DeviceType == malgo.Playback; {
	case playback && pulse:
		// The library takes what PulseAudio is to have ahead for a period. It asks for
		// less at a time.
		config.PeriodSizeInMilliseconds, config.NoFixedSizedCallback = aheadMillis, 1
	case playback:
		config.Periods = aheadMillis / periodMillis
	case pulse:
		config.Periods = behindMillis / periodMillis
	}
}

// captureFrom opens a microphone at its own rate: what this program makes of that is
// better than what libraries and systems do. Beyond mostRate it lacks a low-pass
// filter, which they have.
func captureFrom(id string, m *microphone) (handle, int, error) {
	const mostRate = 48_000
	var o opened
	for _, rate := range []uint32{0, aac.SampleRate} { // 0: its own
		config := malgo.DefaultDeviceConfig(malgo.Capture)
		config.SampleRate = rate
		config.Capture.Format, config.Capture.Channels = malgo.FormatS16, 1
		var err error
		o, err = open(id, &config, &config.Capture, malgo.DeviceCallbacks{
			Data: func(_, in []byte, _ uint32) { m.write(in) },
			Stop: m.line.stopped,
		})
		if err != nil {
			return nil, 0, err
		}
		if o.device.SampleRate() <= mostRate {
			break
		}
		if rate == 0 {
			o.Close()
		}
	}
	return o, int(o.device.SampleRate()), nil
}

func playOn(id string, s *speaker) (handle, int, error) {
	config := malgo.DefaultDeviceConfig(malgo.Playback)
	config.SampleRate = 0 // the device's own
	config.Playback.Format, config.Playback.Channels = malgo.FormatF32, 2
	o, err := open(id, &config, &config.Playback, malgo.DeviceCallbacks{
		Data: func(out, _ []byte, _ uint32) { s.read(out) },
		Stop: s.line.stopped,
	})
	if err != nil {
		return nil, 0, err
	}
	return o, int(o.device.SampleRate()), nil
}

func listMicrophones() ([]Info, error) { return list(malgo.Capture) }
func listSpeakers() ([]Info, error)    { return list(malgo.Playback) }

func list(kind malgo.DeviceType) ([]Info, error) {
	c, _, err := connect()
	if err != nil {
		return nil, err
	}
	defer disconnect(c)
	devices, err := c.Devices(kind)
	if err != nil {
		return nil, explain("list", err)
	}
	var infos []Info
	for _, d := range devices {
		if kind == malgo.Capture && isMonitor(d.ID) {
			continue
		}
		infos = append(infos, Info{ID: d.ID.String(), Name: d.Name(), Default: d.IsDefault != 0})
	}
	return infos, nil
}

// isMonitor reports whether a microphone is none but what a speaker plays, which
// PulseAudio calls by that name.
func isMonitor(id malgo.DeviceID) bool {
	return strings.HasSuffix(strings.TrimRight(string(id[:]), "\x00"), ".monitor")
}

func parseID(id string) (*malgo.DeviceID, error) {
	var raw malgo.DeviceID
	b, err := hex.DecodeString(id)
	if err != nil || len(b) > len(raw) {
		return nil, fmt.Errorf("%w: the ID %q", ErrNoDevice, id)
	}
	copy(raw[:], b)
	return &raw, nil
}

// explain tells what an error of the library means.
func explain(what string, err error) error {
	for _, e := range []struct {
		means error
		when  []error
	}{
		{ErrNoBackend, []error{malgo.ErrNoBackend, malgo.ErrFailedToInitBackend, malgo.ErrAPINotFound}},
		{ErrNotAllowed, []error{malgo.ErrAccessDenied}},
		// Of a device that is not there PulseAudio says no more than ErrGeneric.
		{ErrNoDevice, []error{malgo.ErrNoDevice, malgo.ErrDoesNotExist, malgo.ErrFailedToOpenBackendDevice, malgo.ErrGeneric}},
		{ErrTimeout, []error{malgo.ErrTimeout}},
	} {
		for _, w := range e.when {
			if errors.Is(err, w) {
				return fmt.Errorf("%w: %s: %w", e.means, what, err)
			}
		}
	}
	return fmt.Errorf("device: %s: %w", what, err)
}
