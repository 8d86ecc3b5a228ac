package profile

import (
	"encoding/base32"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"magpie/im"
)

// Default is the name of the profile that is used when none is asked for.
const Default = "default"

// Profile is one profile of a data folder.
type Profile struct {
	Root string // the data folder
	Name string
}

// Open returns the profile called name ("" for [Default]) of the data folder
// root ("" for the system's place for application data) and makes its folders,
// readable by the user alone. The name has 1 to 32 letters, digits, '_' and '-'.
func Open(root, name string) (Profile, error) {
	if name == "" {
		name = Default
	}
	if im.UserID(name).Validate() != nil {
		return Profile{}, im.Errorf(im.CodeInvalidParameter,
			"profile name %.40q: use 1 to %d letters, digits, '_' and '-'", name, im.MaxUserIDBytes)
	}
	if root == "" {
		base, err := os.UserConfigDir()
		if err != nil {
			return Profile{}, fmt.Errorf("profile: no place for application data: %w", err)
		}
		root = filepath.Join(base, "magpie")
	}
	root, err := filepath.Abs(root)
	if err != nil {
		return Profile{}, fmt.Errorf("profile: %w", err)
	}
	p := Profile{Root: root, Name: name}
	if err := os.MkdirAll(p.Dir(), 0o700); err != nil {
		return Profile{}, fmt.Errorf("profile: %w", err)
	}
	return p, nil
}

// Dir is the profile's own folder.
func (p Profile) Dir() string { return filepath.Join(p.Root, "profiles", p.Name) }

// ServerDir is the folder of the embedded server.
func (p Profile) ServerDir() string { return filepath.Join(p.Root, "server") }

// HistoryPath is the file with the history of account a. Its folder is made.
func (p Profile) HistoryPath(a Account) (string, error) {
	dir := p.accountDir(a)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("profile: %w", err)
	}
	return filepath.Join(dir, "history.db"), nil
}

// Folder names the account's folder: readable for the common case and never a
// path, whatever the address of the server looks like.
func (a Account) Folder() string {
	if a.Local {
		return "local_" + string(a.User)
	}
	if a.Pin != "" { // wherever it is found, it is that server
		return "pin_" + pathSafe(a.Pin) + "_" + string(a.User)
	}
	host := strings.ToLower(strings.TrimRight(a.Server, "/"))
	enc := strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(host)))
	const longest = 120 // bytes; file systems allow 255
	return enc[:min(len(enc), longest)] + "_" + string(a.User)
}

// pathSafe is a pin as part of a name: its digits, and nothing else that a settings
// file may have in their place.
func pathSafe(pin string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("0123456789abcdef", r) {
			return r
		}
		return -1
	}, pin)
	return digits[:min(len(digits), 64)]
}
