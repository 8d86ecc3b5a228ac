package app

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/app/outgoing"
	"magpie/im"
	"magpie/media/aac"
	"magpie/media/device"
	"magpie/media/play"
	"magpie/media/record"
	"magpie/widgets"
	"magpie/widgets/canvas"
)

// media is the part of the tour about pictures, films, files and voice notes. It
// goes on in the group.
func (t *tourist) media(ctx context.Context, _ *host.Host) error {
	conv := t.conversation()
	beach, err := t.painted("beach.png", 1600, 1040, color.RGBA{0x7f, 0xc8, 0xd8, 0xff}, color.RGBA{0xc8, 0x8f, 0x4c, 0xff})
	if err != nil {
		return err
	}
	dusk, err := t.painted("dusk.png", 1280, 720, color.RGBA{0x1c, 0x2c, 0x44, 0xff}, color.RGBA{0xb0, 0x5a, 0x3a, 0xff})
	if err != nil {
		return err
	}
	for _, say := range []func() error{
		func() error { return t.bo.attach(ctx, conv, beach) },
		func() error { return t.ada.speak(ctx, conv, t.data, 14*time.Second) },
		func() error { return t.ada.film(ctx, conv, dusk) },
		func() error { return t.bo.attach(ctx, conv, t.written("contract-v3.pdf", 1_310_000)) },
	} {
		if err := say(); err != nil {
			return err
		}
	}
	if err := t.until(ctx, "everything came", func() bool { return t.lastFrom(conv, "zhouyu") }); err != nil {
		return err
	}
	if err := t.picture("26-media"); err != nil {
		return err
	}
	for _, look := range []func(context.Context) error{t.playing, t.viewing, t.tray, t.recording} {
		if err := look(ctx); err != nil {
			return err
		}
	}
	return nil
}

// of returns the newest message of a type.
func (t *tourist) of(ctx context.Context, kind im.MessageType) (im.Message, error) {
	p, err := t.a.session.client.History(ctx, t.conversation(), core.HistoryQuery{Limit: 50})
	for i := len(p.Messages) - 1; i >= 0 && err == nil; i-- {
		if p.Messages[i].Type == kind {
			return p.Messages[i], nil
		}
	}
	return im.Message{}, errors.Join(err, fmt.Errorf("there is no %s", kind))
}

func (t *tourist) playing(ctx context.Context) error {
	note, err := t.of(ctx, im.MsgAudio)
	if err != nil {
		return err
	}
	t.do(func() { t.a.main.chat.togglePlay(canvas.Key(note.ID)) })
	if err := t.until(ctx, "the note plays", func() bool {
		return t.a.playing != nil && t.a.playing.at > 4*time.Second
	}); err != nil {
		return err
	}
	if err := t.picture("27-playing"); err != nil {
		return err
	}
	t.do(func() { t.a.main.chat.togglePlay(canvas.Key(note.ID)) })
	return nil
}

func (t *tourist) viewing(ctx context.Context) error {
	msg, err := t.of(ctx, im.MsgImage)
	if err != nil {
		return err
	}
	t.do(func() { t.a.main.view(msg) })
	if err := t.picture("28-viewer"); err != nil {
		return err
	}
	t.do(t.a.main.closeViewer)
	return nil
}

func (t *tourist) tray(ctx context.Context) error {
	one, err := t.painted("one.png", 900, 700, color.RGBA{0x7f, 0xc8, 0xd8, 0xff}, color.RGBA{0xc8, 0x8f, 0x4c, 0xff})
	if err != nil {
		return err
	}
	t.do(func() {
		t.a.main.attachFiles([]string{one, t.written("icons-final.fig", 3_200_000), t.written("notes.txt", 900)})
		t.a.main.composer.SetText("这三个给你")
	})
	if err := t.until(ctx, "the tray is ready", func() bool {
		items := t.a.session.trays.get(t.a.main.conversation()).items
		return len(items) == 3 && !slices.ContainsFunc(items, (*trayItem).working)
	}); err != nil {
		return err
	}
	if err := t.picture("29-tray"); err != nil {
		return err
	}
	if err := t.everything(ctx); err != nil {
		return err
	}
	t.do(func() {
		t.a.main.chat.clearTray()
		t.a.main.composer.SetText("")
	})
	return nil
}

// everything is what may be above the composer at once: a quote, the tray, the emoji.
func (t *tourist) everything(ctx context.Context) error {
	conv := t.conversation()
	page, err := t.a.session.client.History(ctx, conv, core.HistoryQuery{Limit: 20})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(page.Messages, func(m im.Message) bool { return m.From != t.a.me() && m.Type == im.MsgAudio })
	if at < 0 {
		return fmt.Errorf("nobody said anything in %s", conv)
	}
	t.do(func() {
		t.a.main.chat.answer(&page.Messages[at])
		t.a.main.emoji.toggle()
	})
	if err := t.picture("32-everything"); err != nil {
		return err
	}
	t.do(func() {
		t.a.main.emoji.close()
		t.a.main.chat.dropAnswer()
	})
	return nil
}

func (t *tourist) recording(ctx context.Context) error { return t.recorded(ctx, "30-recording", true) }

// recorded looks at a voice note that is being recorded, with the button held or
// locked.
func (t *tourist) recorded(ctx context.Context, name string, locked bool) error {
	t.do(func() {
		t.a.main.chat.record(widgets.RecordStart)
		if locked {
			t.a.main.chat.record(widgets.RecordLock)
		}
	})
	if err := t.until(ctx, "something is recorded", func() bool {
		v := t.a.main.chat.voice
		return v != nil && v.picture().At > 6*time.Second
	}); err != nil {
		return err
	}
	if err := t.picture(name); err != nil {
		return err
	}
	t.do(func() { t.a.main.chat.record(widgets.RecordDelete) })
	return nil
}

// painted makes a picture: one colour over the other, divided by a slope.
func (t *tourist) painted(name string, w, h int, above, below color.RGBA) (string, error) {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c, light := above, 1+0.25*float64(y)/float64(h)
			if float64(y) > float64(h)*0.72-float64(x)*0.45*float64(h)/float64(w) {
				c, light = below, 1.12-0.3*float64(y)/float64(h)
			}
			tone := func(v uint8) uint8 { return uint8(min(255, float64(v)*light)) }
			img.SetRGBA(x, y, color.RGBA{tone(c.R), tone(c.G), tone(c.B), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return "", fmt.Errorf("tour: %w", err)
	}
	path := filepath.Join(t.data, name)
	return path, os.WriteFile(path, b.Bytes(), 0o600)
}

// written makes a file of that many bytes; the attempt to send it tells of an
// error.
func (t *tourist) written(name string, size int) string {
	path := filepath.Join(t.data, name)
	_ = os.WriteFile(path, bytes.Repeat([]byte("magpie "), size/7+1)[:size], 0o600)
	return path
}

// attach sends a file as what it is.
func (g *guest) attach(ctx context.Context, conv im.ConversationID, path string) error {
	p, err := outgoing.Prepare(ctx, g.client, nil, path, outgoing.KindAuto)
	if err != nil {
		return err
	}
	return g.deliver(ctx, g.client.CreateMessage(conv.Type(), conv.To(), p.Payload))
}

// film sends what looks like a film: a still, and behind it nothing that plays.
func (g *guest) film(ctx context.Context, conv im.ConversationID, still string) error {
	p, err := outgoing.Prepare(ctx, g.client, nil, still, outgoing.KindImage)
	if err != nil {
		return err
	}
	picture, ok := p.Payload.(im.ImagePayload)
	if !ok {
		return fmt.Errorf("tour: %s is no picture", still)
	}
	large := picture.ImageInfoArray[1]
	f, err := g.client.AddFile(ctx, io.LimitReader(noise{}, 12<<20), im.MaxVideoBytes)
	if err != nil {
		return err
	}
	return g.deliver(ctx, g.client.CreateVideoMessage(conv.Type(), conv.To(), im.VideoPayload{
		VideoURL: f.Address, VideoFormat: "mp4", VideoSecond: 42, VideoSize: f.Size, Preview: picture.Preview,
		ThumbURL: large.ImageURL, ThumbFormat: "jpeg", ThumbSize: large.Size, ThumbWidth: large.Width, ThumbHeight: large.Height,
	}))
}

// speak sends a voice note of that length.
func (g *guest) speak(ctx context.Context, conv im.ConversationID, dir string, length time.Duration) error {
	r, err := record.New(record.Options{Path: filepath.Join(dir, "spoken.aac")}, func(record.Event) {})
	if err != nil {
		return err
	}
	note, err := r.Run(ctx, io.NopCloser(io.LimitReader(&babble{}, int64(length/time.Second)*2*aac.SampleRate)))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := note.WriteM4A(&b); err != nil {
		return err
	}
	f, err := g.client.AddFile(ctx, &b, im.MaxAudioBytes)
	if err != nil {
		return err
	}
	return g.deliver(ctx, g.client.CreateAudioMessage(conv.Type(), conv.To(), im.AudioPayload{
		URL: f.Address, Size: f.Size, Second: int(length / time.Second), Format: "m4a", Peaks: note.Peaks,
	}))
}

// noise is bytes without end.
type noise struct{}

func (noise) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(i * 7)
	}
	return len(b), nil
}

// babble is a sound that rises and falls as speech does, without end.
type babble struct{ at int }

func (b *babble) Read(p []byte) (int, error) {
	n := len(p) / 2
	for i := range n {
		s := float64(b.at) / aac.SampleRate
		loud := math.Abs(math.Sin(5.3*s)*math.Sin(1.7*s)) * (0.5 + 0.5*math.Sin(0.9*s+1))
		v := loud * (0.6*math.Sin(2*math.Pi*170*s) + 0.3*math.Sin(2*math.Pi*910*s))
		binary.LittleEndian.PutUint16(p[2*i:], uint16(int16(30000*v)))
		b.at++
	}
	return 2 * n, nil
}

// tourSound is a computer whose microphone hears babble and whose loudspeaker is
// heard by nobody, so that a tour is the same everywhere.
type tourSound struct{}

func (tourSound) Microphones(context.Context) ([]device.Info, error) {
	return []device.Info{{ID: "1", Name: "Microphone", Default: true}}, nil
}

func (tourSound) Speakers(context.Context) ([]device.Info, error) {
	return []device.Info{{ID: "1", Name: "Loudspeaker", Default: true}}, nil
}

func (tourSound) OpenMicrophone(context.Context, string) (io.ReadCloser, error) {
	return &tourMicrophone{closed: make(chan struct{})}, nil
}

func (tourSound) OpenSpeaker(context.Context, string) (play.Output, error) {
	return &tourSpeaker{closed: make(chan struct{})}, nil
}

// tourMicrophone gives babble at the speed of a real one.
type tourMicrophone struct {
	babble
	closed chan struct{}
	once   sync.Once
}

func (m *tourMicrophone) Read(p []byte) (int, error) {
	p = p[:min(len(p), aac.SampleRate/10)] // 50 ms
	select {
	case <-time.After(time.Duration(len(p)/2) * time.Second / aac.SampleRate):
		return m.babble.Read(p)
	case <-m.closed:
		return 0, io.ErrClosedPipe
	}
}

func (m *tourMicrophone) Close() error {
	m.once.Do(func() { close(m.closed) })
	return nil
}

// tourSpeaker takes frames at the speed of a real one.
type tourSpeaker struct {
	closed chan struct{}
	once   sync.Once
}

const tourRate = 48000

func (s *tourSpeaker) Rate() int          { return tourRate }
func (s *tourSpeaker) Lost() <-chan error { return nil }

func (s *tourSpeaker) Start(from play.Streamer) error {
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		frames := make([][2]float64, tourRate/50)
		for {
			select {
			case <-tick.C:
				from.Stream(frames)
			case <-s.closed:
				return
			}
		}
	}()
	return nil
}

func (s *tourSpeaker) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}
