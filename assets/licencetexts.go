package assets

import (
	_ "embed"
	"slices"
	"strings"
)

// licenceTexts is made by internal/licences, which says how it is written.
//
//go:embed licencetexts.txt
var licenceTexts string

// Text is the licence as its authors wrote it, with their names; "" for what is not part
// of the program.
func (l Licence) Text() string {
	switch l.Name {
	case "Noto Sans SC":
		return FontLicence()
	case "Noto Emoji":
		pictures, names := EmojiLicences()
		return pictures + "\n\n" + names
	}
	for section := range strings.SplitSeq(licenceTexts, "\f") {
		names, text, _ := strings.Cut(section, "\n")
		if slices.Contains(strings.Split(names, "\t"), l.Name) {
			return strings.TrimSpace(text)
		}
	}
	return ""
}
