package picture_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image/color"
	"image/png"
	"testing"

	"magpie/media/internal/icctest"
	"magpie/media/picture"
)

// withProfile puts a profile into a picture, as the specification of each format says.
func withProfile(t testing.TB, f picture.Format, b, profile []byte) []byte {
	t.Helper()
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	switch f {
	case picture.JPEG: // in two segments
		half := len(profile) / 2
		segment := func(number byte, part []byte) []byte {
			body := join([]byte("ICC_PROFILE\x00"), []byte{number, 2}, part)
			return join([]byte{0xff, 0xe2}, binary.BigEndian.AppendUint16(nil, uint16(2+len(body))), body)
		}
		return join(b[:2], segment(1, profile[:half]), segment(2, profile[half:]), b[2:])
	case picture.PNG: // behind the header
		var packed bytes.Buffer
		z := zlib.NewWriter(&packed)
		if _, err := z.Write(profile); err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		body := join([]byte("iCCP"), []byte("a screen\x00\x00"), packed.Bytes())
		length := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
		sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body))
		return join(b[:33], length, body, sum, b[33:])
	case picture.WebP: // with the extended header
		w, h := 32, 24
		head := join([]byte("VP8X\x0a\x00\x00\x00\x20\x00\x00\x00"), []byte{byte(w - 1), 0, 0, byte(h - 1), 0, 0})
		body := join([]byte("WEBP"), head, []byte("ICCP"), binary.LittleEndian.AppendUint32(nil, uint32(len(profile))), profile, b[12:])
		return join([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(body))), body)
	case picture.TIFF: // with one more entry in a directory behind everything
		at := binary.LittleEndian.Uint32(b[4:])
		n := int(binary.LittleEndian.Uint16(b[at:]))
		entry := binary.LittleEndian.AppendUint16(nil, 0x8773)
		entry = binary.LittleEndian.AppendUint16(entry, 7)
		entry = binary.LittleEndian.AppendUint32(entry, uint32(len(profile)))
		entry = binary.LittleEndian.AppendUint32(entry, uint32(len(b)))
		directory := join(binary.LittleEndian.AppendUint16(nil, uint16(n+1)), b[int(at)+2:int(at)+2+12*n], entry, make([]byte, 4))
		b = join(b, profile, directory)
		binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-len(directory)))
		return b
	}
	t.Fatalf("%s has none here", f)
	return nil
}

// A picture is shown, and its thumbnails made, with the colours that its profile says: by
// this one red is blue.
func TestProfile(t *testing.T) {
	for format, b := range map[picture.Format][]byte{
		picture.JPEG: encoded(t, asJPEG, flag(900, 800)),
		picture.PNG:  encoded(t, png.Encode, flag(900, 800)),
		picture.TIFF: encoded(t, asTIFF, flag(900, 800)),
		picture.WebP: file(t, "flag.webp"),
	} {
		was := [4]color.RGBA{red, green, blue, white}
		want := [4]color.RGBA{blue, green, red, white}
		if format == picture.WebP {
			was, want = [4]color.RGBA{red, blue, red, blue}, [4]color.RGBA{blue, red, blue, red}
		}
		b = bytes.Clone(b)
		profile := icctest.Swapped()
		with := withProfile(t, format, b, profile)
		info, thumbs, err := thumbnails(with)
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		corners(t, string(format), decoded(t, thumbs.Large.JPEG), want)
		corners(t, string(format), decoded(t, thumbs.Small.JPEG), want)
		corners(t, string(format), decoded(t, thumbs.Preview), want)
		_, shown, err := picture.Show(context.Background(), bytes.NewReader(with), int64(len(with)), info.Width, info.Height)
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		corners(t, string(format), shown, want)

		// One that is of no use changes nothing.
		profile[36] = 'x'
		_, thumbs, err = thumbnails(withProfile(t, format, b, profile))
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		corners(t, string(format), decoded(t, thumbs.Large.JPEG), was)
	}
}
