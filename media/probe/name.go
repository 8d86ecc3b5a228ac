package probe

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxName bounds a name in bytes: what file systems take.
	maxName = 255
	// maxExtension bounds the part of a long name that is kept behind its last dot.
	maxExtension = 16
)

// Name is what a message calls a file: the last part of path as either kind of
// system understands it, without what does not print or turns the direction of
// writing, of at most 255 bytes with its extension kept. It is never empty and
// never leads anywhere else when it is used inside a folder.
func Name(path string) string {
	name := path[strings.LastIndexAny(path, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, name)
	const dropped = ". " // by Windows, at the end
	name = strings.TrimRight(shorten(strings.TrimRight(name, dropped)), dropped)
	if strings.Trim(name, "._ ") == "" {
		return "file"
	}
	return name
}

// shorten cuts a name before its extension.
func shorten(name string) string {
	if len(name) <= maxName {
		return name
	}
	extension := ""
	if dot := strings.LastIndexByte(name, '.'); dot >= 0 && len(name)-dot <= maxExtension {
		extension = name[dot:]
	}
	stem := name[:maxName-len(extension)]
	for !utf8.ValidString(stem) {
		stem = stem[:len(stem)-1]
	}
	return stem + extension
}
