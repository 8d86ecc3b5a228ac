package core

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"

	"magpie/im"
	"magpie/internal/seal"
	"magpie/media"
)

// Content is an open file of the account.
type Content = media.Content

// OpenFile opens the content of an address, which counts as used now and is to be
// closed. An error of reading that wraps seal.ErrDamaged says that the disk has
// something else than was written. Code 6017 for
// no such address, 7004 if it is not on this disk ([Client.Download] brings it
// there), 130111 if what is there is damaged.
func (c *Client) OpenFile(address string) (Content, error) {
	hash, ok := im.BlobHash(address)
	if !ok {
		return nil, im.Errorf(im.CodeInvalidParameter, "%.80q is not the address of a file", address)
	}
	return c.files.open(hash)
}

// HasFile reports whether the content of an address is on this disk.
func (c *Client) HasFile(address string) bool {
	hash, ok := im.BlobHash(address)
	return ok && c.files.has(hash)
}

// plainContent is a file that lies open.
type plainContent struct {
	*os.File
	size int64
}

func (f *plainContent) Size() int64 { return f.size }

// sealedContent is one that is sealed.
type sealedContent struct {
	*seal.Reader
	file *os.File
}

func (f *sealedContent) Close() error { return f.file.Close() }

// contentOf reads a file of the cache, sealed with key unless that is nil. It closes
// the file after an error.
func contentOf(file *os.File, key *seal.Key) (Content, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(fileError("read file", err), file.Close())
	}
	if key == nil {
		return &plainContent{file, info.Size()}, nil
	}
	r, err := seal.NewReader(file, info.Size(), *key)
	if err != nil {
		if errors.Is(err, seal.ErrDamaged) {
			err = im.Errorf(im.CodeBlobDamaged, "read file: %v", err)
		}
		return nil, errors.Join(err, file.Close())
	}
	return &sealedContent{r, file}, nil
}

// sealedName is what the sealed file of a content is called: who does not have the
// key cannot even tell whether a content that he knows is there.
func sealedName(key *seal.Key, hash string) string {
	name := key.Derive("name")
	mac := hmac.New(sha256.New, name[:])
	mac.Write([]byte(hash))
	return hex.EncodeToString(mac.Sum(nil))
}
