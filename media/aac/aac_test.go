package aac_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"magpie/media/aac"
)

// record writes samples to an ADTS file as a recorder does.
func record(t testing.TB, samples []int16, bitrate int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "note.aac")
	g, err := aac.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	e, err := aac.NewEncoder(bitrate, g.Append)
	if err != nil {
		t.Fatal(err)
	}
	for chunk := range slices.Chunk(samples, 2205) {
		if err := e.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(e.Close(), g.Close()); err != nil {
		t.Fatal(err)
	}
	if e.Samples() != int64(len(samples)) {
		t.Fatalf("%d samples, want %d", e.Samples(), len(samples))
	}
	return path
}

func open(t testing.TB, b []byte) *aac.Track {
	t.Helper()
	track, err := aac.OpenADTS(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return track
}

func decoder(t testing.TB, track *aac.Track) *aac.Decoder {
	t.Helper()
	d, err := aac.NewDecoder(track)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// readAll reads until the end; the buffer is of an odd size on purpose.
func readAll(d *aac.Decoder) ([]int16, error) {
	var all []int16
	buf := make([]int16, 1234)
	for {
		n, err := d.Read(buf)
		all = append(all, buf[:n]...)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLoopKeepsSpeech(t *testing.T) {
	for name, source := range map[string][]int16{"generated": voice(6), "espeak": espeak(t)} {
		if source == nil {
			continue // the other remains
		}
		b := read(t, record(t, source, aac.MaxBitrate))
		got, err := readAll(decoder(t, open(t, b)))
		if err != nil {
			t.Fatal(err)
		}
		db := snr(source, got)
		t.Logf("%s: %.1f dB, %.0f kbit/s", name, db, float64(len(b))*8/(float64(len(source))/aac.SampleRate)/1000)
		if db < 45 {
			t.Errorf("%s: %.1f dB after the loop, want 45", name, db)
		}
		if rate := float64(len(b)) * 8 / (float64(len(source)) / aac.SampleRate); rate > 1.05*aac.MaxBitrate {
			t.Errorf("%s: %.0f bit/s", name, rate)
		}
	}
}

func TestSeekIsExact(t *testing.T) {
	source := voice(3)
	track := open(t, read(t, record(t, source, aac.MaxBitrate)))
	d := decoder(t, track)
	whole, err := readAll(d)
	if err != nil {
		t.Fatal(err)
	}
	if d.Len() != int64(len(whole)) || d.Damaged() {
		t.Errorf("length %d, read %d; damaged: %v", d.Len(), len(whole), d.Damaged())
	}
	for _, at := range []int64{0, 1, 1023, 1024, 1025, 50_000, 3, d.Len() - 1, d.Len()} {
		if err := d.SeekTo(at); err != nil {
			t.Fatal(err)
		}
		if d.Position() != at {
			t.Errorf("at %d after a seek to %d", d.Position(), at)
		}
		tail, err := readAll(d)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(tail, whole[at:]) {
			t.Errorf("from %d the samples differ from those without a seek", at)
		}
	}
	for _, at := range []int64{-1, d.Len() + 1} {
		if d.SeekTo(at) == nil {
			t.Errorf("a seek to %d of %d was accepted", at, d.Len())
		}
	}
}

// A process that is killed leaves a prefix of what it would have written.
func TestEveryPrefixIsReadable(t *testing.T) {
	path := record(t, voice(0.4), 64_000)
	whole := read(t, path)
	full := open(t, whole)
	for n := range whole {
		if n%37 != 0 && n > 40 && n < len(whole)-40 {
			continue
		}
		frames := 0
		for _, u := range full.Units {
			if int(u.At)+int(u.Size) <= n {
				frames++
			}
		}
		cut := filepath.Join(t.TempDir(), "cut.aac")
		if err := os.WriteFile(cut, whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		track, f, err := aac.Recover(cut)
		if frames == 0 {
			if !errors.Is(err, aac.ErrNotADTS) {
				t.Errorf("%d bytes: %v, want %v", n, err, aac.ErrNotADTS)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if len(track.Units) != frames {
			t.Errorf("%d bytes: %d frames, want %d", n, len(track.Units), frames)
		}
		if got, err := readAll(decoder(t, track)); err != nil || len(got) != (frames-1)*aac.UnitSamples {
			t.Errorf("%d bytes: %d samples of %d frames, %v", n, len(got), frames, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if again := open(t, read(t, cut)); again.Damaged {
			t.Errorf("%d bytes: damaged after it was recovered", n)
		}
	}
}

// The writer is killed, not closed.
func TestRecoverAfterKill(t *testing.T) {
	if path := os.Getenv("MAGPIE_AAC_VICTIM"); path != "" {
		g, err := aac.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		e, err := aac.NewEncoder(aac.MaxBitrate, g.Append)
		if err != nil {
			t.Fatal(err)
		}
		source := voice(1)
		for i := 0; ; i++ {
			if err := e.Write(source); err != nil {
				t.Fatal(err)
			}
			fmt.Println("second", i)
		}
	}
	path := filepath.Join(t.TempDir(), "note.aac")
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestRecoverAfterKill$")
	cmd.Env = append(os.Environ(), "MAGPIE_AAC_VICTIM="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 1<<10)
	for heard := 0; heard < 30; {
		n, err := out.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		heard += n
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed
	track, f, err := aac.Recover(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if track.Duration() < 2*time.Second {
		t.Errorf("%v were kept of at least 2 s", track.Duration())
	}
	if got, err := readAll(decoder(t, track)); err != nil || int64(len(got)) != track.Samples {
		t.Errorf("%d of %d samples, %v", len(got), track.Samples, err)
	}
}

func TestDamagedInTheMiddle(t *testing.T) {
	source := voice(2)
	b := read(t, record(t, source, 128_000))
	full := open(t, b)
	want, err := readAll(decoder(t, full))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 8 { // the body of one frame
		b[int(full.Units[30].At)+i] ^= 0xa5
	}
	d := decoder(t, open(t, b))
	got, err := readAll(d)
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d of %d samples, %v", len(got), len(want), err)
	}
	// Units 30 (damaged) and 31 (overlaps it) may differ, the others not.
	for i := range want {
		if unit := (i + aac.Priming) / aac.UnitSamples; (unit < 30 || unit > 32) && got[i] != want[i] {
			t.Fatalf("sample %d of unit %d is %d, want %d", i, unit, got[i], want[i])
		}
	}
	// Of a damaged end all before it is heard.
	b = read(t, record(t, source, 128_000))
	last := full.Units[len(full.Units)-1]
	for i := range int(last.Size) {
		b[int(last.At)+i] = 0xff
	}
	d = decoder(t, open(t, b))
	if got, err = readAll(d); err != nil || !d.Damaged() || len(want)-len(got) > 2*aac.UnitSamples || len(got) > len(want) {
		t.Errorf("%d of %d samples, damaged: %v, %v", len(got), len(want), d.Damaged(), err)
	}
	// A damaged header loses its frame and nothing else.
	b = read(t, record(t, source, 128_000))
	b[int(full.Units[20].At)-7] = 0
	track := open(t, b)
	if len(track.Units) != len(full.Units)-1 || !track.Damaged {
		t.Errorf("%d of %d frames, damaged: %v", len(track.Units), len(full.Units), track.Damaged)
	}
}

func TestForeignStreams(t *testing.T) {
	note := read(t, record(t, voice(0.3), 64_000))
	tag := append([]byte{'I', 'D', '3', 4, 0, 0, 0, 0, 1, 0x48}, make([]byte, 200)...)
	object := func(b []byte) []byte { b = bytes.Clone(b); b[2] &= 0x3f; return b }
	for name, c := range map[string]struct {
		b     []byte
		sniff bool
		err   error
	}{
		"a note":           {note, true, nil},
		"with a tag":       {append(tag, note...), true, nil},
		"empty":            {nil, false, aac.ErrNotADTS},
		"one byte":         {note[:1], false, aac.ErrNotADTS},
		"text":             {[]byte("hello, world, this is a text"), false, aac.ErrNotADTS},
		"MP3":              {bytes.Repeat([]byte{0xff, 0xfb, 0x90, 0x64, 0, 0, 0, 0}, 500), false, aac.ErrNotADTS},
		"AAC Main":         {object(note), true, aac.ErrUnsupported},
		"half a frame":     {note[:20], false, aac.ErrNotADTS},
		"tag without song": {tag, false, aac.ErrNotADTS},
	} {
		if got := aac.Sniff(c.b); got != c.sniff {
			t.Errorf("%s: Sniff gives %v", name, got)
		}
		if _, err := aac.OpenADTS(bytes.NewReader(c.b), int64(len(c.b))); !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", name, err, c.err)
		}
	}
	if _, err := aac.OpenADTS(bytes.NewReader(nil), 1<<33); !errors.Is(err, aac.ErrTooLarge) {
		t.Errorf("8 GiB: %v", err)
	}
}

func TestEncoderRefuses(t *testing.T) {
	for _, rate := range []int{0, 1000, aac.MinBitrate - 1, aac.MaxBitrate + 1} {
		if _, err := aac.NewEncoder(rate, nil); err == nil {
			t.Errorf("%d bit/s were accepted", rate)
		}
	}
	full := errors.New("disk full")
	e, err := aac.NewEncoder(64_000, func([]byte) error { return full })
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Write(make([]int16, 5000)); !errors.Is(err, full) {
		t.Errorf("the error of the file is %v", err)
	}
}

// ffmpeg reads what we write, and hears the same as we do.
func TestFFmpegAgrees(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("ffmpeg is not installed")
	}
	path := record(t, voice(2), aac.MaxBitrate)
	ours, err := readAll(decoder(t, open(t, read(t, path))))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "error", "-i", path, "-f", "s16le", "-")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("ffmpeg: %v\n%s", err, complaints.String())
	}
	theirs := make([]int16, len(out)/2)
	for i := range theirs {
		theirs[i] = int16(binary.LittleEndian.Uint16(out[2*i:]))
	}
	if len(theirs) != len(ours)+aac.Priming {
		t.Fatalf("ffmpeg gives %d samples, we %d and %d of priming", len(theirs), len(ours), aac.Priming)
	}
	if db := snr(theirs[aac.Priming:], ours); db < 80 {
		t.Errorf("%.1f dB between ffmpeg and us", db)
	}
}
