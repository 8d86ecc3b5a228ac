package server

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"magpie/im"
	"magpie/server/auth"
)

// defaultSDKAppID is the application of a data folder that was given none.
const defaultSDKAppID = 1400000001

// Keys are the secrets of a data folder, made on the first run and kept in
// keys.json with mode 0600.
type Keys struct {
	SDKAppID int `json:"sdkAppID"`
	// Secret signs UserSigs, Tokens signs device tokens, Admin opens the
	// administration endpoint.
	Secret string `json:"secretKey"`
	Tokens []byte `json:"tokenKey"`
	Admin  string `json:"adminKey"`
}

// UserSig signs a UserSig for user, valid for expire from now.
func (k Keys) UserSig(user im.UserID, expire time.Duration, now time.Time) (string, error) {
	return auth.Sign(k.SDKAppID, k.Secret, user, expire, now)
}

// ReadKeys returns the keys of a data folder that has been served before. It
// works while the server runs.
func ReadKeys(data string) (Keys, error) {
	var k Keys
	b, err := os.ReadFile(filepath.Join(data, "keys.json"))
	if err != nil {
		return k, fmt.Errorf("server: read keys: %w", err)
	}
	if err := json.Unmarshal(b, &k); err != nil {
		return k, fmt.Errorf("server: keys.json is damaged: %w", err)
	}
	if k.SDKAppID <= 0 || k.Secret == "" || len(k.Tokens) < 32 || k.Admin == "" {
		return k, errors.New("server: keys.json lacks a key")
	}
	return k, nil
}

// loadKeys reads the keys or makes them; appID > 0 replaces the application.
// Damaged keys are an error: new ones would make every token invalid unasked.
func loadKeys(data string, appID int) (Keys, error) {
	k, err := ReadKeys(data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		k = Keys{SDKAppID: defaultSDKAppID, Secret: randomHex(32), Tokens: make([]byte, 32), Admin: randomHex(32)}
		rand.Read(k.Tokens)
	case err != nil:
		return k, err
	case appID <= 0 || appID == k.SDKAppID:
		return k, nil
	}
	if appID > 0 {
		k.SDKAppID = appID
	}
	return k, writeJSON(filepath.Join(data, "keys.json"), k)
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// writeJSON replaces a file of mode 0600 in one step, so that a crash leaves
// the old or the new one.
func writeJSON(path string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // mode 0600
	if err != nil {
		return fmt.Errorf("server: write %s: %w", filepath.Base(path), err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(append(b, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("server: write %s: %w", filepath.Base(path), err)
	}
	return nil
}
