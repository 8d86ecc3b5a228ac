package m4a

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/Eyevinn/mp4ff/mp4"

	"magpie/media/internal/box"
)

// readTrack reads a trak box; movie is the timescale of the film.
func readTrack(trak []byte, movie uint32) (Track, error) {
	var t Track
	need := map[string][]string{
		"tkhd": {"tkhd"}, "mdhd": {"mdia", "mdhd"}, "hdlr": {"mdia", "hdlr"}, "stbl": {"mdia", "minf", "stbl"},
	}
	found := map[string]box.Box{}
	for name, path := range need {
		b, ok := box.Find(trak, path...)
		if !ok {
			return t, fmt.Errorf("%w: a track without %s", ErrDamaged, name)
		}
		found[name] = b
	}
	tkhd, err := decode[*mp4.TkhdBox](found["tkhd"])
	if err != nil {
		return t, err
	}
	mdhd, err := decode[*mp4.MdhdBox](found["mdhd"])
	if err != nil {
		return t, err
	}
	hdlr, err := decode[*mp4.HdlrBox](found["hdlr"])
	if err != nil {
		return t, err
	}
	t.ID, t.Kind = tkhd.TrackID, hdlr.HandlerType
	t.scale, t.length = mdhd.Timescale, mdhd.Duration
	t.Rotation = rotation(found["tkhd"].Body)
	t.stbl = found["stbl"].Body
	if b, ok := box.Find(trak, "edts", "elst"); ok {
		elst, err := decode[*mp4.ElstBox](b)
		if err != nil {
			return t, err
		}
		for _, e := range elst.Entries {
			if e.MediaTime >= 0 { // -1 is a pause before the media
				t.edit = edit{e.MediaTime, e.SegmentDuration, movie}
				break
			}
		}
	}
	t.Duration = t.shown()
	return t, t.readEntry()
}

// shown is how long the edit list plays.
func (t *Track) shown() time.Duration {
	if t.edit.length > 0 && t.edit.scale > 0 {
		return seconds(t.edit.length, t.edit.scale)
	}
	if t.edit.begin > 0 && uint64(t.edit.begin) <= t.length {
		return seconds(t.length-uint64(t.edit.begin), t.scale)
	}
	return seconds(t.length, t.scale)
}

// rotation reads the matrix of a tkhd body (ISO/IEC 14496-12, 8.3.2): 16.16
// numbers, of which the first row says where right goes.
func rotation(tkhd []byte) int {
	at := 40
	if len(tkhd) > 0 && tkhd[0] == 1 {
		at = 52
	}
	if len(tkhd) < at+8 {
		return 0
	}
	a, b := int32(binary.BigEndian.Uint32(tkhd[at:])), int32(binary.BigEndian.Uint32(tkhd[at+4:]))
	switch {
	case a == 0 && b > 0:
		return 90
	case a < 0 && b == 0:
		return 180
	case a == 0 && b < 0:
		return 270
	}
	return 0
}

// readEntry reads the first sample entry: what the codec is. It is laid out by
// ISO/IEC 14496-12, 8.5.2, with the versions 1 and 2 of QuickTime sound.
func (t *Track) readEntry() error {
	stsd, ok := box.Find(t.stbl, "stsd")
	if !ok || len(stsd.Body) < 8 {
		return fmt.Errorf("%w: a track without stsd", ErrDamaged)
	}
	for e := range box.Children(stsd.Body[8:]) {
		t.Codec = e.Name
		switch {
		case t.Kind == Video && len(e.Body) >= 28:
			t.Width = int(binary.BigEndian.Uint16(e.Body[24:]))
			t.Height = int(binary.BigEndian.Uint16(e.Body[26:]))
		case t.Kind == Audio && len(e.Body) >= 28:
			t.Channels = int(binary.BigEndian.Uint16(e.Body[16:]))
			t.Rate = int(binary.BigEndian.Uint16(e.Body[24:]))
			more := 28
			switch binary.BigEndian.Uint16(e.Body[8:]) {
			case 1:
				more += 16
			case 2:
				more += 36
			}
			if len(e.Body) > more && e.Name == "mp4a" {
				return t.readConfig(e.Body[more:])
			}
		}
		break
	}
	return nil
}

// readConfig takes the AudioSpecificConfig out of the esds box.
func (t *Track) readConfig(children []byte) error {
	b, ok := box.Find(children, "esds")
	if !ok {
		if b, ok = box.Find(children, "wave", "esds"); !ok {
			return nil
		}
	}
	esds, err := decode[*mp4.EsdsBox](b)
	if err != nil {
		return err
	}
	const mpeg4Audio = 0x40
	d := esds.DecConfigDescriptor
	if d == nil || d.ObjectType != mpeg4Audio || d.DecSpecificInfo == nil || len(d.DecSpecificInfo.DecConfig) < 2 {
		return nil // MP3 or something else in the same box
	}
	t.Config = d.DecSpecificInfo.DecConfig
	return nil
}
