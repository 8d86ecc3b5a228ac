package assets

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

//go:embed icons/*.svg
var iconFiles embed.FS

//go:embed thumbnails/*.svg
var thumbnailFiles embed.FS

//go:embed icon/magpie.svg
var appIconSVG []byte

//go:embed icon/Icon.png
var appIconPNG []byte

// ErrUnknownIcon is returned for a name that no file has.
var ErrUnknownIcon = errors.New("assets: no such icon")

// Icon returns the SVG called name, drawn on a grid of 24 units with strokes of
// 2 in "currentColor". The error wraps [ErrUnknownIcon].
func Icon(name string) ([]byte, error) {
	b, err := iconFiles.ReadFile("icons/" + name + ".svg")
	if err != nil {
		return nil, fmt.Errorf("%w: %.60q", ErrUnknownIcon, name)
	}
	return b, nil
}

// IconNames lists the names that [Icon] knows, in order.
func IconNames() []string { return names(iconFiles, "icons") }

// Thumbnail returns the default picture for something that has none of its
// own: "image", "video", "file", "audio", or "broken" for what could not be
// read. It has no edges of its own, so it may be shown at any shape.
// The error wraps [ErrUnknownIcon].
func Thumbnail(kind string) ([]byte, error) {
	b, err := thumbnailFiles.ReadFile("thumbnails/" + kind + ".svg")
	if err != nil {
		return nil, fmt.Errorf("%w: thumbnail %.60q", ErrUnknownIcon, kind)
	}
	return b, nil
}

// ThumbnailKinds lists the kinds that [Thumbnail] knows, in order.
func ThumbnailKinds() []string { return names(thumbnailFiles, "thumbnails") }

// AppIcon returns the icon of the application: the drawing, for any size, and
// the same as a PNG of 512 by 512 pixels.
func AppIcon() (svg, png []byte) { return appIconSVG, appIconPNG }

func names(files fs.FS, dir string) []string {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil // the folder is embedded: it is there in every build
	}
	var all []string
	for _, e := range entries {
		all = append(all, strings.TrimSuffix(path.Base(e.Name()), ".svg"))
	}
	return all
}
