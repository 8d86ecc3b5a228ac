package canvas

import (
	"image"
	"time"

	fcanvas "fyne.io/fyne/v2/canvas"
)

// Media is what a voice note, a picture, a video or a file is made of, as far as
// it is known before any of it is on this disk. It is a value: to change it, hand
// in the item again with another Media. Heights follow from it alone, so nothing
// moves when a thumbnail comes or a transfer runs.
type Media struct {
	// Width and Height are the pixels of a picture or video as it is seen
	// (turned upright); 0 for unknown.
	Width, Height int
	// Duration is the length of a voice note or video; 0 for unknown.
	Duration time.Duration
	// Size is in bytes; 0 for unknown.
	Size int64
	// Name is the name of a file.
	Name string
	// Tag is what the tile of a file says ("PDF"), at most four letters; without
	// one it shows a sheet of paper.
	Tag string
	// Still says that there is a picture of what is in a file, for the tile.
	Still bool
	// Peaks are the loudness of a voice note from beginning to end, 0 to 255,
	// as many as there are; none draws a flat line.
	Peaks []byte
	// Unheard marks a voice note of others that has not been played.
	Unheard bool
	// Here says that the whole content is on this disk. A file that is not
	// shows an arrow to download it.
	Here bool
}

// ThumbnailState says what there is of a picture.
type ThumbnailState uint8

const (
	// ThumbNone is nothing, and nothing that is known to come.
	ThumbNone ThumbnailState = iota
	// ThumbComing is being read or decoded; [Canvas.ThumbnailChanged] follows.
	ThumbComing
	// ThumbHere is the thumbnail.
	ThumbHere
	// ThumbBroken cannot be decoded, or should not be.
	ThumbBroken
)

// Thumbnail is what the canvas draws of a picture or video.
type Thumbnail struct {
	// Image is the best that is at hand: the thumbnail, or the decoded preview of
	// the message. It is cut to the shape of the message, and scaled by the
	// graphics card if it is of another size. An *image.RGBA that begins at 0, 0
	// and has no gaps between its lines is drawn as it is, all others are
	// converted first. Without one the default tile is drawn, or the one of
	// broken files if State is ThumbBroken.
	Image image.Image
	State ThumbnailState
	// Blurred says that Image is only the preview.
	Blurred bool
}

// Transfer is an upload or download under way.
type Transfer struct {
	// Download tells it from an upload.
	Download bool
	// Done and Total are bytes; Total is 0 while it is not known.
	Done, Total int64
	// Paused says that it waits for a person.
	Paused bool
	// Failed is why it has ended, in the person's language, without a full stop;
	// empty as long as it has not. What failed may be started again
	// ([TransferStart]).
	Failed string
}

// Playing is what the player does with a voice note.
type Playing struct {
	// Shown says that it is the note in the player, playing or paused: its
	// position and speed show.
	Shown bool
	// Playing says that it can be heard now.
	Playing bool
	// At is the position and Length the whole, in time of the note whatever the
	// speed. A Length of 0 stands for that of the message.
	At, Length time.Duration
	// Speed is 1, 1.5 or 2; 0 is taken for 1.
	Speed float64
}

// TransferAction is what a person wants of a transfer.
type TransferAction uint8

const (
	// TransferStart begins a download, or begins again what has failed.
	TransferStart TransferAction = iota
	// TransferPause halts it.
	TransferPause
	// TransferResume goes on where it was halted.
	TransferResume
	// TransferCancel ends it for good: a download until it is asked for again, an
	// upload together with its message.
	TransferCancel
)

// ThumbnailChanged says that [Options.Thumbnails] has another answer for an item.
// It is asked again at once if the item is on the screen, else when it comes
// there; only that row is drawn again.
func (c *Canvas) ThumbnailChanged(k Key) {
	if e := c.window.byKey[k]; e != nil && e.row != nil {
		e.row.thumbOf = nil
		c.redraw(e)
	}
}

// SetTransfer shows how far an upload or download has come; nil takes it away. The
// item need not be on the screen, loaded, or of this conversation: what was set
// last counts whenever it comes into view, also after [Canvas.Open]. Only its row
// is drawn again.
func (c *Canvas) SetTransfer(k Key, t *Transfer) {
	old, had := c.transfers[k]
	switch {
	case t == nil && !had, t != nil && had && *t == old:
		return
	case t == nil:
		delete(c.transfers, k)
	default:
		if c.transfers == nil {
			c.transfers = make(map[Key]Transfer)
		}
		c.transfers[k] = *t
	}
	c.redraw(c.window.byKey[k])
}

// SetPlaying shows what the player does with a voice note; the zero value for a
// note that is not in the player (any more). As with SetTransfer the item may be
// anywhere, and only its row is drawn again.
func (c *Canvas) SetPlaying(k Key, p Playing) {
	if c.playing[k] == p {
		return
	}
	if p == (Playing{}) {
		delete(c.playing, k)
	} else {
		if c.playing == nil {
			c.playing = make(map[Key]Playing)
		}
		c.playing[k] = p
	}
	c.redraw(c.window.byKey[k])
}

// redraw draws the row of an entry again, if it is on the screen, and nothing else.
func (c *Canvas) redraw(e *entry) {
	if e == nil || e.row == nil || e.layout == nil {
		return
	}
	e.row.bind(c, e, e.row.y, c.Size().Height)
	fcanvas.Refresh(e.row.box)
}
