package heif_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"magpie/media/heif"
	"magpie/media/internal/icctest"
	"magpie/media/internal/memtest"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func open(b []byte) (*heif.Picture, error) { return heif.Open(bytes.NewReader(b), int64(len(b))) }

func TestOpen(t *testing.T) {
	for name, want := range map[string]heif.Picture{
		"halves.heic": {Codec: "hvc1", Width: 256, Height: 128, Columns: 1, Rows: 1, TileWidth: 256, TileHeight: 128},
		"halves.avif": {Codec: "av01", Width: 256, Height: 128, Columns: 1, Rows: 1, TileWidth: 256, TileHeight: 128},
	} {
		p, err := open(read(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p.Codec != want.Codec || p.Width != want.Width || p.Height != want.Height || p.TileWidth != want.TileWidth || p.Tiles() != 1 || p.Rotation != 0 {
			t.Errorf("%s: %+v", name, p)
		}
		if small := p.Small; (small != nil) != (name == "halves.heic") || small != nil && (small.Width != 64 || small.Height != 32 || small.Tiles() != 1) {
			t.Errorf("%s: beside it %+v", name, small)
		}
		f := p.Tile(0)
		if err := iotest.TestReader(io.NewSectionReader(f, 0, f.Size()), content(t, f)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func content(t *testing.T, f *heif.Film) []byte {
	t.Helper()
	b := make([]byte, f.Size())
	for i := range b { // byte by byte, to compare with reading it at once
		if n, err := f.ReadAt(b[i:i+1], int64(i)); n != 1 || err != nil {
			t.Fatalf("byte %d: %d, %v", i, n, err)
		}
	}
	return b
}

// Pictures of phones are grids, lie on their side, and may be in parts.
func TestGrid(t *testing.T) {
	p, err := open(grid(t, 3, 2, 600, 200, 3))
	if err != nil {
		t.Fatal(err)
	}
	if p.Codec != "hvc1" || p.Width != 600 || p.Height != 200 || p.Columns != 3 || p.Rows != 2 || p.Tiles() != 6 || p.TileWidth != 256 || p.Rotation != 90 {
		t.Errorf("%+v", p)
	}
	for name, b := range map[string][]byte{
		"too few tiles for the picture": grid(t, 2, 1, 600, 200, 0),
		"more tiles than there are":     grid(t, 40, 40, 600, 200, 0),
		"no pixels":                     grid(t, 1, 1, 0, 0, 0),
	} {
		if _, err := open(b); !errors.Is(err, heif.ErrDamaged) && !errors.Is(err, heif.ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The picture that the decoder is tried with (package isolated) is one of these.
func TestProfile(t *testing.T) {
	want := gridOf(t, 1, 1, 256, 128, 0, icctest.Swapped())
	if b := read(t, "swapped.heic"); !bytes.Equal(b, want) {
		t.Errorf("swapped.heic has %d bytes, and is not what is made here, of %d", len(b), len(want))
	}
	p, err := open(want)
	if err != nil || !bytes.Equal(p.Profile, icctest.Swapped()) {
		t.Errorf("%d bytes of profile, %v", len(p.Profile), err)
	}
	if p, err := open(grid(t, 1, 1, 256, 128, 0)); err != nil || p.Profile != nil {
		t.Errorf("a profile from nowhere: %+v, %v", p, err)
	}
}

func TestNotUnderstood(t *testing.T) {
	whole := read(t, "halves.heic")
	for name, b := range map[string][]byte{
		"empty": nil, "text": []byte("hello, this is no picture at all"),
		"cut in the header": whole[:200], "cut in the picture": whole[:len(whole)-10],
		"no header": whole[:24],
	} {
		if _, err := open(b); !errors.Is(err, heif.ErrDamaged) && !errors.Is(err, heif.ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
	broken := errors.New("unplugged")
	if _, err := heif.Open(failing{broken}, 1000); !errors.Is(err, broken) {
		t.Errorf("a disk that fails: %v", err)
	}
	// A file that became shorter since it was opened.
	p, err := open(whole)
	if err != nil {
		t.Fatal(err)
	}
	f := p.Tile(0)
	if _, err := f.ReadAt(make([]byte, 1), f.Size()); !errors.Is(err, io.EOF) {
		t.Errorf("behind the end: %v", err)
	}
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

func FuzzOpen(f *testing.F) {
	f.Add(read(f, "halves.heic"))
	f.Add(read(f, "halves.avif"))
	f.Add(grid(f, 3, 2, 600, 200, 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<20 {
			return
		}
		memtest.Within(t, 16<<20, func() {
			p, err := open(b)
			if err != nil {
				return
			}
			for _, p := range []*heif.Picture{p, p.Small} {
				if p == nil {
					continue
				}
				if p.Tiles() != p.Columns*p.Rows || p.Tiles() > heif.MaxTiles || p.Width <= 0 || p.Height <= 0 {
					t.Fatalf("%+v", p)
				}
				film := p.Tile(p.Tiles() - 1)
				if n, err := io.Copy(io.Discard, io.NewSectionReader(film, 0, film.Size())); err != nil || n != film.Size() {
					t.Fatalf("%d of %d bytes, %v", n, film.Size(), err)
				}
			}
		})
	})
}

// grid makes a HEIC of columns x rows times the tile of halves.heic, which is 256
// by 128, cut to width x height and turned.
func grid(t testing.TB, columns, rows, width, height, turn int) []byte {
	return gridOf(t, columns, rows, width, height, turn, nil)
}

// gridOf is one with an ICC profile.
func gridOf(t testing.TB, columns, rows, width, height, turn int, profile []byte) []byte {
	t.Helper()
	tile, err := open(read(t, "halves.heic"))
	if err != nil {
		t.Fatal(err)
	}
	film := tile.Tile(0)
	whole := make([]byte, film.Size())
	if _, err := film.ReadAt(whole, 0); err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(whole, []byte("hvcC")) - 4
	config := whole[at : at+int(binary.BigEndian.Uint32(whole[at:]))]
	coded := whole[bytes.LastIndex(whole, []byte("mdat"))+4:]

	u := func(n, v int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(v))[8-n:] }
	made := func(name string, parts ...[]byte) []byte {
		body := bytes.Join(parts, nil)
		return bytes.Join([][]byte{u(4, 8+len(body)), []byte(name), body}, nil)
	}
	full := func(name string, version int, parts ...[]byte) []byte {
		return made(name, append([][]byte{u(1, version), u(3, 0)}, parts...)...)
	}
	n := columns * rows
	items := [][]byte{u(2, n+1), full("infe", 2, u(2, 1), u(2, 0), []byte("grid\x00"))}
	places := [][]byte{u(2, 0x4400), u(2, n+1), u(2, 1), u(2, 1), u(2, 0), u(2, 1), u(4, 0), u(4, 8)}
	uses := [][]byte{u(4, n+1), u(2, 1), u(1, 2), u(1, 2), u(1, 3)}
	var colours []byte
	if profile != nil {
		colours = made("colr", []byte("prof"), profile)
		uses = [][]byte{u(4, n+1), u(2, 1), u(1, 3), u(1, 2), u(1, 3), u(1, 5)}
	}
	refs := [][]byte{u(2, 1), u(2, n)}
	start := 32 // of what is coded: behind ftyp and the head of mdat
	for i := range n {
		id := 2 + i
		items = append(items, full("infe", 2, u(2, id), u(2, 0), []byte("hvc1\x00")))
		half := len(coded) / 2
		places = append(places, u(2, id), u(2, 0), u(2, 0), u(2, 2), u(4, start), u(4, half), u(4, start+half), u(4, len(coded)-half))
		uses = append(uses, u(2, id), u(1, 2), u(1, 1), u(1, 4))
		refs = append(refs, u(2, id))
	}
	meta := full("meta", 0,
		full("pitm", 0, u(2, 1)),
		full("iinf", 0, items...),
		full("iloc", 1, places...),
		full("iref", 0, made("dimg", refs...)),
		made("iprp", made("ipco",
			config,
			full("ispe", 0, u(4, width), u(4, height)),
			made("irot", u(1, turn)),
			full("ispe", 0, u(4, 256), u(4, 128)), colours), full("ipma", 0, uses...)),
		made("idat", u(2, 0), u(1, rows-1), u(1, columns-1), u(2, width), u(2, height)),
	)
	return bytes.Join([][]byte{made("ftyp", []byte("heic"), u(4, 0)), made("mdat", u(8, 0), coded), meta}, nil)
}
