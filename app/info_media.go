package app

import (
	"context"
	"slices"
	"strconv"
	"time"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/app/thumbs"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// sharedMedia is what the panel shows of the pictures, videos, files, voice notes
// and links of the open conversation, as far as they are on this disk.
type sharedMedia struct {
	p    *infoPanel
	conv im.ConversationID
	// newest are the pictures and videos that are shown, the newest first; counts
	// are how many of everything there are.
	newest []im.Message
	counts map[im.MessageType]int
	grid   *widgets.MediaGrid
	// loading: it is being found out; again: something came meanwhile.
	loading, again bool
}

// gridCell asks the thumbnails for a cell of the grid.
type gridCell im.MessageID

const (
	// shownPictures are two rows of the grid, shownFiles the lines of a list.
	shownPictures = 8
	shownFiles    = 200
)

// listed are the lists that the panel offers, with their names.
func (s *sharedMedia) listed() []struct {
	label string
	types []im.MessageType
} {
	tr := s.p.m.tr
	return []struct {
		label string
		types []im.MessageType
	}{
		{tr.T("info.files"), []im.MessageType{im.MsgFile}},
		{tr.T("info.voices"), []im.MessageType{im.MsgAudio}},
		{tr.T("info.links"), []im.MessageType{im.MsgText}},
	}
}

// follow shows another conversation.
func (s *sharedMedia) follow(conv im.ConversationID) {
	if s.conv != conv {
		s.conv, s.newest, s.counts, s.grid = conv, nil, nil, nil
	}
	s.reload()
}

// received takes in new messages.
func (s *sharedMedia) received(messages []im.Message) {
	if slices.ContainsFunc(messages, func(m im.Message) bool {
		_, is := mediaOf(&m)
		text, isText := m.Payload.(im.TextPayload)
		return m.ConversationID == s.conv && (is || isText && im.HasLink(text.Text))
	}) {
		s.reload()
	}
}

// revoked takes out what was recalled.
func (s *sharedMedia) revoked(messages []im.Message) {
	if slices.ContainsFunc(messages, func(m im.Message) bool { return m.ConversationID == s.conv }) {
		s.reload()
	}
}

// reload finds out what there is.
func (s *sharedMedia) reload() {
	p := s.p
	if !p.shows() || p.conv != s.conv {
		return
	}
	if s.loading {
		s.again = true
		return
	}
	s.loading, s.again = true, false
	type found struct {
		newest []im.Message
		counts map[im.MessageType]int
	}
	client, conv := p.m.s.client, s.conv
	beside(p.m.ctx, func(ctx context.Context) (f found, err error) {
		if f.newest, err = client.Media(ctx, conv, core.MediaQuery{Types: seen, Limit: shownPictures}); err != nil {
			return f, err
		}
		slices.Reverse(f.newest)
		f.counts = map[im.MessageType]int{}
		for _, t := range []im.MessageType{im.MsgImage, im.MsgVideo, im.MsgFile, im.MsgAudio, im.MsgText} {
			if f.counts[t], _, err = client.CountMedia(ctx, conv, []im.MessageType{t}, 0); err != nil {
				return f, err
			}
		}
		return f, nil
	}, func(f found, err error) {
		s.loading = false
		switch {
		case err != nil:
			p.m.reportQuietly(err)
		case s.conv == conv:
			s.newest, s.counts = f.newest, f.counts
			p.draw()
		}
		if s.again || s.conv != conv {
			s.reload()
		}
	})
}

// items are the parts of the panel about it, none if there is nothing.
func (s *sharedMedia) items() []widgets.Item {
	m := s.p.m
	s.grid = nil
	var items []widgets.Item
	if len(s.newest) > 0 {
		cells := make([]widgets.MediaCell, len(s.newest))
		for i := range s.newest {
			cells[i] = s.cell(&s.newest[i])
		}
		s.grid = widgets.NewMediaGrid(cells, func(id string) {
			if i := s.index(id); i >= 0 {
				m.view(s.newest[i])
			}
		})
		items = append(items, widgets.Item{Above: 14, Object: s.grid})
	}
	above := float32(8)
	if n := s.counts[im.MsgImage] + s.counts[im.MsgVideo]; n > len(s.newest) {
		row := widgets.NewPanelRow(m.tr.T("info.pictures"), strconv.Itoa(n), false, func() { m.view(s.newest[0]) })
		items = append(items, widgets.Item{Above: above, Object: row})
		above = 0
	}
	for _, l := range s.listed() {
		if n := s.counts[l.types[0]]; n > 0 {
			row := widgets.NewPanelRow(l.label, strconv.Itoa(n), false, func() { s.list(l.label, l.types) })
			items = append(items, widgets.Item{Above: above, Object: row})
			above = 0
		}
	}
	return items
}

func (s *sharedMedia) index(id string) int {
	return slices.IndexFunc(s.newest, func(m im.Message) bool { return string(m.ID) == id })
}

func (s *sharedMedia) cell(msg *im.Message) widgets.MediaCell {
	m := s.p.m
	o, _ := mediaOf(msg)
	size := widgets.MediaCellSize(theme.PanelWidth - 28)
	scale := m.app.window.Canvas().Scale()
	t := m.s.thumbs.Get(gridCell(msg.ID), o.picture, int(size.Width*scale), int(size.Height*scale))
	_, film := msg.Payload.(im.VideoPayload)
	return widgets.MediaCell{
		ID: string(msg.ID), Image: t.Image, Film: film, Broken: t.State == thumbs.Broken,
		Label: im.MessageForShow(msg.Payload, m.tr.Language()),
	}
}

func (s *sharedMedia) thumbnailChanged(who gridCell) {
	if i := s.index(string(who)); i >= 0 && s.grid != nil {
		s.grid.SetCell(s.cell(&s.newest[i]))
	}
}

// list shows the newest messages of a kind; choosing one opens what it has.
func (s *sharedMedia) list(title string, types []im.MessageType) {
	m, conv := s.p.m, s.conv
	beside(m.ctx, func(ctx context.Context) ([]im.Message, error) {
		return m.s.client.Media(ctx, conv, core.MediaQuery{Types: types, Limit: shownFiles})
	}, func(list []im.Message, err error) {
		if err != nil {
			m.report(err)
			return
		}
		if m.conversation() != conv {
			return
		}
		var sheet *widgets.Sheet
		var rows []widgets.Item
		for _, msg := range slices.Backward(list) {
			rows = append(rows, s.lines(msg, func() { sheet.Close() })...)
		}
		sheet = widgets.NewSheet(title, "", widgets.NewStack(rows...), widgets.NewSecondaryButton(m.tr.T("action.close"), func() { sheet.Close() }))
		sheet.Open(m.app.canvas, nil)
	})
}

// lines are those of a message in a list: one for each link of a text.
func (s *sharedMedia) lines(msg im.Message, closeList func()) []widgets.Item {
	m := s.p.m
	words := mediaWords{m.tr}
	when := m.times.list(time.UnixMilli(msg.Time))
	row := func(label, value string, tapped func()) widgets.Item {
		return widgets.Item{Object: widgets.NewPanelRow(label, value, false, func() {
			closeList()
			tapped()
		})}
	}
	o, _ := mediaOf(&msg)
	jump := func() { m.canvas.JumpToHit(msg.Sequence) }
	switch p := msg.Payload.(type) {
	case im.FilePayload:
		return []widgets.Item{row(o.name, words.bytes(p.FileSize), func() { m.open(o) })}
	case im.AudioPayload:
		label := m.tr.F("info.voice", i18n.Args{"Name": m.chat.present.name(&msg), "Length": words.length(time.Duration(p.Second) * time.Second)})
		return []widgets.Item{row(label, when, jump)}
	case im.TextPayload:
		var items []widgets.Item
		for _, run := range im.ParseText(p.Text, nil) {
			if run.Kind == im.RunLink {
				items = append(items, row(run.Text, when, func() { m.openLink(run.URL) }))
			}
		}
		return items
	}
	return nil
}
