package core

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
)

// lyingServer is a scripted gateway whose files are answered by f.
func lyingServer(t *testing.T, f http.HandlerFunc) *device {
	t.Helper()
	g := newGateway(t)
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, wire.FilesPath) || strings.HasPrefix(r.URL.Path, wire.BlobsPath) {
			if r.Header.Get("Authorization") != "Bearer token" {
				t.Errorf("%s %s without the token", r.Method, r.URL)
			}
			f(w, r)
			return
		}
		g.serve(w, r)
	}))
	t.Cleanup(front.Close)
	d := g.device(t, func(o *Options) {
		o.Server = front.URL
		o.RetryMin, o.RetryMax = time.Millisecond, 2*time.Millisecond
	})
	return d.ready()
}

// Whatever a server sends for a file, nothing but the file gets into the cache,
// no more than a file may have is written, and nobody waits for ever.
func TestServerLiesAboutFile(t *testing.T) {
	b := content(30, 100_000)
	other := content(31, 100_000)
	etag := `"` + hashOf(b) + `"`
	var asked atomic.Int64
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		code  im.Code // 0: it comes whole all the same
	}{
		"something else": {func(w http.ResponseWriter, _ *http.Request) { w.Write(other) }, im.CodeBlobDamaged},
		"less, and says so": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.Write(b[:1000])
		}, im.CodeBlobDamaged},
		"more": {func(w http.ResponseWriter, _ *http.Request) { w.Write(append(b, 1)) }, im.CodeBlobDamaged},
		"less than it says, then the rest": {func(w http.ResponseWriter, r *http.Request) {
			from := 0
			if s, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes="); ok {
				from, _ = strconv.Atoi(strings.TrimSuffix(s, "-"))
				if r.Header.Get("If-Range") != etag {
					t.Errorf("If-Range is %q", r.Header.Get("If-Range"))
				}
				w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-99999/100000", from))
				w.WriteHeader(http.StatusPartialContent)
			} else {
				w.Header().Set("Content-Length", "100000")
			}
			w.Write(b[from:min(from+30_000, len(b))])
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, 0},
		"a length of 1 TB": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1099511627776")
			w.Write(b)
		}, im.CodeFileTooLarge},
		"a range of another place": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Range", "bytes 5-99999/100000")
			w.WriteHeader(http.StatusPartialContent)
			w.Write(b[5:])
		}, im.CodeBlobDamaged},
		"a range that is none": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Range", "bytes x-y/z")
			w.WriteHeader(http.StatusPartialContent)
		}, im.CodeInvalidRequest},
		"a web page about not finding": {func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }, im.CodeBlobNotFound},
		"another place to go to": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		}, im.CodeInvalidRequest},
		"nothing but trouble": {func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) }, im.CodeBusy},
		"trouble that passes": {func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) < 3 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			w.Write(b)
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d := lyingServer(t, c.serve)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			err := d.Download(ctx, im.BlobAddress(hashOf(b)), nil)
			equal(t, "code", im.CodeOf(err), c.code)
			if c.code == 0 {
				d.fetched(im.BlobAddress(hashOf(b)), b)
				return
			}
			if d.HasFile(im.BlobAddress(hashOf(b))) {
				t.Error("something is in the cache")
			}
			if info, err := os.Stat(d.files.part(hashOf(b))); err == nil && (c.code == im.CodeBlobDamaged && name != "a range of another place" || info.Size() > 200_000) {
				t.Errorf("%d bytes are kept", info.Size())
			}
		})
	}
}

// A server that sends for ever is left when a file cannot be that large.
func TestServerSendsForEver(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 100 MB")
	}
	d := lyingServer(t, func(w http.ResponseWriter, _ *http.Request) {
		piece := make([]byte, 1<<20)
		for {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	})
	err := d.Download(t.Context(), im.BlobAddress(hashOf(nil)), nil)
	equal(t, "code", im.CodeOf(err), im.CodeFileTooLarge)
}

// Whatever a server answers to an upload, the message waits, or fails with a
// code; it never goes out without its file.
func TestServerLiesAboutUpload(t *testing.T) {
	b := content(32, 10_000)
	created := func(w http.ResponseWriter, location string) {
		w.Header().Set("Location", location)
		w.WriteHeader(http.StatusCreated)
	}
	gone := func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusNotFound)
		}
		return r.Method == http.MethodHead
	}
	for name, c := range map[string]struct {
		serve http.HandlerFunc
		code  im.Code
	}{
		"too large": {func(w http.ResponseWriter, r *http.Request) {
			if !gone(w, r) {
				w.WriteHeader(http.StatusRequestEntityTooLarge)
			}
		}, im.CodeFileTooLarge},
		"no room": {func(w http.ResponseWriter, r *http.Request) {
			if !gone(w, r) {
				w.WriteHeader(http.StatusInsufficientStorage)
				fmt.Fprint(w, `{"code":130101,"message":"full"}`)
			}
		}, im.CodeDiskFull},
		"a path as id": {func(w http.ResponseWriter, r *http.Request) {
			if !gone(w, r) {
				created(w, "http://example.org/v1/files/..%2f..%2fx")
			}
		}, im.CodeInvalidRequest},
		"kept as something else": {func(w http.ResponseWriter, r *http.Request) {
			switch {
			case gone(w, r):
			case r.Method == http.MethodPost:
				created(w, "http://elsewhere.example.org/v1/files/abc")
			default:
				w.Header().Set("Content-Location", wire.BlobsPath+hashOf(nil))
				w.WriteHeader(http.StatusNoContent)
			}
		}, im.CodeBlobDamaged},
		"an upload that vanishes again and again": {func(w http.ResponseWriter, r *http.Request) {
			switch {
			case gone(w, r):
			case r.Method == http.MethodPost:
				created(w, "/v1/files/abc")
			default:
				w.WriteHeader(http.StatusNotFound)
			}
		}, im.CodeBlobNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			d := lyingServer(t, c.serve)
			m, err := d.SendMessage(t.Context(), d.attach("bob", b), im.SendOptions{})
			ok(t, err)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			_, err = d.WaitSent(ctx, m.ID)
			if errors.Is(err, context.DeadlineExceeded) {
				t.Fatal("it waits for ever")
			}
			equal(t, "code", im.CodeOf(err), c.code)
		})
	}
}

// A token that has become too old is renewed by signing in again.
func TestTokenForFilesIsRenewed(t *testing.T) {
	var asked atomic.Int64
	d := lyingServer(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	m, err := d.SendMessage(t.Context(), d.attach("bob", content(33, 1000)), im.SendOptions{})
	ok(t, err)
	d.until("another sign-in", func(e Event) bool { _, is := e.(SDKNotReady); return is })
	d.sent(m.ID)
}
