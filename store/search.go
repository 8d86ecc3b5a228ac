package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"magpie/im"
	"magpie/store/fulltext"
)

// MaxSearchHits is how many hits a page of a search has at most, and
// maxSearchOffset how far one can leaf.
const (
	MaxSearchHits   = 1000
	maxSearchOffset = 1_000_000
)

// SearchQuery says what is looked for; all that is set must be so. With nothing
// set nothing is found.
type SearchQuery struct {
	// Text is what a person types: words that must all be there, in any order,
	// without regard to case and to accents of Latin letters; a word is found by
	// its beginning, Chinese and its like by any part. What is between quotation
	// marks must stand together. At most 1,024 bytes.
	Text         string
	From         im.UserID         // who sent it
	Conversation im.ConversationID // where
	Kinds        []SearchKind      // one of them
	// Since and Until bound the time of the message, both included, to the second.
	Since, Until time.Time
	Offset       int // hits that are left out, up to 1,000,000
	Limit        int // 1 to 1,000; 0 means 20
}

// SearchHit is a message that was found. Text is what was searched of it (the
// text, the name of a file …) and Highlights where the words are in it, in
// bytes, ascending and apart.
type SearchHit struct {
	Message    im.Message
	Text       string
	Highlights []SearchRange
}

// SearchRange is the bytes from Start up to End, without it.
type SearchRange struct{ Start, End int }

// SearchResult is a page of hits, the newest first.
type SearchResult struct {
	Hits  []SearchHit
	Total uint64 // of all pages
	// Indexing: the index is being made, so older messages may be missing. Indexed
	// is about how far that is, 0 to 1.
	Indexing bool
	Indexed  float64
}

// Search looks through the whole history. What a write returned for is found,
// what was recalled or forgotten is not. The error is an *im.Error with code
// 6017 for a query that is too long or has unknown kinds, that of ctx, or one of
// the file.
func (s *Store) Search(ctx context.Context, q SearchQuery) (SearchResult, error) {
	var out SearchResult
	query, nothing, err := q.parse()
	if err != nil || nothing {
		return out, err
	}
	if q.Limit <= 0 {
		q.Limit = 20
	}
	for range 2 {
		out, err = s.search(ctx, &query, q.Offset, q.Limit)
		if !errors.Is(err, fulltext.ErrDamaged) {
			break
		}
		// Never an answer from a damaged page: without its segments the index has
		// what is new, says so, and is made anew.
		if err = s.resetIndex(ctx); err != nil {
			return SearchResult{}, err
		}
		s.index.poke()
	}
	if err != nil {
		return SearchResult{}, err
	}
	return out, nil
}

// parse checks a query. nothing says that it can find nothing.
func (q *SearchQuery) parse() (query fulltext.Query, nothing bool, err error) {
	words, nothing, large := fulltext.ParseWords(q.Text)
	switch {
	case large:
		return query, false, im.Errorf(im.CodeInvalidParameter, "a search for %d bytes or too many words; %d bytes are allowed",
			len(q.Text), fulltext.MaxQueryBytes)
	case q.Limit > MaxSearchHits || q.Limit < 0 || q.Offset < 0 || q.Offset > maxSearchOffset:
		return query, false, im.Errorf(im.CodeInvalidParameter, "hits %d to %d", q.Offset, q.Offset+q.Limit)
	}
	query = fulltext.Query{Words: words, From: string(q.From), Conversation: string(q.Conversation)}
	text := false
	for _, k := range q.Kinds {
		bit := kindBit(k)
		if bit == 0 && k != SearchText {
			return query, false, im.Errorf(im.CodeInvalidParameter, "no kind of message: %.32q", k)
		}
		query.Kinds |= bit
		text = text || k == SearchText
	}
	if text {
		// A text is what is of no other kind.
		query.Kinds, query.NoKinds = 0, noText&^query.Kinds
	}
	if !q.Since.IsZero() {
		query.Since = clampSeconds(q.Since)
	}
	if !q.Until.IsZero() {
		query.Until = max(clampSeconds(q.Until), 1)
	}
	any := len(words) > 0 || q.From != "" || q.Conversation != "" || len(q.Kinds) > 0 || !q.Since.IsZero() || !q.Until.IsZero()
	return query, nothing || !any, nil
}

func clampSeconds(t time.Time) uint32 { return uint32(min(max(t.Unix(), 0), 1<<32-1)) }

func (s *Store) search(ctx context.Context, q *fulltext.Query, offset, limit int) (SearchResult, error) {
	var out SearchResult
	ix := s.index
	release, err := s.inMemory(ctx)
	if err != nil {
		return out, err
	}
	if !ix.searched.Swap(true) {
		ix.poke()
	}
	release = sync.OnceFunc(release)
	defer release()
	err = s.view(func(tx *txn) error {
		out = SearchResult{Indexing: !ix.state.done}
		if out.Indexing {
			// What is hurt there says so where it is read; here it is only a figure.
			if s.soundHistory(tx, ix.state.conv) == nil {
				out.Indexed = tx.built(ix.state)
			}
		}
		readers := ix.searchReaders(tx)
		hits, total, err := q.Run(ctx, ix.sources(), readers, offset, limit)
		release()
		if err != nil {
			return err
		}
		pages, messages := tx.committed(), tx.Bucket(bucketMsg)
		found := make([]*SearchHit, len(hits))
		err = readers(len(hits), func(i int, _ fulltext.PageReader) (err error) {
			if err = ctx.Err(); err == nil {
				found[i], err = tx.hit(pages, messages, q, hits[i].Place)
			}
			return err
		})
		if err != nil {
			return err
		}
		out.Total = total
		out.Hits = slices.Grow(out.Hits, len(hits))
		for _, hit := range found {
			if hit == nil {
				out.Total--
				continue
			}
			out.Hits = append(out.Hits, *hit)
		}
		return nil
	})
	return out, err
}

// hit reads what was found; nil if it was recalled by the transaction that is just being
// told of.
func (tx *txn) hit(pages *pageFile, messages *bbolt.Bucket, q *fulltext.Query, at fulltext.Place) (*SearchHit, error) {
	m, found, err := tx.messageAt(pages, messages, at)
	if err != nil || !found {
		return nil, err
	}
	d, ok := searchable(&m)
	if !ok {
		return nil, nil
	}
	places, fits := q.Highlights(d.text)
	if !fits {
		return nil, nil
	}
	hit := &SearchHit{Message: m, Text: d.text}
	for _, r := range places {
		hit.Highlights = append(hit.Highlights, SearchRange(r))
	}
	return hit, nil
}
