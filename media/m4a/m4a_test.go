package m4a_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"magpie/media/aac"
	"magpie/media/m4a"
)

// tone is n samples of a chord that never repeats exactly.
func tone(n int) []int16 {
	out := make([]int16, n)
	for i := range out {
		t := float64(i) / aac.SampleRate
		out[i] = int16(6000*math.Sin(2*math.Pi*220*t) + 4000*math.Sin(2*math.Pi*(500+50*t)*t))
	}
	return out
}

// adts encodes samples to ADTS.
func adts(t testing.TB, samples []int16) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.aac")
	g, err := aac.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	e, err := aac.NewEncoder(aac.MaxBitrate, g.Append)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(e.Write(samples), e.Close(), g.Close()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// write makes an M4A of samples, as a recorder does.
func write(t testing.TB, samples []int16) []byte {
	t.Helper()
	b := adts(t, samples)
	track, err := aac.OpenADTS(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	track.Samples = int64(len(samples))
	var out bytes.Buffer
	if err := m4a.Write(&out, track); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t testing.TB, b []byte) *m4a.File {
	t.Helper()
	f, err := m4a.Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func decode(t testing.TB, f *m4a.File) []int16 {
	t.Helper()
	track, err := f.AAC()
	if err != nil {
		t.Fatal(err)
	}
	d, err := aac.NewDecoder(track)
	if err != nil {
		t.Fatal(err)
	}
	all := make([]int16, 0, d.Len())
	buf := make([]int16, 2048)
	for {
		n, err := d.Read(buf)
		all = append(all, buf[:n]...)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func snr(want, got []int16) float64 {
	var signal, noise float64
	for i := range want {
		d := float64(want[i]) - float64(got[i])
		signal += float64(want[i]) * float64(want[i])
		noise += d * d
	}
	return 10 * math.Log10(signal/noise)
}

// The length is exact whatever it is, and the first sample is the first.
func TestLengthIsExact(t *testing.T) {
	for _, n := range []int{1, 100, 1023, 1024, 1025, 2048, 44_100, 61_234} {
		source := tone(n)
		f := open(t, write(t, source))
		want := time.Duration(float64(n) / aac.SampleRate * float64(time.Second))
		if d := f.Duration - want; d.Abs() > time.Microsecond {
			t.Errorf("%d samples: %v, want %v", n, f.Duration, want)
		}
		got := decode(t, f)
		if len(got) != n {
			t.Errorf("%d samples came back as %d", n, len(got))
			continue
		}
		if n > 20_000 {
			if db := snr(source, got); db < 45 {
				t.Errorf("%d samples: %.1f dB", n, db)
			}
		}
	}
}

func TestTheHeaderComesFirst(t *testing.T) {
	b := write(t, tone(5000))
	if moov, mdat := bytes.Index(b, []byte("moov")), bytes.Index(b, []byte("mdat")); moov < 0 || mdat < moov {
		t.Errorf("moov at %d, mdat at %d", moov, mdat)
	}
	f := open(t, b)
	if len(f.Tracks) != 1 || f.Brand != "M4A " || f.First(m4a.Video) != nil {
		t.Fatalf("%+v", f)
	}
	track := f.Tracks[0]
	if track.Codec != "mp4a" || track.Rate != aac.SampleRate || track.Channels != 1 || !bytes.Equal(track.Config, []byte{0x12, 0x08}) {
		t.Errorf("%+v", track)
	}
	if !bytes.Equal(b, write(t, tone(5000))) {
		t.Error("the same sound makes two different files")
	}
}

// probe asks ffprobe about a file.
func probe(t *testing.T, path string) (codec, profile string, rate, channels int, start, seconds float64) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-show_streams", "-of", "json", path).Output()
	if err != nil {
		t.Fatalf("ffprobe: %v", err)
	}
	var answer struct {
		Streams []struct {
			Codec    string `json:"codec_name"`
			Profile  string `json:"profile"`
			Rate     string `json:"sample_rate"`
			Channels int    `json:"channels"`
			Start    string `json:"start_time"`
			Duration string `json:"duration"`
		} `json:"streams"`
	}
	if err := json.Unmarshal(out, &answer); err != nil || len(answer.Streams) != 1 {
		t.Fatalf("%v: %s", err, out)
	}
	s := answer.Streams[0]
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	return s.Codec, s.Profile, int(number(s.Rate)), s.Channels, number(s.Start), number(s.Duration)
}

func TestFFmpegAgrees(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("ffmpeg is not installed")
	}
	source := tone(3*aac.SampleRate + 77)
	path := filepath.Join(t.TempDir(), "a.m4a")
	b := write(t, source)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	codec, profile, rate, channels, start, seconds := probe(t, path)
	if codec != "aac" || profile != "LC" || rate != aac.SampleRate || channels != 1 || start != 0 {
		t.Errorf("ffprobe: %s %s %d Hz, %d channels, starts at %v", codec, profile, rate, channels, start)
	}
	if want := float64(len(source)) / aac.SampleRate; math.Abs(seconds-want) > 1e-5 {
		t.Errorf("ffprobe: %v s, want %v", seconds, want)
	}
	cmd := exec.CommandContext(t.Context(), "ffmpeg", "-v", "warning", "-i", path, "-f", "s16le", "-")
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
	ours := decode(t, open(t, b))
	// This ffmpeg does not cut the end by the edit list; the beginning it does.
	if len(theirs) < len(ours) || len(theirs) >= len(ours)+aac.UnitSamples {
		t.Fatalf("ffmpeg gives %d samples, we %d", len(theirs), len(ours))
	}
	if db := snr(theirs[:len(ours)], ours); db < 80 {
		t.Errorf("%.1f dB between ffmpeg and us", db)
	}
}

// What ffmpeg writes, we read: progressive with the header last, and fragmented.
func TestReadsWhatOthersWrite(t *testing.T) {
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Skip("ffmpeg is not installed")
	}
	path := filepath.Join(t.TempDir(), "a.m4a")
	if err := os.WriteFile(path, write(t, tone(100_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	var want []int16
	for _, flags := range [][]string{
		nil, {"-movflags", "+faststart"}, {"-movflags", "+empty_moov", "-frag_duration", "500000"},
		{"-movflags", "+empty_moov+default_base_moof", "-frag_duration", "500000"},
		{"-movflags", "+empty_moov+omit_tfhd_offset+separate_moof", "-frag_duration", "500000"},
	} {
		out := filepath.Join(t.TempDir(), "b.mp4")
		cmd := exec.CommandContext(t.Context(), "ffmpeg", slices.Concat([]string{"-v", "error", "-i", path, "-c", "copy"}, flags, []string{out})...)
		if b, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		b, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		f := open(t, b)
		if f.Fragmented != (len(flags) > 2) {
			t.Errorf("%s: fragmented: %v", flags, f.Fragmented)
		}
		if d := f.Duration - 2280*time.Millisecond; d.Abs() > 40*time.Millisecond {
			t.Errorf("%s: %v", flags, f.Duration)
		}
		got := decode(t, f)
		if want == nil {
			want = got
		}
		if f.Fragmented { // it writes no edit list then, and so the priming is heard
			got = got[aac.Priming:]
		}
		if len(got) < len(want) || snr(want, got) < 90 {
			t.Errorf("%s: %d samples, the first file %d", flags, len(got), len(want))
		}
	}
}

// patch returns b with the four bytes at an offset behind the name of a box
// replaced.
func patch(b []byte, name string, offset int, v uint32) []byte {
	b = bytes.Clone(b)
	at := bytes.Index(b, []byte(name)) + 4 + offset
	binary.BigEndian.PutUint32(b[at:], v)
	return b
}

func TestLies(t *testing.T) {
	b := write(t, tone(20_000))
	huge := func(name string, offset int) []byte { return patch(b, name, offset, 0x7fffffff) }
	uniform := patch(b, "stsz", 4, 100)
	for name, c := range map[string]struct {
		b    []byte
		open error // of Open
		read error // of AAC
	}{
		"empty":                         {nil, m4a.ErrNotMP4, nil},
		"text":                          {[]byte("hello, this is a text and nothing else"), m4a.ErrNotMP4, nil},
		"only the first box":            {b[:28], m4a.ErrNotMP4, nil},
		"the header cut off":            {b[:200], m4a.ErrDamaged, nil},
		"a header of 2 GiB":             {patch(b, "moov", -8, 0x7fffffff), m4a.ErrDamaged, nil},
		"a header of 9 MiB":             {slices.Concat(b[:28], binary.BigEndian.AppendUint32(nil, 9<<20), []byte("moov"), make([]byte, 9<<20)), m4a.ErrTooLarge, nil},
		"a box smaller than its header": {patch(b, "ftyp", -8, 7), m4a.ErrNotMP4, nil},
		"2 GiB in one access unit":      {huge("stsz", 12), nil, m4a.ErrDamaged},
		"a table of 2 G sizes":          {huge("stsz", 8), nil, m4a.ErrDamaged},
		"a table of 2 G chunks":         {huge("stco", 4), nil, m4a.ErrDamaged},
		"a table of 2 G entries":        {huge("stsc", 4), nil, m4a.ErrDamaged},
		"access units of nothing":       {patch(b, "stsz", 12, 0), nil, m4a.ErrDamaged},
		"a table with equal sizes":      {uniform, nil, m4a.ErrDamaged},
		"the sound outside the file":    {huge("stco", 8), nil, m4a.ErrDamaged},
		"no chunk for a sample":         {patch(b, "stsc", 8, 9), nil, m4a.ErrDamaged},
	} {
		f, err := m4a.Open(bytes.NewReader(c.b), int64(len(c.b)))
		if !errors.Is(err, c.open) || c.open != nil && f != nil {
			t.Errorf("%s: %v, want %v", name, err, c.open)
		}
		if err != nil {
			continue
		}
		if _, err := f.AAC(); !errors.Is(err, c.read) {
			t.Errorf("%s: %v, want %v", name, err, c.read)
		}
	}
}

// Two thousand million samples of one byte, in a file of a few kilobytes.
func TestTwoThousandMillionSamples(t *testing.T) {
	b := write(t, tone(20_000))
	at := bytes.Index(b, []byte("stsz"))
	n := binary.BigEndian.Uint32(b[at+12:])
	// The table of sizes becomes a uniform size and a free box.
	binary.BigEndian.PutUint32(b[at-4:], 20)
	binary.BigEndian.PutUint32(b[at+8:], 1)
	binary.BigEndian.PutUint32(b[at+12:], 0x7fffffff)
	binary.BigEndian.PutUint32(b[at+16:], n*4)
	copy(b[at+20:], "free")
	b = patch(b, "stsc", 12, 0x7fffffff)
	if _, err := open(t, b).AAC(); !errors.Is(err, aac.ErrTooLarge) {
		t.Errorf("%v, want %v", err, aac.ErrTooLarge)
	}
}

func TestTruncatedPlaysWhatThereIs(t *testing.T) {
	source := tone(100_000)
	b := write(t, source)
	track, err := open(t, b[:len(b)/2]).AAC()
	if err != nil {
		t.Fatal(err)
	}
	if !track.Damaged || track.Duration() < time.Second || track.Duration() > 1300*time.Millisecond {
		t.Errorf("half of it is %v, damaged: %v", track.Duration(), track.Damaged)
	}
}

func TestWriteRefuses(t *testing.T) {
	for _, track := range []*aac.Track{
		{Rate: 44100, Channels: 1},
		{Rate: 44100, Channels: 1, Units: make([]aac.Span, 2), Samples: 3000},
		{Rate: 44100, Channels: 1, Units: make([]aac.Span, 2), Samples: -1},
	} {
		if err := m4a.Write(io.Discard, track); err == nil {
			t.Errorf("%+v was written", track)
		}
	}
}
