package core

import (
	"testing"

	"magpie/im"
)

// order waits until the messages were sent and returns which place each has among
// them by the number that the server gave it.
func (d *device) order(messages ...im.Message) []int {
	d.t.Helper()
	places := make([]int, len(messages))
	sequences := make([]uint64, len(messages))
	for i, m := range messages {
		sequences[i] = d.sent(m.ID).Sequence
	}
	for i, n := range sequences {
		for _, other := range sequences {
			if other < n {
				places[i]++
			}
		}
	}
	return places
}

// What belongs together arrives in its order, however large the first of it is;
// what was said besides does not wait for it.
func TestBatchKeepsItsOrder(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	b := batched{t, ann.NewBatch()}
	large := b.send(ann.attach("bob", content(1, 4_000_000)))
	small := b.send(ann.attach("bob", content(2, 10)))
	words := b.send(ann.CreateTextMessage(im.ConvC2C, "bob", "look at these"))
	beside, err := ann.SendMessage(t.Context(), ann.CreateTextMessage(im.ConvC2C, "bob", "by the way"), im.SendOptions{})
	ok(t, err)
	equal(t, "order", ann.order(large, small, words, beside), []int{1, 2, 3, 0})
	_, waits := ann.Transfer(words.ID)
	equal(t, "the text has a transfer", waits, false)
}

type batched struct {
	t     *testing.T
	batch *Batch
}

func (b batched) send(m im.Message) im.Message {
	b.t.Helper()
	m, err := b.batch.SendMessage(b.t.Context(), m, im.SendOptions{})
	ok(b.t, err)
	return m
}

// What is paused or cancelled holds up nothing of its batch, and what is refused
// does not either.
func TestBatchGoesOnWithout(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	for name, c := range map[string]struct {
		stop func(ann *device, first im.Message)
		sent bool // in the end, after all of it
	}{
		"paused":    {func(ann *device, first im.Message) { ok(t, ann.PauseTransfer(first.ID)) }, true},
		"cancelled": {func(ann *device, first im.Message) { ok(t, ann.CancelMessage(t.Context(), first.ID)) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			ann := s.device(t, "ann").ready()
			for range cap(ann.transfers.turns) { // no upload runs
				ann.transfers.turns <- struct{}{}
			}
			b := batched{t, ann.NewBatch()}
			first := b.send(ann.attach("bob", content(byte(len(name)), 5000)))
			second := b.send(ann.attach("bob", content(byte(len(name)+1), 10)))
			words := b.send(ann.CreateTextMessage(im.ConvC2C, "bob", "words"))
			if m, _, err := ann.Message(words.ID); err != nil || m.Sequence != 0 {
				t.Errorf("went out first: %v", err)
			}
			equal(t, "pausing a text", im.CodeOf(ann.PauseTransfer(words.ID)), im.CodeInvalidMessage)
			c.stop(ann, first)
			for range cap(ann.transfers.turns) {
				<-ann.transfers.turns
			}
			equal(t, "order", ann.order(second, words), []int{0, 1})
			if c.sent {
				ok(t, ann.ResumeTransfer(first.ID))
				equal(t, "order", ann.order(words, first), []int{0, 1})
			}
			// The batch is over; what comes late waits for nobody.
			late := b.send(ann.CreateTextMessage(im.ConvC2C, "bob", "late"))
			ann.sent(late.ID)
		})
	}
}

// A message of a batch that the server refuses for its file fails alone.
func TestBatchWithARefusal(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	for range cap(ann.transfers.turns) {
		ann.transfers.turns <- struct{}{}
	}
	b := batched{t, ann.NewBatch()}
	gone := b.send(ann.attach("bob", content(7, 100)))
	words := b.send(ann.CreateTextMessage(im.ConvC2C, "bob", "words"))
	ok(t, ann.files.remove(hashOf(content(7, 100))))
	for range cap(ann.transfers.turns) {
		<-ann.transfers.turns
	}
	_, err := ann.WaitSent(t.Context(), gone.ID)
	equal(t, "code", im.CodeOf(err), im.CodeFileMissing)
	ann.sent(words.ID)
}

// What belongs together goes out in its order after a restart, too: words about a file
// whose upload was cut off by the end of the program wait for the rest of it.
func TestBatchOverARestart(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann := s.device(t, "ann").ready()
	for range cap(ann.transfers.turns) { // no upload runs
		ann.transfers.turns <- struct{}{}
	}
	b := batched{t, ann.NewBatch()}
	first := b.send(ann.attach("bob", content(1, 20<<20)))
	second := b.send(ann.attach("bob", content(2, 10)))
	words := b.send(ann.CreateTextMessage(im.ConvC2C, "bob", "words"))
	alone, err := ann.SendMessage(t.Context(), ann.CreateTextMessage(im.ConvC2C, "bob", "something else"), im.SendOptions{})
	ok(t, err)
	ann.sent(alone.ID)
	ann.stop()
	ann = s.viaAt(t, s.url, "ann", ann.path).ready()
	equal(t, "order", ann.order(alone, first, second, words), []int{0, 1, 2, 3})
	ann.transfers.mu.Lock()
	defer ann.transfers.mu.Unlock()
	equal(t, "batches that are remembered", len(ann.transfers.batches), 0)
}
