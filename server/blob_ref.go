package server

import (
	"context"
	"strconv"
	"strings"

	"magpie/im"
)

// refEntry is the record that lets somebody read a file: all who may read a
// message that names it, or who uploaded it.
type refEntry struct {
	Time int64 `json:"t"` // when it was made, ms since 1970
}

// reference is what the key of such a record says.
type reference struct {
	// uploader is set if the record is that of who uploaded the file; else key and n
	// are the conversation and the number of the message, 0 for one that was passed
	// on and stored nowhere.
	uploader im.UserID
	key      convKey
	n        uint64
}

func uploaderKey(hash string, u im.UserID) string { return hash + ".u." + encodeID(string(u)) }

func messageRefKey(hash string, k convKey, n uint64) string {
	return hash + "." + string(k) + "." + strconv.FormatUint(n, 10)
}

func parseRef(key string) (hash string, r reference, ok bool) {
	parts := strings.Split(key, ".")
	if len(parts) != 3 {
		return "", r, false
	}
	if parts[1] == "u" {
		return parts[0], reference{uploader: im.UserID(decodeID(parts[2]))}, true
	}
	n, err := strconv.ParseUint(parts[2], 10, 64)
	return parts[0], reference{key: convKey(parts[1]), n: n}, err == nil
}

// namedBy returns the files that a record names. What no longer reads as it did
// when it was checked names none.
func namedBy(r *record) []string {
	switch r.kind {
	case im.MsgImage, im.MsgAudio, im.MsgVideo, im.MsgFile, im.MsgMerger:
	default:
		return nil
	}
	if r.erased {
		return nil
	}
	p, err := im.DecodePayload(r.kind, r.body.Payload)
	if err != nil {
		return nil
	}
	uses, err := im.BlobsOf(p)
	if err != nil {
		return nil
	}
	hashes := make([]string, len(uses))
	for i, u := range uses {
		hashes[i] = u.Hash
	}
	return hashes
}

// refer lets those who may read r, which has its number, read the files that it
// names. Doing it again changes nothing.
func (b *blobs) refer(ctx context.Context, r *record) error {
	for _, hash := range namedBy(r) {
		if _, err := b.refs.put(ctx, messageRefKey(hash, r.key, r.n), refEntry{Time: b.server.now()}); err != nil {
			return err
		}
	}
	return nil
}

// release undoes refer for a record that is recalled; its sender counts no longer
// as one who uploaded the files. A file that nothing names any more goes after a
// while.
func (b *blobs) release(ctx context.Context, r *record) error {
	for _, hash := range namedBy(r) {
		if _, err := b.due.put(ctx, hash, dueEntry{b.server.now() + unnamedGrace.Milliseconds()}); err != nil {
			return err
		}
		for _, key := range []string{messageRefKey(hash, r.key, r.n), uploaderKey(hash, r.from)} {
			if err := b.refs.purge(ctx, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkUses decides whether user may send p: every file it names is here, is one
// that user may read, and not too large for its use. The files stay long enough
// for the message to be stored.
func (b *blobs) checkUses(ctx context.Context, user im.UserID, p im.Payload) error {
	uses, err := im.BlobsOf(p)
	if err != nil || len(uses) == 0 {
		return err
	}
	b.sweeping.RLock()
	defer b.sweeping.RUnlock()
	for _, use := range uses {
		size, err := b.size(use.Hash)
		if err != nil {
			return err
		}
		if size > use.MaxBytes {
			return im.Errorf(use.TooLarge, "file of %d bytes, %d are allowed", size, use.MaxBytes)
		}
		if err := b.server.authoriseBlob(ctx, user, use.Hash); err != nil {
			return err
		}
		if err := b.keepUntil(ctx, use.Hash, b.server.now()+unnamedGrace.Milliseconds()); err != nil {
			return err
		}
	}
	return nil
}

// uploadedBy reports whether a file that may have no message yet was uploaded by
// user.
func (b *blobs) uploadedBy(ctx context.Context, hash string, user im.UserID) (bool, error) {
	return b.refs.peek(ctx, uploaderKey(hash, user), &refEntry{})
}

// namedIn returns the messages that name a file, in the order in which it was
// noted.
func (b *blobs) namedIn(ctx context.Context, hash string) (refs []reference, err error) {
	err = b.refs.list(ctx, hash+".>", func(e entry) error {
		if _, r, ok := parseRef(e.key); ok && r.uploader == "" {
			refs = append(refs, r)
		}
		return nil
	})
	return refs, err
}
