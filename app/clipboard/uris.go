package clipboard

import (
	"net/url"
	"path/filepath"
	"strings"
)

// maxFiles bounds how many names are taken from one list.
const maxFiles = 10_000

// paths are the files of this computer that a list of type text/uri-list
// (RFC 2483) names; what is somewhere else is passed over.
func paths(list []byte) []string {
	var all []string
	for line := range strings.Lines(string(list)) {
		line = strings.Trim(line, "\r\n\x00 ")
		if line == "" || line[0] == '#' {
			continue
		}
		u, err := url.Parse(line)
		if err != nil || u.Scheme != "file" || u.Host != "" && u.Host != "localhost" || !strings.HasPrefix(u.Path, "/") || strings.ContainsRune(u.Path, 0) {
			continue
		}
		if all = append(all, filepath.FromSlash(u.Path)); len(all) == maxFiles {
			break
		}
	}
	return all
}
