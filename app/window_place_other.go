//go:build !(linux || freebsd || openbsd || netbsd || windows)

package app

import (
	"errors"
	"image"

	"fyne.io/fyne/v2"
)

// Where a window is cannot be asked for here: the system places it.

func nativeHandle(fyne.Window) uintptr { return 0 }

func screens() ([]image.Rectangle, error) { return nil, errors.ErrUnsupported }

func placeOf(uintptr) (*place, error) { return nil, errors.ErrUnsupported }

func followPlace(uintptr, func(place)) error { return errors.ErrUnsupported }

func maximise(uintptr) error { return errors.ErrUnsupported }
