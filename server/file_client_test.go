package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"magpie/im"
	"magpie/im/wire"
)

// content is n bytes that are the same for the same seed.
func content(seed uint64, n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}).Read(b)
	return b
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// do sends a request for files as the client's user.
func (c *client) do(s *Server, method, path string, header map[string]string, body io.Reader) *http.Response {
	c.t.Helper()
	r, err := c.tryDo(s, method, path, header, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return r
}

func (c *client) tryDo(s *Server, method, path string, header map[string]string, body io.Reader) (*http.Response, error) {
	r, err := http.NewRequestWithContext(c.t.Context(), method, "http://"+s.Address()+path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+c.welcome.Token)
	r.Header.Set("Tus-Resumable", "1.0.0")
	for k, v := range header {
		r.Header.Set(k, v)
	}
	resp, err := fileClient.Do(r)
	if err != nil {
		return nil, err
	}
	c.t.Cleanup(func() { resp.Body.Close() })
	return resp, nil
}

// fileClient keeps no connection, so that none outlives a test.
var fileClient = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}

// begin begins an upload and returns its path.
func (c *client) begin(s *Server, size int64, hash string) string {
	c.t.Helper()
	h := map[string]string{"Upload-Length": strconv.FormatInt(size, 10)}
	if hash != "" {
		h["Upload-Metadata"] = wire.MetaHash + " " + base64.StdEncoding.EncodeToString([]byte(hash))
	}
	r := c.do(s, "POST", wire.FilesPath, h, nil)
	if r.StatusCode != http.StatusCreated {
		c.t.Fatalf("an upload of %d bytes: %s %s", size, r.Status, readAll(r))
	}
	at := r.Header.Get("Location")
	return wire.FilesPath + at[strings.LastIndexByte(at, '/')+1:]
}

func (c *client) patch(s *Server, path string, offset int64, body io.Reader) *http.Response {
	c.t.Helper()
	return c.do(s, "PATCH", path, patchHeader(offset), body)
}

func patchHeader(offset int64) map[string]string {
	return map[string]string{"Content-Type": "application/offset+octet-stream", "Upload-Offset": strconv.FormatInt(offset, 10)}
}

// upload uploads b in one go and returns its address.
func (c *client) upload(s *Server, b []byte) string {
	c.t.Helper()
	r := c.patch(s, c.begin(s, int64(len(b)), ""), 0, bytes.NewReader(b))
	if r.StatusCode != http.StatusNoContent || r.Header.Get("Content-Location") != wire.BlobsPath+hashOf(b) {
		c.t.Fatalf("uploading: %s %v %s", r.Status, r.Header, readAll(r))
	}
	return im.BlobAddress(hashOf(b))
}

func readAll(r *http.Response) string {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func (c *client) download(s *Server, address string, header map[string]string) (*http.Response, string) {
	c.t.Helper()
	hash, _ := strings.CutPrefix(address, "blob:")
	r := c.do(s, "GET", wire.BlobsPath+hash, header, nil)
	return r, readAll(r)
}

// file makes a message with the file at address.
func (c *client) file(to im.ConversationID, address string, size int) im.Message {
	m := c.text(to, "")
	m.Type, m.Payload = im.MsgFile, im.FilePayload{FileName: "../../x", FileSize: int64(size), FileURL: address}
	return m
}

func (c *client) sendFile(to im.ConversationID, address string, size int) (wire.Sent, error) {
	return c.trySend(c.file(to, address, size), 0, im.SendOptions{})
}

func wantRefused(t *testing.T, r *http.Response, status int, code im.Code, what string) {
	t.Helper()
	body := readAll(r)
	var e im.Error
	if r.StatusCode != status || r.Header.Get(headerCode) != strconv.Itoa(int(code)) {
		t.Errorf("%s: %s, code %q, want %d, %d; %s", what, r.Status, r.Header.Get(headerCode), status, code, body)
	}
	if r.Request.Method != http.MethodHead && (json.Unmarshal([]byte(body), &e) != nil || e.Code != code) {
		t.Errorf("%s: the body is %s", what, body)
	}
}
