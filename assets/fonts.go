package assets

import _ "embed"

//go:embed fonts/NotoSansSC-Regular.otf
var notoRegular []byte

//go:embed fonts/NotoSansSC-Bold.otf
var notoBold []byte

//go:embed fonts/OFL.txt
var fontLicence string

// Font returns the bundled font, an OpenType file, with the file name that
// goes with it. Callers must not change the bytes.
func Font(bold bool) (name string, data []byte) {
	if bold {
		return "NotoSansSC-Bold.otf", notoBold
	}
	return "NotoSansSC-Regular.otf", notoRegular
}

// FontLicence returns the licence that travels with the fonts, for the about
// page.
func FontLicence() string { return fontLicence }
