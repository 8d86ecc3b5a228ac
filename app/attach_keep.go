package app

import (
	"context"
	"encoding/json"
	"fmt"
	"image"

	"magpie/app/core"
	"magpie/im"
	"magpie/media/picture"
	"magpie/widgets/loop"
)

// kept is one item of a tray on disk.
type kept struct {
	Name    string     `json:"name"`
	Message im.Message `json:"message"`
}

// trayKey is where the store has the tray of a conversation.
func trayKey(conv im.ConversationID) string { return core.TrayKey(conv) }

// keptOf are the items that are ready, as they are written.
func keptOf(items []*trayItem) (list []kept) {
	for _, i := range items {
		if i.ready() {
			list = append(list, kept{i.name, i.message})
		}
	}
	return list
}

// saveTray writes what is ready to disk, in the order in which things were done. It
// does nothing until what was there before is known.
func (a *application) saveTray(s *session, t *tray) {
	if !t.known || !t.changed {
		return
	}
	t.changed = false
	list := keptOf(t.items)
	a.files.add(func() {
		if err := s.writeTray(t.conv, list); err != nil {
			loop.Do(func() { a.say(a.tr.Error(err)) })
		}
	})
}

func (s *session) writeTray(conv im.ConversationID, list []kept) error {
	value := ""
	if len(list) > 0 {
		b, err := json.Marshal(list)
		if err != nil {
			return fmt.Errorf("app: write tray: %w", err)
		}
		value = string(b)
	}
	return s.store.SetMeta(context.Background(), trayKey(conv), value)
}

// restored is an item that was read from the disk.
type restored struct {
	kept
	picture image.Image
	gone    bool // its content is not here any more
}

// restoreTray brings back what waited in the open conversation when the program
// ended.
func (c *chat) restoreTray() {
	s, a := c.m.s, c.m.app
	t := s.trays.get(c.conv)
	if t.asked {
		c.m.showTray()
		return
	}
	t.asked = true
	c.m.showTray()
	a.files.add(func() { // behind what is being written
		list, err := s.readTray(t.conv)
		loop.Do(func() {
			if err != nil {
				a.log("the tray of %s: %v", t.conv, err)
			}
			a.restored(s, t, list)
		})
	})
}

func (a *application) restored(s *session, t *tray, list []restored) {
	t.known = true
	var items []*trayItem
	for _, r := range list {
		item := &trayItem{id: string(r.Message.ID), name: r.Name, message: r.Message, picture: r.picture, cancel: func() {}}
		if r.gone {
			item.message = im.Message{}
			item.problem = im.CodeFileMissing.Message(a.tr.Language())
		}
		items = append(items, item)
	}
	t.putBack(items...)
	a.saveTray(s, t) // there may be more by now
	a.trayChanged(s, t)
}

// readTray reads what saveTray wrote. What was sent meanwhile is not part of it.
func (s *session) readTray(conv im.ConversationID) (list []restored, err error) {
	value, err := s.store.Meta(trayKey(conv))
	if err != nil || value == "" {
		return nil, err
	}
	var all []kept
	if err := json.Unmarshal([]byte(value), &all); err != nil {
		// Of another version: the files are where they came from.
		return nil, fmt.Errorf("app: read tray: %w", err)
	}
	for _, k := range all {
		if _, sent, err := s.client.Message(k.Message.ID); err != nil {
			return nil, err
		} else if sent {
			continue
		}
		r := restored{kept: k}
		uses, err := im.BlobsOf(k.Message.Payload)
		r.gone = err != nil
		for _, use := range uses {
			if !s.client.HasFile(im.BlobAddress(use.Hash)) {
				r.gone = true
			}
		}
		if !r.gone {
			r.picture = s.pictureOf(k.Message.Payload)
		}
		list = append(list, r)
	}
	return list, nil
}

// pictureOf is what the tray shows of a payload whose files are here, nil if there
// is nothing to be seen.
func (s *session) pictureOf(p im.Payload) image.Image {
	address := ""
	switch p := p.(type) {
	case im.ImagePayload:
		if len(p.ImageInfoArray) > 0 {
			address = p.ImageInfoArray[0].ImageURL
		}
	case im.VideoPayload:
		address = p.ThumbURL
	}
	f, err := s.client.OpenFile(address)
	if err != nil {
		return nil
	}
	defer f.Close() // only read
	_, thumbs, err := picture.Make(s.ctx, f, f.Size())
	if err != nil {
		return nil // one that cannot be decoded here has a tile
	}
	img, err := trayPicture(thumbs.Small.JPEG)
	if err != nil {
		return nil
	}
	return img
}
