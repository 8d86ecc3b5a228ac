package core

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"magpie/im"
)

// Usage is what an account takes of this disk. Sizes are bytes.
type Usage struct {
	// Kinds has every kind of file, in the order of [FileKinds].
	Kinds []KindUsage `json:"kinds"`
	// History is the file with the messages and their search index.
	History int64 `json:"history"`
	// Other are files that no message of the history names: what waits in a tray,
	// what is on its way, what was left by messages that are gone.
	Other int64 `json:"other"`
	// Conversations are all that have messages here, those with the most bytes
	// first.
	Conversations []ConversationUsage `json:"conversations"`
}

// Total is everything together.
func (u *Usage) Total() int64 {
	n := u.History + u.Other
	for _, k := range u.Kinds {
		n += k.Bytes
	}
	return n
}

// KindUsage is what the files of one kind take.
type KindUsage struct {
	Kind  FileKind `json:"kind"`
	Files int      `json:"files"`
	Bytes int64    `json:"bytes"`
}

// ConversationUsage is what one conversation takes. A file that two conversations
// name counts for both, one that two messages name once.
type ConversationUsage struct {
	ConversationID im.ConversationID `json:"conversationID"`
	// Messages is how many places of the history are here, those of recalls among
	// them.
	Messages uint64 `json:"messages"`
	// Files and Bytes are those that are on this disk.
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
	// Pictures, Videos, Voices and Documents are messages, whether their files are
	// here or not.
	Pictures  int `json:"pictures"`
	Videos    int `json:"videos"`
	Voices    int `json:"voices"`
	Documents int `json:"documents"`
}

// Storage counts what the account takes of the disk, by kind and by conversation. It
// reads the messages that name files, by the index of them, and nothing else of the
// history: a second or two for a million messages, beside everything else.
// onProgress, which may be nil, gets how many of all messages it has gone past.
func (c *Client) Storage(ctx context.Context, onProgress func(done, total uint64)) (Usage, error) {
	var u Usage
	here, err := c.filesHere()
	if err != nil {
		return u, err
	}
	histories, err := c.histories()
	if err != nil {
		return u, err
	}
	count := make(map[im.ConversationID]uint64, len(histories))
	var done, total uint64
	for _, conv := range histories {
		ranges, err := c.db.Ranges(conv)
		if err != nil {
			return u, err
		}
		for _, r := range ranges {
			count[conv] += r.To - r.From + 1
		}
		total += count[conv]
	}
	kinds := map[FileKind]*KindUsage{}
	for _, k := range FileKinds() {
		u.Kinds = append(u.Kinds, KindUsage{Kind: k})
	}
	for i := range u.Kinds {
		kinds[u.Kinds[i].Kind] = &u.Kinds[i]
	}
	named := make(map[string]bool, len(here.byPath)) // by path
	tell := func(n uint64) {
		if onProgress != nil {
			onProgress(min(n, total), total)
		}
	}
	for _, conv := range histories {
		top := uint64(0)
		one := ConversationUsage{ConversationID: conv, Messages: count[conv]}
		seen := map[string]bool{}
		err := c.walkFiles(ctx, conv, func(m *im.Message) {
			top = max(top, m.Sequence)
			one.add(m.Type)
			for _, use := range usesOf(m.Payload) {
				file, is := here.find(use.hash)
				if !is || seen[file.path] {
					continue
				}
				seen[file.path] = true
				one.Files++
				one.Bytes += file.size
				if !named[file.path] {
					named[file.path] = true
					kinds[use.kind].Files++
					kinds[use.kind].Bytes += file.size
				}
			}
		}, func(at uint64) {
			tell(done + uint64(float64(count[conv])*float64(top-at)/float64(max(top, 1))))
		})
		if err != nil {
			return u, err
		}
		done += count[conv]
		tell(done)
		u.Conversations = append(u.Conversations, one)
	}
	slices.SortFunc(u.Conversations, func(a, b ConversationUsage) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(b.Messages, a.Messages), cmp.Compare(a.ConversationID, b.ConversationID))
	})
	for path, file := range here.byPath {
		if !named[path] {
			u.Other += file.size
		}
	}
	for _, key := range c.files.keys() {
		parts, err := folderBytes(c.files.parts(key))
		if err != nil {
			return u, err
		}
		u.Other += parts
	}
	u.History, err = fileBytes(c.o.Store.Path())
	return u, err
}

func (u *ConversationUsage) add(t im.MessageType) {
	switch t {
	case im.MsgImage:
		u.Pictures++
	case im.MsgVideo:
		u.Videos++
	case im.MsgAudio:
		u.Voices++
	case im.MsgFile:
		u.Documents++
	}
}

// histories are the conversations that have something here, in the order of their ids.
func (c *Client) histories() ([]im.ConversationID, error) {
	list, err := c.db.Histories()
	if err != nil {
		return nil, err
	}
	for conv := range c.out.newest() {
		if !slices.Contains(list, conv) {
			list = append(list, conv)
		}
	}
	slices.Sort(list)
	return list, nil
}

// inventory are the whole files of the folder.
type inventory struct {
	cache  *fileCache
	byPath map[string]cached
}

// filesHere looks what there is.
func (c *Client) filesHere() (inventory, error) {
	list, err := c.files.list()
	if err != nil {
		return inventory{}, err
	}
	here := inventory{&c.files, make(map[string]cached, len(list))}
	for _, f := range list {
		here.byPath[f.path] = f
	}
	return here, nil
}

// find returns the file with the content of a hash.
func (i inventory) find(hash string) (cached, bool) {
	if len(i.byPath) == 0 {
		return cached{}, false
	}
	for _, path := range i.cache.places(hash) {
		if f, ok := i.byPath[path]; ok {
			return f, true
		}
	}
	return cached{}, false
}

// places are where the content of a hash may be.
func (f *fileCache) places(hash string) []string {
	keys := f.keys()
	list := make([]string, len(keys))
	for i, key := range keys {
		list[i] = f.place(hash, key)
	}
	return list
}

func fileBytes(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, fmt.Errorf("core: %w", err)
	}
	return info.Size(), nil
}

// folderBytes is how much the files below a folder have, 0 if it is not there.
func folderBytes(dir string) (n int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreNotExist(err)
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return ignoreNotExist(err)
	})
	return n, fileError("look through files", err)
}
