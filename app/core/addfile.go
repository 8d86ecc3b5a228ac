package core

import (
	"context"
	"io"
	"os"

	"magpie/im"
)

// File is a file that is ready to be sent: put its address into a payload.
type File struct {
	// Address is what payloads have as its URL ([im.BlobAddress]).
	Address string `json:"address"`
	Size    int64  `json:"size"` // bytes
}

// AddFile copies what r gives, at most max bytes and never more than any file may
// have, into the account's folder, from where a message with its address uploads
// it; the source may go. Code 2108 for an empty file, 2402 for one that is too
// large, 130101 without room on the disk.
func (c *Client) AddFile(ctx context.Context, r io.Reader, max int64) (File, error) {
	if max <= 0 || max > im.MaxFileBytes {
		max = im.MaxFileBytes
	}
	hash, size, err := c.files.add(ctx, r, max, im.CodeFileTooLarge)
	return File{im.BlobAddress(hash), size}, err
}

// AddFileAt is AddFile for a file on this disk; code 7004 if it cannot be read.
func (c *Client) AddFileAt(ctx context.Context, path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, fileError("read file", err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return File{}, fileError("read file", err)
	case !info.Mode().IsRegular():
		return File{}, im.Errorf(im.CodeFileMissing, "%s is no file", info.Name())
	case info.Size() > im.MaxFileBytes: // before anything is copied
		return File{}, im.Errorf(im.CodeFileTooLarge, "file of %d bytes, %d are allowed", info.Size(), im.MaxFileBytes)
	}
	return c.AddFile(ctx, f, im.MaxFileBytes)
}

// Upload brings the content of an address, which AddFile returned, to the server
// and returns when it is there. Messages need no such call: they bring their
// files along. onProgress, if not nil, gets bytes sent and their total, at most
// 20 times a second. It fails with 9508 when the connection is cut; called again
// it goes on from there.
func (c *Client) Upload(ctx context.Context, address string, onProgress func(sent, total int64)) error {
	hash, ok := im.BlobHash(address)
	if !ok {
		return im.Errorf(im.CodeInvalidParameter, "%.80q is not the address of a file", address)
	}
	size, ok := c.files.stat(hash)
	if !ok {
		return im.Errorf(im.CodeFileMissing, "the content of %s is not here", address)
	}
	told := throttle(func(sent, total int64) {
		if onProgress != nil {
			onProgress(sent, total)
		}
	})
	return c.uploadOne(ctx, hash, func(sent int64) { told(sent, size) })
}
