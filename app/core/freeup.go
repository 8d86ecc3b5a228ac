package core

import (
	"cmp"
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"time"

	"magpie/im"
)

// FreeUpQuery says which files are to go from this disk. What is zero does not
// restrict.
type FreeUpQuery struct {
	// Conversation is the one whose files are meant, "" for those of all, also those
	// that no message names any more.
	Conversation im.ConversationID
	Kinds        []FileKind
	// OlderThan is the age of the newest message that names a file.
	OlderThan time.Duration
	// LargerThan is in bytes.
	LargerThan int64
	// LastCopies takes also those that may not come back: the server has them no
	// more, never had them (imported ones), or could not be asked.
	LastCopies bool
	// DryRun only says what would go.
	DryRun bool
}

// KeptFiles are files that a query would take and that stay.
type KeptFiles struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
}

func (k *KeptFiles) add(size int64) { k.Files++; k.Bytes += size }

// Freed is what [Client.FreeUp] did, or would do.
type Freed struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
	// Kinds are the kinds among them, in the order of [FileKinds].
	Kinds []KindUsage `json:"kinds"`
	// NotSent belong to messages that wait to be sent, or in a tray. They stay
	// whatever is asked for.
	NotSent KeptFiles `json:"notSent"`
	// NotOnServer are those that the server does not have, Unknown those it could not
	// be asked about. With LastCopies they go, and are counted above as well.
	NotOnServer KeptFiles `json:"notOnServer"`
	Unknown     KeptFiles `json:"unknown"`
}

// FreeUp removes files from this disk. Their messages and previews stay, and what the
// server has comes back when somebody looks at it. The server is asked about each file
// first. What cannot be fetched again stays unless LastCopies says otherwise.
// onProgress, which may be nil, gets how many files were looked at.
//
// The error is that of the disk or ctx's; Freed says what went until then.
func (c *Client) FreeUp(ctx context.Context, q FreeUpQuery, onProgress func(done, total int)) (Freed, error) {
	found, err := c.filesFor(ctx, q)
	if err != nil {
		return Freed{}, err
	}
	answers, err := c.askServer(ctx, hashesOf(found), onProgress)
	if err != nil {
		return Freed{}, err
	}
	unsent, err := c.unsentFiles()
	if err != nil {
		return Freed{}, err
	}
	return c.removeFiles(ctx, q, found, answers, unsent)
}

// removeFiles takes those of found that may go.
func (c *Client) removeFiles(ctx context.Context, q FreeUpQuery, found []foundFile, answers, unsent map[string]bool) (Freed, error) {
	var out Freed
	kinds := map[FileKind]*KindUsage{}
	var gone []string
	defer func() { c.tellRemoved(gone) }()
	for _, f := range found {
		has, known := answers[f.hash]
		switch {
		case unsent[f.path]:
			out.NotSent.add(f.size)
			continue
		case !known:
			out.Unknown.add(f.size)
		case !has:
			out.NotOnServer.add(f.size)
		}
		if !has && !q.LastCopies {
			continue
		}
		if !q.DryRun {
			if err := ctx.Err(); err != nil {
				return out, err
			}
			if err := c.files.removeAt(f.path); err != nil {
				return out, err
			}
			if f.hash != "" {
				gone = append(gone, f.hash)
			}
		}
		out.Files++
		out.Bytes += f.size
		if kinds[f.kind] == nil {
			kinds[f.kind] = &KindUsage{Kind: f.kind}
		}
		kinds[f.kind].Files++
		kinds[f.kind].Bytes += f.size
		out.Kinds = out.Kinds[:0]
		for _, k := range FileKinds() {
			if kinds[k] != nil {
				out.Kinds = append(out.Kinds, *kinds[k])
			}
		}
	}
	return out, nil
}

// tellRemoved raises the event for files that are gone.
func (c *Client) tellRemoved(hashes []string) {
	if len(hashes) == 0 {
		return
	}
	e := FilesRemoved{}
	for _, h := range hashes {
		e.Addresses = append(e.Addresses, im.BlobAddress(h))
	}
	c.hub.emit(e)
}

// foundFile is a file of the folder, with what messages say of it.
type foundFile struct {
	cached
	hash    string // "" where no message tells and its name does not
	kind    FileKind
	preview bool
	newest  int64 // time of the newest message that names it, ms; without one its last use
}

// hashesOf are those that are known.
func hashesOf(list []foundFile) []string {
	hashes := make([]string, 0, len(list))
	for _, f := range list {
		if f.hash != "" {
			hashes = append(hashes, f.hash)
		}
	}
	return hashes
}

// foundFiles gathers the files of conversations by the messages that name them, the
// oldest first. With all, those that no message names are among them.
func (c *Client) foundFiles(ctx context.Context, convs []im.ConversationID, all bool) ([]foundFile, error) {
	here, err := c.filesHere()
	if err != nil {
		return nil, err
	}
	found := make(map[string]*foundFile) // by path
	for _, conv := range convs {
		err := c.walkFiles(ctx, conv, func(m *im.Message) {
			for _, use := range usesOf(m.Payload) {
				file, is := here.find(use.hash)
				if !is {
					continue
				}
				f := found[file.path]
				if f == nil {
					f = &foundFile{cached: file, hash: use.hash, kind: use.kind}
					found[file.path] = f
				}
				f.preview = f.preview || use.preview
				f.newest = max(f.newest, m.Time)
			}
		}, nil)
		if err != nil {
			return nil, err
		}
	}
	list := make([]foundFile, 0, len(found))
	for _, f := range found {
		list = append(list, *f)
	}
	if all {
		for path, file := range here.byPath {
			if found[path] == nil {
				f := foundFile{cached: file, kind: FileOther, newest: file.time.UnixMilli()}
				if name := filepath.Base(path); path == c.files.place(name, nil) {
					f.hash = name
				}
				list = append(list, f)
			}
		}
	}
	slices.SortFunc(list, func(a, b foundFile) int {
		return cmp.Or(cmp.Compare(a.newest, b.newest), cmp.Compare(a.path, b.path))
	})
	return list, nil
}

// filesFor are the files that a query means. Previews are never meant.
func (c *Client) filesFor(ctx context.Context, q FreeUpQuery) ([]foundFile, error) {
	convs := []im.ConversationID{q.Conversation}
	if q.Conversation == "" {
		var err error
		if convs, err = c.histories(); err != nil {
			return nil, err
		}
	} else if err := q.Conversation.Validate(); err != nil {
		return nil, err
	}
	list, err := c.foundFiles(ctx, convs, q.Conversation == "")
	if err != nil {
		return nil, err
	}
	until := c.o.Now().Add(-q.OlderThan).UnixMilli()
	return slices.DeleteFunc(list, func(f foundFile) bool {
		return f.preview || q.OlderThan > 0 && f.newest > until || f.size <= q.LargerThan ||
			len(q.Kinds) > 0 && !slices.Contains(q.Kinds, f.kind)
	}), nil
}

// TrayKey is the key of the store's meta under which what waits in the tray of a
// conversation is kept, as JSON: a list of objects whose "message" was made ready and
// not handed over. Its files stay here.
func TrayKey(conv im.ConversationID) string { return "tray/" + string(conv) }

// unsentFiles are the files that belong to what was not sent yet, by their paths.
func (c *Client) unsentFiles() (map[string]bool, error) {
	all := make(map[string]bool)
	add := func(hash string) {
		for _, path := range c.files.places(hash) {
			all[path] = true
		}
	}
	for hash := range c.pinned() {
		add(hash)
	}
	rows, err := c.db.Conversations(0, 0)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		text, err := c.db.Meta(TrayKey(r.ConversationID))
		if err != nil {
			return nil, err
		}
		var items []struct {
			Message im.Message `json:"message"`
		}
		if text == "" || json.Unmarshal([]byte(text), &items) != nil {
			continue // of another version: who wrote it cannot read it either
		}
		for _, i := range items {
			for _, use := range usesOf(i.Message.Payload) {
				add(use.hash)
			}
		}
	}
	return all, nil
}
