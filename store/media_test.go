package store_test

import (
	"fmt"
	"testing"
	"time"

	"magpie/im"
	"magpie/store"
)

var pictures = []im.MessageType{im.MsgImage, im.MsgVideo}

// shared is message n of conv with a payload.
func shared(conv im.ConversationID, n uint64, p im.Payload) im.Message {
	m := text(conv, n, "")
	m.Type, m.Payload = p.Type(), p
	return m
}

func photo(n uint64) im.ImagePayload {
	return im.ImagePayload{UUID: fmt.Sprint(n), ImageInfoArray: []im.ImageInfo{{SizeType: im.ImageOriginal, Size: 1, ImageURL: fmt.Sprint("x", n)}}}
}

func media(t testing.TB, s *store.Store, conv im.ConversationID, q store.MediaQuery) []uint64 {
	t.Helper()
	list, err := s.Media(conv, q)
	ok(t, err)
	return sequences(list)
}

// mixed has something of every kind, picture or video at each multiple of 5.
func mixed(t testing.TB, s *store.Store, conv im.ConversationID, to uint64) {
	t.Helper()
	var list []im.Message
	for n := uint64(1); n <= to; n++ {
		var p im.Payload
		switch {
		case n%10 == 0:
			p = im.VideoPayload{VideoURL: "v", VideoSize: 1}
		case n%5 == 0:
			p = photo(n)
		case n%10 == 1:
			p = im.FilePayload{FileURL: "f", FileName: "f", FileSize: 1}
		case n%10 == 2:
			p = im.AudioPayload{URL: "a", Size: 1}
		case n%10 == 3:
			p = im.TextPayload{Text: "see https://example.org/" + fmt.Sprint(n)}
		case n%10 == 4:
			p = im.FacePayload{Index: 1}
		default:
			p = im.TextPayload{Text: "words"}
		}
		list = append(list, shared(conv, n, p))
	}
	ok(t, s.Ingest(t.Context(), store.Batch{Conversation: conv, Messages: list, From: 1, To: to}))
}

func TestMedia(t *testing.T) {
	s := openStore(t)
	mixed(t, s, team, 40)
	mixed(t, s, bob, 5)
	for _, c := range []struct {
		what string
		q    store.MediaQuery
		want []uint64
	}{
		{"the newest", store.MediaQuery{Types: pictures, Limit: 3}, []uint64{30, 35, 40}},
		{"before one", store.MediaQuery{Types: pictures, Before: 35, Limit: 2}, []uint64{25, 30}},
		{"before what is none", store.MediaQuery{Types: pictures, Before: 33, Limit: 1}, []uint64{30}},
		{"before the first", store.MediaQuery{Types: pictures, Before: 5, Limit: 9}, nil},
		{"before all that will come", store.MediaQuery{Types: pictures, Before: 1 << 60, Limit: 1}, []uint64{40}},
		{"after one", store.MediaQuery{Types: pictures, After: 5, Limit: 2}, []uint64{10, 15}},
		{"after what is none", store.MediaQuery{Types: pictures, After: 6, Limit: 1}, []uint64{10}},
		{"after the last", store.MediaQuery{Types: pictures, After: 40, Limit: 9}, nil},
		{"files", store.MediaQuery{Types: []im.MessageType{im.MsgFile}, Limit: 9}, []uint64{1, 11, 21, 31}},
		{"voice notes", store.MediaQuery{Types: []im.MessageType{im.MsgAudio}, Limit: 2}, []uint64{22, 32}},
		{"links", store.MediaQuery{Types: []im.MessageType{im.MsgText}, Limit: 9}, []uint64{3, 13, 23, 33}},
		{"none", store.MediaQuery{Types: pictures}, nil},
		{"nothing", store.MediaQuery{Limit: 5}, nil},
	} {
		equal(t, c.what, fmt.Sprint(media(t, s, team, c.q)), fmt.Sprint(c.want))
	}
	equal(t, "of another conversation", media(t, s, bob, store.MediaQuery{Types: pictures, Limit: 9}), []uint64{5})
	equal(t, "of one without any", len(media(t, s, "C2Cnobody", store.MediaQuery{Types: pictures, Limit: 9})), 0)
	all, until, err := s.CountMedia(team, pictures, 15)
	ok(t, err)
	equal(t, "counted", []int{all, until}, []int{8, 3})
}

// What was recalled or dropped is not found, whatever came first.
func TestMediaThatIsGone(t *testing.T) {
	newest := store.MediaQuery{Types: pictures, Limit: 9}
	s := openStore(t)
	mixed(t, s, team, 20)
	ingest(t, s, team, recall(team, 21, 10))
	equal(t, "after a recall", media(t, s, team, newest), []uint64{5, 15, 20})
	ingest(t, s, team, recall(team, 23, 22))
	ingest(t, s, team, shared(team, 22, photo(22)))
	equal(t, "recalled before it came", media(t, s, team, newest), []uint64{5, 15, 20})
	ingest(t, s, team, shared(team, 10, photo(10))) // a page that was read before the recall
	equal(t, "recalled, then read again", media(t, s, team, newest), []uint64{5, 15, 20})
	ok(t, s.Truncate(t.Context(), team, 15))
	equal(t, "after a truncation", media(t, s, team, newest), []uint64{5, 15})
	ingest(t, s, team, text(team, 16, "another history"), shared(team, 17, photo(17)))
	equal(t, "another history", media(t, s, team, newest), []uint64{5, 15, 17})
}

// An own message is found once it has its number.
func TestMediaOfTheOutbox(t *testing.T) {
	s := openStore(t)
	row := mine(bob, "wren-pc-1", "")
	row.Message.Type, row.Message.Payload = im.MsgImage, photo(1)
	_, err := s.Enqueue(t.Context(), row)
	ok(t, err)
	newest := store.MediaQuery{Types: pictures, Limit: 9}
	equal(t, "while it waits", len(media(t, s, bob, newest)), 0)
	m := row.Message
	m.Sequence, m.Status = 7, im.StatusSuccess
	ingest(t, s, bob, m)
	equal(t, "sent", media(t, s, bob, newest), []uint64{7})
}

// A damaged file is set aside, and what is saved of it is found as before.
func TestMediaIsSalvaged(t *testing.T) {
	s, _ := hurt(t, func(s *store.Store) { mixed(t, s, team, 40) }, func(data []byte) []byte {
		zero(data, 1-newestMeta(data))
		return data
	})
	equal(t, "salvaged", media(t, s, team, store.MediaQuery{Types: pictures, Limit: 3}), []uint64{30, 35, 40})
}

// BenchmarkMedia looks for pictures in a conversation of 200,000 messages of which
// 20,000 have one.
func BenchmarkMedia(b *testing.B) {
	const messages, every = 200_000, 10
	s := openStore(b)
	for from := uint64(1); from <= messages; from += 1000 {
		var list []im.Message
		for n := from; n < from+1000; n++ {
			m := text(team, n, "some words of the usual length, as people write them")
			if n%every == 0 {
				m.Type, m.Payload = im.MsgImage, photo(n)
			}
			list = append(list, m)
		}
		ok(b, s.Ingest(b.Context(), store.Batch{Conversation: team, Messages: list, From: from, To: from + 999}))
	}
	var page, count, far []time.Duration
	for b.Loop() {
		began := time.Now()
		list, err := s.Media(team, store.MediaQuery{Types: pictures, Before: messages / 2, Limit: 24})
		page = append(page, time.Since(began))
		if err != nil || len(list) != 24 {
			b.Fatal(len(list), err)
		}
		began = time.Now()
		all, until, err := s.CountMedia(team, pictures, messages/2)
		count = append(count, time.Since(began))
		if err != nil || all != messages/every || until != all/2 {
			b.Fatal(all, until, err)
		}
		began = time.Now()
		files, err := s.Media(team, store.MediaQuery{Types: []im.MessageType{im.MsgFile}, Limit: 24})
		far = append(far, time.Since(began))
		if err != nil || len(files) != 0 {
			b.Fatal(len(files), err)
		}
	}
	printFigure("store/media24_200k", milliseconds(median(page)), "ms", "<= 1")
	printFigure("store/media_count_200k", milliseconds(median(count)), "ms", "<= 20")
	printFigure("store/media_none_200k", milliseconds(median(far)), "ms", "<= 20")
}
