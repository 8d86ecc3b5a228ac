package m4a_test

import (
	"bytes"
	"testing"

	"github.com/Eyevinn/mp4ff/mp4"

	"magpie/media/aac"
)

// fragmented is n samples of sound in fragments of ten access units.
func fragmented(t testing.TB, n int) []byte {
	t.Helper()
	b := adts(t, tone(n))
	track, err := aac.OpenADTS(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	init := mp4.CreateEmptyInit()
	init.AddEmptyTrack(aac.SampleRate, "audio", "und")
	trak := init.Moov.Trak
	trak.Mdia.Minf.Stbl.Stsd.AddChild(mp4.CreateAudioSampleEntryBox("mp4a", 1, 16, aac.SampleRate, mp4.CreateEsdsBox(track.Config)))
	var out bytes.Buffer
	if err := init.Encode(&out); err != nil {
		t.Fatal(err)
	}
	for first := 0; first < len(track.Units); first += 10 {
		f, err := mp4.CreateFragment(uint32(first/10+1), 1)
		if err != nil {
			t.Fatal(err)
		}
		for i := first; i < min(first+10, len(track.Units)); i++ {
			unit, err := track.AppendUnit(nil, i)
			if err != nil {
				t.Fatal(err)
			}
			f.AddFullSample(mp4.FullSample{
				Sample:     mp4.Sample{Dur: aac.UnitSamples, Size: uint32(len(unit)), Flags: mp4.SyncSampleFlags},
				DecodeTime: uint64(i) * aac.UnitSamples, Data: unit,
			})
		}
		if err := f.Encode(&out); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func TestFragmented(t *testing.T) {
	b := fragmented(t, aac.SampleRate)
	f := open(t, b)
	if !f.Fragmented || f.Duration.Seconds() < 1 || f.Duration.Seconds() > 1.1 {
		t.Errorf("fragmented: %v, %v", f.Fragmented, f.Duration)
	}
	got := decode(t, f)
	if want := tone(aac.SampleRate); snr(want, got[aac.Priming:]) < 45 {
		t.Errorf("%.1f dB", snr(want, got[aac.Priming:]))
	}
	// A tail that is missing costs its fragment only.
	cut, err := open(t, b[:len(b)*3/4]).AAC()
	if err != nil || !cut.Damaged || len(cut.Units) < 20 {
		t.Errorf("three quarters: %v, %+v", err, cut)
	}
}
