package assets

import (
	"embed"
	"io/fs"
)

//go:embed translations/*.json
var translationFiles embed.FS

// Translations holds the message files of the window, en.json and zh-Hans.json.
// Package app/i18n reads them; both have the same keys.
func Translations() fs.FS {
	sub, err := fs.Sub(translationFiles, "translations")
	if err != nil {
		panic(err) // the folder is embedded right above
	}
	return sub
}
