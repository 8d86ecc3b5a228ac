package core

import (
	"context"
	"errors"

	"magpie/im"
	"magpie/store"
)

// Forgotten is what [Client.ForgetHistory] removes, or would remove.
type Forgotten struct {
	Messages uint64 `json:"messages"`
	Files    int    `json:"files"`
	Bytes    int64  `json:"bytes"` // of the files
	// OnlyHere are messages among them that the server does not let this account
	// read any more, or may not have: those that were imported.
	OnlyHere uint64 `json:"onlyHere"`
	// NotSent are messages that wait to be sent; they stay.
	NotSent int `json:"notSent"`
}

// ForgetHistory deletes every message of a conversation, and the files that no other
// conversation names, from this disk; with dryRun it only counts. The server keeps
// them, and so do other devices: what is there comes back page by page when somebody
// looks at the conversation, and not before. New messages come as ever. What waits to
// be sent stays, and so does the draft.
//
// Files are filled with zeros before they are removed, the pages of the store soon
// after; what that is worth is said at [store.EraseFile].
func (c *Client) ForgetHistory(ctx context.Context, conv im.ConversationID, dryRun bool) (Forgotten, error) {
	var out Forgotten
	if err := conv.Validate(); err != nil {
		return out, err
	}
	files, err := c.ownFiles(ctx, conv)
	if err != nil {
		return out, err
	}
	f := c.feed(conv)
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.load(); err != nil {
		return out, err
	}
	for _, r := range f.spans {
		out.Messages += r.To - r.From + 1
		if r.From < f.first {
			out.OnlyHere += min(r.To, f.first-1) - r.From + 1
		}
	}
	out.OnlyHere = min(max(out.OnlyHere, c.imported.get(conv)), out.Messages)
	out.NotSent = len(c.out.of(conv))
	for _, file := range files {
		out.Files++
		out.Bytes += file.size
	}
	if dryRun {
		return out, nil
	}
	if err := f.forget(ctx); err != nil {
		return out, err
	}
	var gone []string
	defer func() { c.tellRemoved(gone) }()
	for _, file := range files {
		if err := c.files.erase(file.hash); err != nil {
			return out, err
		}
		gone = append(gone, file.hash)
	}
	return out, nil
}

// forget deletes the messages; with work held.
func (f *feed) forget(ctx context.Context) error {
	c := f.c
	f.mu.Lock()
	top := max(f.target, f.spans.top())
	f.mu.Unlock()
	// First it is noted that nothing of this is to be fetched or announced again.
	if err := c.forgotten.set(ctx, c.db, f.id, top); err != nil {
		return err
	}
	if top > f.floor {
		if err := c.floors.set(ctx, c.db, f.id, top); err != nil {
			return err
		}
	}
	f.floor, f.forgotten = max(f.floor, top), top
	f.forgets++
	err := c.db.Forget(ctx, f.id)
	f.loaded = false // whatever is left is read again
	if err == nil {
		err = c.imported.set(ctx, c.db, f.id, 0)
	}
	c.hub.emit(HistoryChanged{ConversationID: f.id, Truncated: true})
	c.list.touch(c, f.id)
	return err
}

// ownFiles are the files here that messages of a conversation name, but for those that
// another conversation names or that were not sent yet.
func (c *Client) ownFiles(ctx context.Context, conv im.ConversationID) ([]foundFile, error) {
	own, err := c.foundFiles(ctx, []im.ConversationID{conv}, false)
	if err != nil || len(own) == 0 {
		return nil, err
	}
	kept, err := c.unsentFiles()
	if err != nil {
		return nil, err
	}
	histories, err := c.histories()
	if err != nil {
		return nil, err
	}
	for _, other := range histories {
		if other == conv {
			continue
		}
		err := c.walkFiles(ctx, other, func(m *im.Message) {
			for _, use := range usesOf(m.Payload) {
				for _, path := range c.files.places(use.hash) {
					kept[path] = true
				}
			}
		}, nil)
		if err != nil {
			return nil, err
		}
	}
	var list []foundFile
	for _, f := range own {
		if !kept[f.path] {
			list = append(list, f)
		}
	}
	return list, nil
}

// erase is remove with the content filled with zeros before.
func (f *fileCache) erase(hash string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, key := range f.keys() {
		path := f.place(hash, key)
		size, err := fileBytes(path)
		if err == nil && f.used >= 0 {
			f.used -= size
		}
		if err := errors.Join(store.EraseFile(path), store.EraseFile(f.partWith(hash, key))); err != nil {
			return fileError("erase file", err)
		}
	}
	return nil
}
