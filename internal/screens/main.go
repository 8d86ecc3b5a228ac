// Command screens makes the pictures of the documentation from those of a tour: one
// for each picture of the design, under its name, each small enough for a repository.
//
//	go run ./internal/screens TOUR DIR
package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
)

// maxBytes is how large a picture may be.
const maxBytes = 150_000

// screens are the pictures, by name, with those of the tour of which they are made.
var screens = []struct {
	name  string
	parts []string
}{
	{"1-main-light", []string{"27-playing-light"}},
	{"2-main-dark", []string{"27-playing-dark"}},
	{"3-offline-recording", []string{"31-offline-recording-light"}},
	{"4-group-info", []string{"9-group-info-light"}},
	{"5-search", []string{"60-search-light"}},
	{"6-welcome", []string{"1-welcome-light"}},
	{"7-settings-storage", []string{"40-settings-storage-light"}},
	{"8-viewer", []string{"28-viewer-light"}},
	{"9-compose-panels", []string{"32-everything-light"}},
	{"10-narrow", []string{"12-narrow-list-light", "11-narrow-chat-light"}},
	{"11-invite", []string{"80-invite-light"}},
	{"12-notices-and-repair", []string{"16-notices-dark", "64-damaged-dark"}},
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: screens TOUR DIR")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "screens:", err)
		os.Exit(1)
	}
}

// run writes all pictures that can be made, and says what is wrong with the others.
func run(tour, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var wrong []error
	for _, s := range screens {
		if err := write(tour, dir, s.name, s.parts); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", s.name, err))
		}
	}
	return errors.Join(wrong...)
}

func write(tour, dir, name string, parts []string) error {
	var all []image.Image
	for _, p := range parts {
		img, err := read(filepath.Join(tour, p+".png"))
		if err != nil {
			return err
		}
		all = append(all, img)
	}
	img := all[0]
	if len(all) > 1 {
		img = beside(all)
	}
	b, err := small(img)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name+".png"), b, 0o644)
}

func read(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

// beside puts pictures next to each other on a desk.
func beside(all []image.Image) image.Image {
	const above, between = 20, 40
	width, height := between, 0
	for _, img := range all {
		width += img.Bounds().Dx() + between
		height = max(height, img.Bounds().Dy()+2*above)
	}
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.RGBA{0xc8, 0xd0, 0xd8, 0xff}), image.Point{}, draw.Src)
	x := between
	for _, img := range all {
		b := img.Bounds()
		draw.Draw(out, image.Rect(x, above, x+b.Dx(), above+b.Dy()), img, b.Min, draw.Src)
		x += b.Dx() + between
	}
	return out
}

// small encodes a picture in full colour or, where that is too large, in 256 colours.
func small(img image.Image) ([]byte, error) {
	for _, make := range []func(image.Image) image.Image{
		func(m image.Image) image.Image { return m },
		func(m image.Image) image.Image { return fewColours(m, 256) },
	} {
		var b bytes.Buffer
		e := png.Encoder{CompressionLevel: png.BestCompression}
		if err := e.Encode(&b, make(img)); err != nil {
			return nil, err
		}
		if b.Len() <= maxBytes {
			return b.Bytes(), nil
		}
	}
	return nil, fmt.Errorf("larger than %d bytes even in 256 colours", maxBytes)
}
