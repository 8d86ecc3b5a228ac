// Command sheet draws SVG files side by side into one PNG, through the
// rasteriser that the window uses, for the eye of whoever changes them.
//
//	go run ./scripts/drawings/sheet -o sheet.png FILE.svg...
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"
)

func main() {
	out := flag.String("o", "sheet.png", "picture to write")
	side := flag.Int("side", 120, "pixels of a drawing")
	columns := flag.Int("columns", 6, "drawings in a row")
	dark := flag.Bool("dark", false, "on a dark ground")
	flag.Parse()
	if err := run(*out, flag.Args(), *side, *columns, *dark); err != nil {
		fmt.Fprintln(os.Stderr, "sheet:", err)
		os.Exit(1)
	}
}

func run(out string, files []string, side, columns int, dark bool) error {
	if len(files) == 0 || side < 1 || columns < 1 {
		return errors.New("nothing to draw")
	}
	const gap = 12
	rows := (len(files) + columns - 1) / columns
	sheet := image.NewRGBA(image.Rect(0, 0, columns*(side+gap)+gap, rows*(side+gap)+gap))
	ground := color.RGBA{0xF3, 0xF5, 0xF8, 0xFF}
	if dark {
		ground = color.RGBA{0x17, 0x1D, 0x26, 0xFF}
	}
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	for i, file := range files {
		svg, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		drawing, err := oksvg.ReadIconStream(bytes.NewReader(svg), oksvg.StrictErrorMode)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		tile := image.NewRGBA(image.Rect(0, 0, side, side))
		drawing.SetTarget(0, 0, float64(side), float64(side))
		drawing.Draw(rasterx.NewDasher(side, side, rasterx.NewScannerGV(side, side, tile, tile.Bounds())), 1)
		at := image.Pt(gap+i%columns*(side+gap), gap+i/columns*(side+gap))
		draw.Draw(sheet, tile.Bounds().Add(at), tile, image.Point{}, draw.Over)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, sheet); err != nil {
		return err
	}
	return os.WriteFile(out, b.Bytes(), 0o644)
}
