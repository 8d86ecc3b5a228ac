package core

import (
	"context"

	"magpie/im"
	"magpie/store"
)

// FileKind is what a file is to a person, by the message that names it.
type FileKind string

// The kinds of files. Stills of videos count as pictures.
const (
	FileVideo   FileKind = "video"
	FilePicture FileKind = "picture"
	FileVoice   FileKind = "voice"
	FileOther   FileKind = "file"
)

// FileKinds are all kinds, in the order in which they are shown.
func FileKinds() []FileKind { return []FileKind{FileVideo, FilePicture, FileOther, FileVoice} }

// fileTypes are the types of messages that name files.
func fileTypes() []im.MessageType {
	return []im.MessageType{im.MsgVideo, im.MsgImage, im.MsgFile, im.MsgAudio, im.MsgMerger}
}

// fileUse is one file that a message names.
type fileUse struct {
	hash string
	kind FileKind
	// preview: it is what is seen of the message before the rest is fetched.
	preview bool
}

// maxPreviewBytes is how large a preview may be by what its message says of it: a
// thumbnail of more is one in name only.
const maxPreviewBytes = 256 << 10

// usesOf returns the files on the server that a message names, each once.
func usesOf(p im.Payload) []fileUse {
	var list []fileUse
	add := func(kind FileKind, preview bool, addresses ...string) {
		for _, a := range addresses {
			hash, ok := im.BlobHash(a)
			if !ok {
				continue
			}
			for i := range list {
				if list[i].hash == hash { // what is the whole is no preview
					list[i].preview = list[i].preview && preview
					ok = false
				}
			}
			if ok {
				list = append(list, fileUse{hash, kind, preview})
			}
		}
	}
	switch p := p.(type) {
	case im.ImagePayload:
		for _, info := range p.ImageInfoArray {
			preview := info.SizeType == im.ImageThumbnail && len(p.ImageInfoArray) > 1 && info.Size <= maxPreviewBytes
			add(FilePicture, preview, info.ImageURL, info.URL)
		}
	case im.VideoPayload:
		add(FileVideo, false, p.VideoURL, p.RemoteVideoURL)
		add(FilePicture, p.ThumbSize <= maxPreviewBytes, p.ThumbURL)
	case im.AudioPayload:
		add(FileVoice, false, p.URL, p.RemoteAudioURL)
	case im.FilePayload:
		add(FileOther, false, p.FileURL)
	case im.MergerPayload:
		for i := range p.MessageList {
			for _, use := range usesOf(p.MessageList[i].Payload) {
				add(use.kind, use.preview, im.BlobAddress(use.hash))
			}
		}
	}
	return list
}

// walkPage is how many messages with files are read at once: a transaction of the
// store's is short, so nothing waits for it.
const walkPage = 500

// walkFiles visits the messages of a conversation that name files, the newest first,
// by the index of them; those that were not sent yet come before. moved, if not nil,
// is told of the sequence that was reached.
func (c *Client) walkFiles(ctx context.Context, conv im.ConversationID, visit func(*im.Message), moved func(sequence uint64)) error {
	for _, m := range c.out.of(conv) {
		visit(&m)
	}
	for before := uint64(0); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		list, err := c.db.Media(conv, store.MediaQuery{Types: fileTypes(), Before: before, Limit: walkPage})
		if err != nil {
			return err
		}
		for i := len(list) - 1; i >= 0; i-- {
			visit(&list[i])
		}
		if len(list) < walkPage {
			return nil
		}
		if before = list[0].Sequence; moved != nil {
			moved(before)
		}
	}
}
