package core

import (
	"context"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"

	"magpie/im"
	"magpie/im/wire"
)

// incoming is a file that grows.
type incoming struct {
	client *Client
	hash   string
	part   *part
	sum    hash.Hash // of what there is
	got    int64
	limit  func() int64
	told   func(got, total int64)
}

// receive asks for what is missing and takes in what comes of it. nil: all is
// here.
func (in *incoming) receive(ctx context.Context) error {
	ctx, moving, stop := watched(ctx)
	defer stop()
	h := http.Header{}
	if in.got > 0 {
		h.Set("Range", fmt.Sprintf("bytes=%d-", in.got))
		h.Set("If-Range", `"`+in.hash+`"`)
	}
	resp, err := in.client.fileServer.request(ctx, http.MethodGet, wire.BlobsPath+in.hash, h, nil, 0)
	if statusOf(err) == http.StatusRequestedRangeNotSatisfiable {
		return nil // there is no more: the hash tells whether that is right
	}
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	start, total := int64(0), resp.ContentLength
	if resp.StatusCode == http.StatusPartialContent {
		if start, total, err = contentRange(resp.Header.Get("Content-Range")); err != nil {
			return err
		}
	}
	switch {
	case total > in.limit():
		return im.Errorf(im.CodeFileTooLarge, "the server says that the file has %d bytes", total)
	case start == 0:
		err = in.restart()
	case start != in.got:
		err = im.Errorf(im.CodeBlobDamaged, "the server sends from byte %d, %d was asked for", start, in.got)
	}
	if err != nil {
		return err
	}
	moved := func(n int) {
		moving()
		in.got += int64(n)
		in.told(in.got, max(total, in.got))
	}
	// Nothing that a server says decides how much is written.
	room := in.limit() - in.got
	buf := make([]byte, 128<<10)
	n, err := io.CopyBuffer(&growing{in, moved}, struct{ io.Reader }{io.LimitReader(resp.Body, room+1)}, buf)
	switch {
	case n > room:
		return im.Errorf(im.CodeFileTooLarge, "the server sends more than %d bytes", room)
	case in.got == total:
		return nil // whatever came after it
	case err != nil && context.Cause(ctx) != nil:
		return context.Cause(ctx)
	case err != nil && im.CodeOf(err) == 0:
		return im.Errorf(im.CodeNetworkDown, "the download was cut: %v", err)
	}
	return err
}

func (in *incoming) restart() error {
	in.got = 0
	in.sum.Reset()
	return in.part.restart()
}

// growing writes to the file and its hash.
type growing struct {
	in    *incoming
	moved func(n int)
}

func (g *growing) Write(b []byte) (int, error) {
	n, err := g.in.part.Write(b)
	g.in.sum.Write(b[:n])
	g.moved(n)
	return n, fileError("write file", err)
}

// contentRange reads where a partial answer begins and how long the whole is.
func contentRange(s string) (start, total int64, err error) {
	bad := im.Errorf(im.CodeInvalidRequest, "the server sends the range %.60q", s)
	span, whole, ok := strings.Cut(strings.TrimPrefix(s, "bytes "), "/")
	from, _, two := strings.Cut(span, "-")
	if !ok || !two {
		return 0, 0, bad
	}
	if start, err = strconv.ParseInt(from, 10, 64); err != nil || start < 0 {
		return 0, 0, bad
	}
	if total, err = strconv.ParseInt(whole, 10, 64); err != nil || total < start {
		return 0, 0, bad
	}
	return start, total, nil
}
