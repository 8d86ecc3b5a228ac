package app

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/app/thumbs"
	"magpie/im"
	"magpie/media/picture"
	"magpie/widgets"
	"magpie/widgets/canvas"
)

// viewing is the viewer over a conversation: which picture it shows, and those
// around it. One that is nil shows nothing.
type viewing struct {
	m    *mainScreen
	view *widgets.Viewer
	conv im.ConversationID
	at   media
	// around are the pictures and videos next to it, oldest first, itself too; all
	// how many there are, place which of them it is, 0 while that is not known.
	around     []im.Message
	all, place int
	// full: the picture itself is shown. offline: it could not be fetched, and may be
	// later.
	full, offline bool
	// ctx ends with the picture that is shown, turn counts them.
	ctx  context.Context
	stop context.CancelFunc
	turn int
}

// Who asks the thumbnails: a cell of the strip, or the viewer itself.
type (
	stripCell  im.MessageID
	viewerTurn int
)

// seen are the types of messages that the viewer goes through.
var seen = []im.MessageType{im.MsgImage, im.MsgVideo}

// stripSide is how many cells are at either side of the one in the middle.
const stripSide = 12

// view opens the viewer at a message.
func (m *mainScreen) view(msg im.Message) {
	if m.chat == nil {
		return
	}
	v := m.viewing
	if v == nil {
		v = &viewing{m: m, conv: m.chat.conv}
		v.view = widgets.NewViewer(widgets.ViewerWords{
			Save: m.tr.T("viewer.save"), Copy: m.tr.T("menu.copy"), Forward: m.tr.T("viewer.forward"), Close: m.tr.T("action.close"),
			Older: m.tr.T("viewer.older"), Newer: m.tr.T("viewer.newer"), Play: m.tr.T("viewer.play"),
			Zoom: func(percent int) string { return m.tr.F("viewer.zoom", i18n.Args{"Percent": percent}) },
		})
		v.view.OnStep = v.step
		v.view.OnChoose = v.choose
		v.view.OnSave = func() { m.save(v.at) }
		v.view.OnCopy = func() { m.copyImage(v.at) }
		v.view.OnForward = func() { m.forward(m.chat, []im.Message{v.at.msg}, false) }
		v.view.OnPlay = func() { m.openOutside(v.at) }
		v.view.OnMenu = v.menu
		v.view.OnClosed = v.closed
		m.viewing = v
		v.view.Open(m.app.canvas)
	}
	v.show(msg)
}

// menu offers what can be done with what is shown.
func (v *viewing) menu(at fyne.Position) {
	m, o, c := v.m, v.at, v.m.chat
	items := m.mediaItems(o)
	if o.msg.Sequence > 0 && c != nil {
		items = append(items, c.forwardItem(&o.msg), fyne.NewMenuItemSeparator(), c.deleteItem(canvas.Key(o.msg.ID)))
	}
	if len(items) > 0 {
		m.app.popUp(at, items...)
	}
}

// closeViewer takes it away, if it is there.
func (m *mainScreen) closeViewer() {
	if m.viewing != nil {
		m.viewing.view.Close()
	}
}

func (v *viewing) closed() {
	if v.stop != nil {
		v.stop()
	}
	v.m.viewing = nil
	if v.m.chat != nil && v.m.app.canvas.Focused() == nil {
		v.m.composer.Focus()
	}
	go debug.FreeOSMemory() // a picture in full takes a good part of all there is
}

// say shows a short notice over the picture.
func (v *viewing) say(words, action string, run func()) { v.view.Say(words, action, run) }

// show goes to a message.
func (v *viewing) show(msg im.Message) {
	o, ok := mediaOf(&msg)
	if !ok {
		return
	}
	if v.stop != nil {
		v.stop()
	}
	v.turn++
	v.ctx, v.stop = context.WithCancel(v.m.ctx)
	v.at, v.full, v.offline = o, false, false
	_, film := msg.Payload.(im.VideoPayload)
	i := v.index()
	p := v.m.chat.present
	sender := p.sender(&msg)
	v.view.SetPage(widgets.ViewerPage{
		ID: string(msg.From), Name: p.name(&msg), Avatar: sender.Picture, Detail: v.detail(),
		Width: o.width, Height: o.height, Film: film,
		Older: i > 0, Newer: i >= 0 && i < len(v.around)-1,
		File: o.address != "", Picture: o.address != "" && !film,
		Forward: msg.Sequence > 0 && !msg.IsRevoked,
	})
	if t := v.m.s.fetches.of(o.address); t != nil {
		v.transferred(o.address, t)
	}
	v.showThumbnail()
	v.showStrip()
	v.loadAround()
	if !film {
		v.load()
	}
}

// index is which of those around is shown, -1 before they are known.
func (v *viewing) index() int {
	return slices.IndexFunc(v.around, func(m im.Message) bool { return m.ID == v.at.msg.ID })
}

func (v *viewing) step(by int) {
	if i := v.index(); i >= 0 && i+by >= 0 && i+by < len(v.around) {
		if v.place > 0 {
			v.place += by
		}
		v.show(v.around[i+by])
	}
}

func (v *viewing) choose(id string) {
	from := v.index()
	i := slices.IndexFunc(v.around, func(m im.Message) bool { return string(m.ID) == id })
	if from >= 0 && i >= 0 {
		v.step(i - from)
	}
}

// detail is the line below the name: when, which of how many, how large.
func (v *viewing) detail() string {
	m, o := v.m, v.at
	at := time.UnixMilli(o.msg.Time)
	parts := []string{m.times.day(at) + " " + m.times.clock(at)}
	if v.place > 0 {
		parts = append(parts, m.tr.F("viewer.place", i18n.Args{"Place": v.place, "Count": v.all}))
	}
	words := mediaWords{m.tr}
	if p, ok := o.msg.Payload.(im.VideoPayload); ok {
		parts = append(parts, words.length(time.Duration(p.VideoSecond)*time.Second))
	} else if o.width > 0 && o.height > 0 {
		parts = append(parts, fmt.Sprintf("%d × %d", o.width, o.height))
	}
	if o.size > 0 {
		parts = append(parts, words.bytes(o.size))
	}
	return strings.Join(parts, " · ")
}

// loadAround finds the pictures next to this one, and its place among all.
func (v *viewing) loadAround() {
	type found struct {
		list       []im.Message
		all, place int
	}
	client, conv, msg := v.m.s.client, v.conv, v.at.msg
	beside(v.ctx, func(ctx context.Context) (f found, err error) {
		older, err := client.Media(ctx, conv, core.MediaQuery{Types: seen, Before: msg.Sequence, Limit: stripSide})
		if err != nil {
			return f, err
		}
		f.list = append(older, msg)
		if msg.Sequence > 0 {
			newer, err := client.Media(ctx, conv, core.MediaQuery{Types: seen, After: msg.Sequence, Limit: stripSide})
			if err != nil {
				return f, err
			}
			f.list = append(f.list, newer...)
			f.all, f.place, err = client.CountMedia(ctx, conv, seen, msg.Sequence)
			return f, err
		}
		f.all, _, err = client.CountMedia(ctx, conv, seen, 0) // it has no number yet
		f.all++
		f.place = f.all
		return f, err
	}, func(f found, err error) {
		if err != nil {
			v.m.reportQuietly(err)
			return
		}
		v.around, v.all, v.place = f.list, f.all, f.place
		i := v.index()
		v.view.SetAround(v.detail(), i > 0, i < len(v.around)-1)
		v.showStrip()
	})
}

// showStrip shows those around below the picture.
func (v *viewing) showStrip() {
	cells := make([]widgets.ViewerCell, 0, len(v.around))
	for i := range v.around {
		cells = append(cells, v.cell(&v.around[i]))
	}
	if v.index() < 0 {
		cells = append(cells[:0], v.cell(&v.at.msg))
	}
	v.view.SetStrip(cells, string(v.at.msg.ID))
}

func (v *viewing) cell(m *im.Message) widgets.ViewerCell {
	o, _ := mediaOf(m)
	side := v.pixels(56)
	t := v.m.s.thumbs.Get(stripCell(m.ID), o.picture, side, side)
	_, film := m.Payload.(im.VideoPayload)
	return widgets.ViewerCell{ID: string(m.ID), Image: t.Image, Film: film, Broken: t.State == thumbs.Broken}
}

// pixels is how many pixels of the screen a length has.
func (v *viewing) pixels(units float32) int {
	return int(units*v.m.app.window.Canvas().Scale() + 0.5)
}

// thumbnailChanged asks for a thumbnail again.
func (v *viewing) thumbnailChanged(who any) {
	if v == nil {
		return
	}
	switch who := who.(type) {
	case stripCell:
		for i := range v.around {
			if v.around[i].ID == im.MessageID(who) {
				v.view.SetCell(v.cell(&v.around[i]))
			}
		}
		if v.index() < 0 && v.at.msg.ID == im.MessageID(who) {
			v.view.SetCell(v.cell(&v.at.msg))
		}
	case viewerTurn:
		if int(who) == v.turn {
			v.showThumbnail()
		}
	}
}

// transferred shows a download that was asked for here, a film's.
func (v *viewing) transferred(address string, t *canvas.Transfer) {
	if v == nil || address != v.at.address {
		return
	}
	switch words := (mediaWords{v.m.tr}); {
	case t == nil:
		v.view.SetProgress("", 0)
	case t.Failed != "":
		v.view.SetProgress("", 0)
		v.say(t.Failed, "", nil)
	default:
		v.view.SetProgress(words.progress(t.Done, t.Total), share(t.Done, t.Total))
	}
}

func share(done, total int64) float64 {
	if total <= 0 {
		return 0
	}
	return float64(done) / float64(total)
}

// received takes in new messages of conversations.
func (v *viewing) received(messages []im.Message) {
	if v != nil && slices.ContainsFunc(messages, func(m im.Message) bool {
		return m.ConversationID == v.conv && slices.Contains(seen, m.Type)
	}) {
		v.loadAround()
	}
}

// revoked leaves a picture that was recalled.
func (v *viewing) revoked(messages []im.Message) {
	if v == nil {
		return
	}
	for i := range messages {
		if messages[i].ConversationID != v.conv {
			continue
		}
		if messages[i].ID == v.at.msg.ID {
			v.view.Close()
			return
		}
		v.around = slices.DeleteFunc(v.around, func(m im.Message) bool { return m.ID == messages[i].ID })
	}
	v.loadAround()
}

// retry fetches the picture again: the connection is back.
func (v *viewing) retry() {
	if v != nil && v.offline {
		v.show(v.at.msg)
	}
}

// problem says why a picture cannot be shown.
func (v *viewing) problem(err error) {
	switch {
	case errors.Is(err, picture.ErrNeedsIsolation), errors.Is(err, picture.ErrUnsupported):
		v.view.SetProblem(v.m.tr.T("viewer.cannotShow"))
	case errors.Is(err, picture.ErrTooLarge):
		v.view.SetProblem(v.m.tr.T("viewer.tooLarge"))
	case errors.Is(err, picture.ErrFormat), errors.Is(err, picture.ErrDamaged), im.CodeOf(err) == im.CodeBlobDamaged:
		v.view.SetProblem(v.m.tr.T("viewer.damaged"))
	case im.CodeOf(err) == im.CodeBlobNotFound:
		v.view.SetProblem(v.m.tr.Error(err))
	default:
		v.offline = true
		v.view.SetProblem(v.m.tr.Error(err))
	}
}
