package server

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"magpie/im"
	"magpie/im/wire"
	"magpie/internal/seal"
)

// sealedCost is what a server does, and how long.
type sealedCost struct {
	s              *Server
	clients        []*client
	said, up, down time.Duration
}

// What encryption costs a server: files of 20 MB up and down and texts of eight
// people at once, by turns on one that is encrypted and on one that is not.
func BenchmarkSealedBesideOpen(b *testing.B) {
	var both []*sealedCost
	for _, key := range []*seal.Key{nil, testKey} {
		c := &sealedCost{s: reopen(b, b.TempDir(), func(o *Options) { o.Key, o.Logf = key, nil })}
		for i := range 8 {
			c.clients = append(c.clients, connect(b, c.s, im.UserID(fmt.Sprint("u", i)), "a"))
		}
		both = append(both, c)
	}
	data := content(1, 20<<20)
	n := 0
	for b.Loop() {
		n++
		data[0], data[1] = byte(n), byte(n>>8) // another content each time
		for _, c := range both {
			c.files(b, data)
			c.talk(b, 50)
		}
	}
	open, sealed := both[0], both[1]
	row("sealed/upload", float64(n)*float64(len(data))/1e6/sealed.up.Seconds(), "MB/s", "-")
	row("sealed/upload, to open", sealed.up.Seconds()/open.up.Seconds(), "times", "<= 1.3")
	row("sealed/download", float64(n)*float64(len(data))/1e6/sealed.down.Seconds(), "MB/s", "-")
	row("sealed/download, to open", sealed.down.Seconds()/open.down.Seconds(), "times", "<= 1.3")
	row("sealed/texts", float64(n*8*50)/sealed.said.Seconds(), "a second", "-")
	row("sealed/texts, to open", sealed.said.Seconds()/open.said.Seconds(), "times", "<= 1.3")
}

func (c *sealedCost) files(b *testing.B, data []byte) {
	alice := c.clients[0]
	start := time.Now()
	r := alice.patch(c.s, alice.begin(c.s, int64(len(data)), ""), 0, bytes.NewReader(data))
	if r.StatusCode != http.StatusNoContent {
		b.Fatal(r.Status, readAll(r))
	}
	c.up += time.Since(start)
	start = time.Now()
	r = alice.do(c.s, "GET", wire.BlobsPath+hashOf(data), nil, nil)
	got, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r.Body}, make([]byte, 256<<10))
	if err != nil || got != int64(len(data)) {
		b.Fatal(got, err)
	}
	r.Body.Close()
	c.down += time.Since(start)
}

// talk has each say a number of texts to the next, one after the other.
func (c *sealedCost) talk(b *testing.B, texts int) {
	start := time.Now()
	var all sync.WaitGroup
	for i, one := range c.clients {
		to := im.C2C(im.UserID(fmt.Sprint("u", (i+1)%len(c.clients))))
		all.Go(func() {
			for range texts {
				if _, err := one.trySend(one.text(to, "a text of the usual length, more or less"), 0, im.SendOptions{}); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	c.said += time.Since(start)
}
