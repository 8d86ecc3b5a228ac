package widgets

import (
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// tray is a row of items that scrolls sideways where it has no room, and the words
// behind it.
type tray struct {
	widget.BaseWidget
	items  []TrayItem
	tiles  []*trayTile
	row    *fyne.Container
	scroll *container.Scroll
	words  *Paragraph
	wide   float32 // of the row
	said   string  // words, before what has no room is cut off
	remove func(id string)

	turning *fyne.Animation // while items are being made ready
	turn    int
}

func newTray(remove func(id string)) *tray {
	t := &tray{words: NewParagraph("", theme.Ink2, theme.MetaSize, fyne.TextAlignLeading), remove: remove}
	t.row = container.New(&trayRow{t})
	t.scroll = container.NewHScroll(t.row)
	t.ExtendBaseWidget(t)
	return t
}

// set shows items; the tiles of those that are the same stay as they are.
func (t *tray) set(items []TrayItem, words string) {
	grown := len(items) > len(t.items)
	t.items = slices.Clone(items)
	t.said = words
	t.words.SetText(words)
	for len(t.tiles) < len(items) {
		t.tiles = append(t.tiles, newTrayTile(t))
	}
	t.tiles = t.tiles[:len(items)] // what is gone must not keep its picture
	working := false
	objects := make([]fyne.CanvasObject, len(items))
	for i, tile := range t.tiles {
		if tile.item != items[i] {
			tile.show(items[i], t.turn)
			tile.Refresh()
		}
		working = working || tile.turns()
		objects[i] = tile
	}
	t.row.Objects = objects
	t.setTurning(working)
	t.arrange()
	if grown {
		t.scroll.ScrollToOffset(fyne.NewPos(max(0, t.row.MinSize().Width-t.scroll.Size().Width), 0))
	}
}

// turnSteps are how many pictures one turn of the wheels has: each paints the
// window anew.
const turnSteps = 12

// setTurning keeps the wheels of what is being made ready going.
func (t *tray) setTurning(on bool) {
	if on == (t.turning != nil) {
		return
	}
	if !on {
		t.turning.Stop()
		t.turning = nil
		return
	}
	if !theme.Moves() { // the words say what is being done
		return
	}
	t.turning = fyne.NewAnimation(1200*time.Millisecond, func(done float32) {
		if turn := int(done*turnSteps) % turnSteps; turn != t.turn {
			t.turn = turn
			for _, tile := range t.tiles {
				tile.turnTo(turn)
			}
			canvas.Refresh(t)
		}
	})
	t.turning.Curve, t.turning.RepeatCount = fyne.AnimationLinear, fyne.AnimationRepeatForever
	t.turning.Start()
}

// CreateRenderer implements fyne.Widget.
func (t *tray) CreateRenderer() fyne.WidgetRenderer {
	return &flat{
		objects: these(t.scroll, t.words),
		layout:  t.layout,
		min:     fixed(trayProblemWidth, trayHeight),
		refresh: func() {
			t.words.Refresh()
			for _, tile := range t.tiles {
				tile.Refresh()
			}
			t.arrange()
		},
	}
}

// arrange places what may be somewhere else by now. It leaves the tiles alone: there
// may be hundreds, of which one has changed.
func (t *tray) arrange() {
	t.layout(t.Size())
	if width := t.row.MinSize().Width; width != t.wide {
		t.wide = width
		t.scroll.Refresh()
	}
	t.row.Layout.Layout(t.row.Objects, t.row.Size())
	canvas.Refresh(t)
}

// layout gives the words what the items leave, and not less than is set aside for
// them.
func (t *tray) layout(size fyne.Size) {
	most := size.Width + trayCrossOver // the last cross stands out
	if t.words.words != "" {
		words := float32(0)
		for line := range strings.SplitSeq(t.said, "\n") {
			words = max(words, t.words.face.Width(line)+1)
		}
		most = max(0, size.Width-trayGap-min(words, trayWordsWidth, size.Width*trayWordsShare)+trayCrossOver)
	}
	row := t.row.MinSize().Width
	w := min(row, most)
	place(t.scroll, 0, trayTop-trayCrossOver, w, traySide+trayCrossOver)
	if len(t.items) == 0 {
		place(t.words, 0, trayBareTop, size.Width, t.words.HeightFor(max(1, size.Width)))
		return
	}
	x := w - trayCrossOver + trayGap
	h := fitLines(t.words, t.said, max(1, size.Width-x), trayWordsLines)
	place(t.words, x, trayTop+(traySide-h)/2, max(1, size.Width-x), h)
}

// trayRow lays the items out from left to right.
type trayRow struct{ t *tray }

func (r *trayRow) MinSize(tiles []fyne.CanvasObject) fyne.Size {
	w := float32(0)
	for i, tile := range tiles {
		if i > 0 {
			w += trayGap
		}
		w += tile.MinSize().Width - trayCrossOver
	}
	return fyne.NewSize(w+trayCrossOver, traySide+trayCrossOver)
}

func (r *trayRow) Layout(tiles []fyne.CanvasObject, size fyne.Size) {
	x := float32(0)
	for _, tile := range tiles {
		w := tile.MinSize().Width
		place(tile, x, 0, w, size.Height)
		x += w - trayCrossOver + trayGap
	}
}
