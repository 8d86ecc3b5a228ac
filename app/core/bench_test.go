package core

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

// BenchmarkFirstSync signs a fresh device in to 1000 conversations of 40
// messages: list, names and the last page of each, on disk, until SDK_READY.
func BenchmarkFirstSync(b *testing.B) {
	g := newGateway(b)
	for i := range 1000 {
		g.say(im.C2C(im.UserID(fmt.Sprintf("u%04d", i))), "u", 40)
	}
	var all []time.Duration
	for i := 0; b.Loop(); i++ {
		st, _, err := store.Open(filepath.Join(b.TempDir(), fmt.Sprint(i)), store.Options{Account: "ann"})
		ok(b, err)
		o := g.options(st)
		o.HoleWait, o.RetryMin = 0, 0 // the defaults
		begin := time.Now()
		c, err := New(o)
		ok(b, err)
		c.Start(b.Context())
		ok(b, c.WaitReady(b.Context()))
		all = append(all, time.Since(begin))
		ok(b, c.Close())
		ok(b, st.Close())
	}
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "core/first sync of 1000 conversations, p50", median(all), "ms", "-")
}

// BenchmarkReceive measures from a push leaving the server to MessageReceived,
// with the message on disk between.
func BenchmarkReceive(b *testing.B) {
	g := newGateway(b)
	d := benchDevice(b, g)
	var all []time.Duration
	for b.Loop() {
		n := g.say(bob, "bob", 1)
		begin := time.Now()
		g.push(bob, n)
		d.untilReceived(bob, n)
		all = append(all, time.Since(begin))
		d.seen = nil
	}
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "core/push to event, on disk, p50", median(all), "ms", "-")
}

// BenchmarkSend measures SendMessage, which returns with the message on disk.
func BenchmarkSend(b *testing.B) {
	g := newGateway(b)
	d := benchDevice(b, g)
	var all []time.Duration
	for b.Loop() {
		m := d.CreateTextMessage(im.ConvC2C, "bob", "hello")
		begin := time.Now()
		_, err := d.SendMessage(b.Context(), m, im.SendOptions{})
		all = append(all, time.Since(begin))
		ok(b, err)
		_, err = d.WaitSent(b.Context(), m.ID)
		ok(b, err)
	}
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "core/SendMessage, on disk, p50", median(all), "ms", "-")
}

// benchDevice is a device on a store with the usual batching.
func benchDevice(b *testing.B, g *gateway) *device {
	path := filepath.Join(b.TempDir(), "ann.db")
	st, _, err := store.Open(path, store.Options{Account: "ann"})
	ok(b, err)
	c, err := New(g.options(st))
	ok(b, err)
	return startDevice(b, c, st, path).ready()
}

// median is the middle duration in milliseconds.
func median(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2]) / 1e6
}
