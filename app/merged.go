package app

import (
	"context"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/canvas"
)

// merged.go shows messages that were sent on as one.

// merged shows them in the conversation: title, first lines, how many.
func (p *presenter) merged(it *canvas.Item, payload im.MergerPayload) {
	it.Kind = canvas.KindMerged
	it.Text = first(payload.Title, p.tr.T("merged.title"))
	it.Lines = payload.AbstractList
	it.Detail = p.tr.T("merged.title")
	if n := len(payload.MessageList); n > 0 {
		it.Detail = p.tr.N("merged.foot", n, nil)
	}
}

// mergedView is the list of them over the window.
type mergedView struct {
	m      *mainScreen
	conv   im.ConversationID
	sheet  *widgets.Sheet
	canvas *canvas.Canvas
	list   []im.Message
	media  map[canvas.Key]media
}

// mergedThumb asks for the thumbnail of one of them.
type mergedThumb struct {
	view *mergedView
	key  canvas.Key
}

// mergedHeight is how tall the list is where there is room.
const mergedHeight = float32(460)

// openMerged shows what a message was made of; false if it is none of that kind.
func (c *chat) openMerged(key canvas.Key) {
	client, m := c.m.s.client, c.m
	beside(c.ctx, func(context.Context) (im.Message, error) {
		msg, _, err := client.Message(im.MessageID(key))
		return msg, err
	}, func(msg im.Message, err error) {
		if err != nil {
			m.report(err)
			return
		}
		if p, ok := msg.Payload.(im.MergerPayload); ok {
			m.showMerged(c.conv, p)
		}
	})
}

func (m *mainScreen) showMerged(conv im.ConversationID, p im.MergerPayload) {
	client := m.s.client
	beside(m.ctx, func(ctx context.Context) ([]im.Message, error) { return client.MergedMessages(ctx, p) }, func(list []im.Message, err error) {
		if err != nil {
			m.report(err)
			return
		}
		v := &mergedView{m: m, conv: conv, list: list, media: map[canvas.Key]media{}}
		v.open(first(p.Title, m.tr.T("merged.title")))
	})
}

func (v *mergedView) open(title string) {
	m := v.m
	v.canvas = canvas.New(canvas.Options{
		Words: m.canvasWords(), Now: m.app.now, Thumbnails: v.thumbnail, Still: true,
		Intents: canvas.Intents{OnLink: m.openLink, OnOpen: v.openItem, OnPlay: v.openItem, OnMenu: v.menu, OnKey: v.key},
	})
	room := m.app.canvas.Size().Height - 220
	height := min(mergedHeight, max(room, 160))
	body := container.New(fixedHeight(height), v.canvas)
	close := widgets.NewPrimaryButton(m.tr.T("action.close"), func() { v.sheet.Close() })
	v.sheet = widgets.NewSheet(title, "", body, close)
	v.sheet.OnClosed = v.canvas.Close
	if _, byKeys := m.canvas.KeyboardAt(); !byKeys {
		v.canvas.FocusUnseen()
	}
	v.sheet.Open(m.app.canvas, v.canvas)
	v.canvas.Open(canvas.Opening{Source: v, First: 1, Last: uint64(len(v.list))})
	v.canvas.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome}) // they are read from the first on
}

// key is for one that the canvas has no use for.
func (v *mergedView) key(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape {
		v.sheet.Close()
	}
}

// fixedHeight lays out one object as wide as there is room and as tall as it says.
type fixedHeight float32

func (h fixedHeight) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(1, float32(h)) }

func (h fixedHeight) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}

// mergedKey is unlike that of any message: others chose the ids in the list.
func mergedKey(i int) canvas.Key { return canvas.Key("merged " + strconv.Itoa(i)) }

// items are all of the messages.
func (v *mergedView) items() []canvas.Item {
	p := &presenter{tr: v.m.tr, conv: v.conv, named: true, names: map[im.UserID]string{}, pictures: v.m.pictures, here: v.m.s.client.HasFile}
	items := make([]canvas.Item, len(v.list))
	for i := range v.list {
		msg := v.list[i]
		msg.ConversationID, msg.Sequence, msg.Status = v.conv, uint64(i+1), im.StatusSuccess
		it := p.item(&msg)
		it.Key, it.Sequence = mergedKey(i), uint64(i+1)
		if o, ok := mediaOf(&msg); ok {
			v.media[it.Key] = o
		}
		items[i] = it
	}
	return items
}

// Older, Newer and Around make the view the source of its canvas, which gets all
// of it at once.
func (v *mergedView) Older(_ canvas.Cursor, _ int, done func(canvas.Page)) { done(canvas.Page{}) }

// Newer implements canvas.Source.
func (v *mergedView) Newer(_ canvas.Cursor, _ int, done func(canvas.Page)) { done(canvas.Page{}) }

// Around implements canvas.Source.
func (v *mergedView) Around(_ uint64, _ int, done func(canvas.Page)) {
	done(canvas.Page{Items: v.items()})
}

func (v *mergedView) thumbnail(key canvas.Key, width, height int) canvas.Thumbnail {
	o, ok := v.media[key]
	if !ok {
		return canvas.Thumbnail{}
	}
	got := v.m.s.thumbs.Get(mergedThumb{v, key}, o.picture, width, height)
	return canvas.Thumbnail{Image: got.Image, State: thumbnailState(got.State), Blurred: got.Blurred}
}

// at is the message of an item.
func (v *mergedView) at(key canvas.Key) *im.Message {
	for i := range v.list {
		if mergedKey(i) == key {
			return &v.list[i]
		}
	}
	return nil
}

// openItem opens what can be opened: a file with the system's program, and messages
// that were sent on as one within these.
func (v *mergedView) openItem(key canvas.Key) {
	msg := v.at(key)
	if msg == nil {
		return
	}
	if p, ok := msg.Payload.(im.MergerPayload); ok {
		v.m.showMerged(v.conv, p)
		return
	}
	if o, ok := v.media[key]; ok {
		v.m.openOutside(o)
	}
}

func (v *mergedView) menu(key canvas.Key, at fyne.Position, selected string) {
	msg := v.at(key)
	if msg == nil {
		return
	}
	text := selected
	if text == "" {
		text = wordsOf(msg.Payload, v.m.tr.Language())
	}
	v.m.app.popUp(at, fyne.NewMenuItem(v.m.tr.T("menu.copy"), func() { fyne.CurrentApp().Clipboard().SetContent(text) }))
}

// mergerOf describes messages of this conversation that are sent on as one.
func (c *chat) mergerOf(list []im.Message) (title string, lines []string, compatible string) {
	tr := c.m.tr
	row, _ := c.m.row(c.conv)
	name := c.conv.To() // never the remark: only this account knows it
	switch {
	case row.UserProfile != nil:
		name = first(row.UserProfile.Name(), name)
	case row.GroupProfile != nil:
		name = first(row.GroupProfile.Name, name)
	}
	title = tr.F("merged.of", i18n.Args{"Name": name})
	if c.conv.Type() == im.ConvC2C {
		title = tr.F("merged.of2", i18n.Args{"One": first(c.present.self, string(c.m.me)), "Other": name})
	}
	const most = 4
	for i := range list[:min(len(list), most)] {
		m := &list[i]
		r, err := im.NewReply(m, c.present.authorName(m), tr.Language())
		if err == nil {
			lines = append(lines, r.Sender+": "+r.Abstract)
		}
	}
	return title, lines, tr.F("merged.compatible", i18n.Args{"Title": title})
}
