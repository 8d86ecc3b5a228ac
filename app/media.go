package app

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"magpie/app/thumbs"
	"magpie/im"
	"magpie/media/probe"
	"magpie/widgets/canvas"
)

// media is what a message has to be seen, saved or opened.
type media struct {
	msg im.Message
	// address is that of the whole content, "" if it leads nowhere that this
	// program knows; size are bytes.
	address string
	size    int64
	// name is that of a file, fit to be one here; "" for what has none.
	name string
	// picture is what is shown of it, width and height the pixels of the whole.
	picture       thumbs.Picture
	width, height int
}

// mediaOf returns what there is of a picture, video, voice note or file.
func mediaOf(m *im.Message) (media, bool) {
	out := media{msg: *m}
	switch p := m.Payload.(type) {
	case im.ImagePayload:
		out.image(p)
	case im.VideoPayload:
		out.address, out.size = blobAddress(p.VideoURL, p.RemoteVideoURL), p.VideoSize
		out.width, out.height = p.ThumbWidth, p.ThumbHeight
		out.picture = thumbs.Picture{Preview: p.Preview, Film: out.address}
		if a := blobAddress(p.ThumbURL); a != "" {
			out.picture.Sizes = []thumbs.Size{{Address: a, Width: p.ThumbWidth, Height: p.ThumbHeight, Bytes: p.ThumbSize}}
		}
	case im.AudioPayload:
		out.address, out.size = blobAddress(p.URL, p.RemoteAudioURL), p.Size
	case im.FilePayload:
		out.address, out.size, out.name = blobAddress(p.FileURL), p.FileSize, probe.Name(p.FileName)
		out.picture = thumbs.Picture{Preview: p.Preview}
	default:
		return media{}, false
	}
	return out, true
}

// image takes in the sizes of a picture. The whole is what says so, else the
// largest.
func (o *media) image(p im.ImagePayload) {
	o.picture.Preview = p.Preview
	whole := -1
	for i, info := range p.ImageInfoArray {
		if whole < 0 || info.SizeType == im.ImageOriginal ||
			p.ImageInfoArray[whole].SizeType != im.ImageOriginal && info.Width > p.ImageInfoArray[whole].Width {
			whole = i
		}
	}
	for i, info := range p.ImageInfoArray {
		a := blobAddress(info.ImageURL, info.URL)
		if i == whole {
			o.address, o.size, o.width, o.height = a, info.Size, info.Width, info.Height
		}
		if a != "" {
			o.picture.Sizes = append(o.picture.Sizes, thumbs.Size{
				Address: a, Width: info.Width, Height: info.Height, Bytes: info.Size, Original: info.SizeType == im.ImageOriginal,
			})
		}
	}
}

// blobAddress is the first that the server inside or elsewhere can be asked for.
func blobAddress(addresses ...string) string {
	for _, a := range addresses {
		if _, ok := im.BlobHash(a); ok {
			return a
		}
	}
	return ""
}

// canvasMedia is what the canvas is told of it.
func (o *media) canvasMedia(here bool) *canvas.Media {
	m := &canvas.Media{Width: o.width, Height: o.height, Size: o.size, Name: o.name, Tag: fileTag(o.name), Here: here}
	switch p := o.msg.Payload.(type) {
	case im.VideoPayload:
		m.Duration = time.Duration(p.VideoSecond) * time.Second
	case im.FilePayload:
		m.Still = len(p.Preview) > 0
	}
	return m
}

// fileTag are the letters on the tile of a file: its ending, if that is short.
func fileTag(name string) string {
	tag := strings.ToUpper(strings.TrimPrefix(filepath.Ext(name), "."))
	if tag == "" || len(tag) > 4 || strings.Trim(tag, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
		return ""
	}
	return tag
}

// maxShown is of how many messages of the open conversation the media is at hand:
// more than the canvas holds.
const maxShown = 4 * canvas.MaxItems

// shownMedia is the media of what the canvas may have on the screen, the latest
// that were handed to it.
type shownMedia struct {
	byKey map[canvas.Key]media
	order []canvas.Key
}

func (s *shownMedia) put(m media) {
	key := canvas.Key(m.msg.ID)
	if _, known := s.byKey[key]; !known {
		if s.byKey == nil {
			s.byKey = map[canvas.Key]media{}
		}
		if len(s.order) == maxShown {
			delete(s.byKey, s.order[0])
			s.order = append(s.order[:0], s.order[1:]...)
		}
		s.order = append(s.order, key)
	}
	s.byKey[key] = m
}

// forget is for a message that is gone.
func (s *shownMedia) forget(key canvas.Key) {
	delete(s.byKey, key)
	s.order = slices.DeleteFunc(s.order, func(k canvas.Key) bool { return k == key })
}

// keys are the messages with a file.
func (s *shownMedia) keys(address string) (keys []canvas.Key) {
	for key, m := range s.byKey {
		if m.address == address {
			keys = append(keys, key)
		}
	}
	return keys
}
