// Command icon draws assets/icon/magpie.svg as assets/icon/Icon.png, 512 by 512
// pixels. With --check it changes nothing and fails if the file is out of date.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
)

const (
	source = "assets/icon/magpie.svg"
	target = "assets/icon/Icon.png"
	side   = 512
)

func main() {
	check := flag.Bool("check", false, "compare instead of writing")
	flag.Parse()
	if err := run(*check); err != nil {
		fmt.Fprintln(os.Stderr, "icon:", err)
		os.Exit(1)
	}
}

func run(check bool) error {
	svg, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	made, err := draw(svg)
	if err != nil {
		return fmt.Errorf("%s: %w", source, err)
	}
	if check {
		there, err := os.ReadFile(target)
		if err != nil {
			return err
		}
		if !bytes.Equal(there, made) {
			return errors.New(target + " is out of date; run scripts/icon/make.sh")
		}
		return nil
	}
	return os.WriteFile(target, made, 0o644)
}

func draw(svg []byte) ([]byte, error) {
	drawing, err := oksvg.ReadIconStream(bytes.NewReader(svg), oksvg.StrictErrorMode)
	if err != nil {
		return nil, err
	}
	drawing.SetTarget(0, 0, side, side)
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	scanner := rasterx.NewScannerGV(side, side, img, img.Bounds())
	drawing.Draw(rasterx.NewDasher(side, side, scanner), 1)
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
