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
	"magpie/internal/seal"
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
// works while the server runs. For its codes see [Folder].
func ReadKeys(f Folder) (Keys, error) {
	key, err := f.dataKey()
	if err != nil {
		return Keys{}, err
	}
	return readKeys(f.Data, key)
}

func readKeys(data string, key *seal.Key) (Keys, error) {
	var k Keys
	b, err := readFile(filepath.Join(data, "keys.json"), key)
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
func loadKeys(data string, key *seal.Key, appID int) (Keys, error) {
	path := filepath.Join(data, "keys.json")
	k, err := readKeys(data, key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		k = Keys{SDKAppID: defaultSDKAppID, Secret: randomHex(32), Tokens: make([]byte, 32), Admin: randomHex(32)}
		rand.Read(k.Tokens)
	case err != nil:
		return k, err
	case appID <= 0 || appID == k.SDKAppID:
		if b, err := os.ReadFile(path); err != nil || seal.Is(b) == (key != nil) {
			return k, err
		}
	}
	if appID > 0 {
		k.SDKAppID = appID
	}
	return k, writeJSON(path, k, key)
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}
