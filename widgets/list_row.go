package widgets

import (
	"cmp"
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"magpie/widgets/theme"
)

// listRow shows one conversation. It is given another one when it is used again.
type listRow struct {
	widget.BaseWidget
	list  *ConversationList
	index int

	shown              Conversation
	chosen, ringed     bool
	hovered, everShown bool

	back    *canvas.Rectangle
	avatar  *avatarParts
	tile    *canvas.Rectangle
	sign    *label
	icon    *canvas.Image
	name    *inlineLabel
	time    *label
	mention *label
	draft   *label
	where   *inlineLabel
	preview *inlineLabel
	badge   *canvas.Rectangle
	count   *label
	pin     *canvas.Image
	mark    *canvas.Image
	mute    *canvas.Image
}

var (
	_ fyne.Tappable          = (*listRow)(nil)
	_ fyne.SecondaryTappable = (*listRow)(nil)
	_ desktop.Hoverable      = (*listRow)(nil)
	_ desktop.Cursorable     = (*listRow)(nil)
)

func newListRow(l *ConversationList) *listRow {
	r := &listRow{
		list:    l,
		back:    box(theme.RadiusRow),
		avatar:  newAvatarParts(theme.AvatarLarge),
		tile:    box(theme.AvatarLargeRadius),
		sign:    newLabelIn(l.faces.badge, theme.SmallSize, true),
		icon:    drawing("search", theme.Link, theme.IconMedium),
		name:    newInlineLabel(l.faces.name, &l.pictures, theme.TextSize, true),
		where:   newInlineLabel(l.faces.preview, &l.pictures, theme.SecondarySize, false),
		time:    newLabelIn(l.faces.time, theme.MetaSize, false),
		mention: newLabelIn(l.faces.preview, theme.SecondarySize, false),
		draft:   newLabelIn(l.faces.preview, theme.SecondarySize, false),
		preview: newInlineLabel(l.faces.preview, &l.pictures, theme.SecondarySize, false),
		badge:   box(theme.RadiusBadge),
		count:   newLabelIn(l.faces.badge, theme.SmallSize, true),
		pin:     drawing("pin", theme.Faint, 12),
		mark:    drawing("clock", theme.Faint, 12),
		mute:    drawing("bell-off", theme.Faint, 14),
	}
	r.ExtendBaseWidget(r)
	return r
}

// show sets what the row shows; nothing is done when that is what it shows.
func (r *listRow) show(c Conversation, chosen, ringed bool) {
	if r.everShown && r.shown.same(c) && r.chosen == chosen && r.ringed == ringed {
		return
	}
	r.shown, r.chosen, r.ringed, r.everShown = c, chosen, ringed, true
	r.Refresh()
}

func (r *listRow) CreateRenderer() fyne.WidgetRenderer {
	r.paint()
	objects := append([]fyne.CanvasObject{r.back}, r.avatar.objects()...)
	objects = append(objects, r.tile, r.sign.line, r.icon, r.time.line, r.pin, r.mark, r.mute, r.mention.line, r.draft.line, r.badge, r.count.line)
	return &flat{
		objects: with(objects, r.name, r.where, r.preview),
		layout:  r.layout,
		min:     fixed(120, theme.RowHeight),
		refresh: func() { r.paint(); r.layout(r.Size()); canvas.Refresh(r) },
	}
}

func (r *listRow) paint() {
	on := theme.Panel
	r.back.FillColor = color.Transparent // the list lies on the window's own ground
	switch {
	case r.chosen:
		on = theme.Selected
	case r.hovered:
		on = theme.Hover
	}
	if on != theme.Panel {
		r.back.FillColor = theme.Color(on)
	}
	c := r.shown
	ring(r.back, r.ringed, theme.Accent)
	r.avatar.show(c.Avatar, cmp.Or(c.Initial, c.Name), c.Online, theme.Panel)
	r.avatar.setPicture(c.Picture)
	r.paintTile(on)
	r.name.set(c.Name)
	r.name.ink(theme.Ink)
	r.name.marks = [MaxMarks]Span{c.NameMark}
	r.where.set(c.Where)
	r.where.ink(theme.Ink2)
	r.time.set(c.Time)
	r.time.ink(theme.Ink3)
	r.mention.set(c.Mention)
	r.mention.ink(theme.Danger)
	r.draft.set(c.Draft)
	r.draft.ink(theme.Danger)
	r.preview.set(c.Preview)
	r.preview.marks = c.Marks
	if c.Where == "" {
		r.preview.ink(theme.Ink2)
	} else {
		r.preview.ink(theme.Ink) // to be read on marks too
	}
	r.count.set(badgeCount(c.Unread))
	if c.Muted {
		r.badge.FillColor = theme.Color(theme.BadgeMuted)
		r.count.ink(theme.OnBadgeMuted)
	} else {
		r.badge.FillColor = theme.Color(theme.Badge)
		r.count.ink(theme.OnBadge)
	}
	r.badge.Hidden = c.Unread == 0 && !c.MarkedUnread
	r.mute.Hidden = !c.Muted // a grey badge alone would say it by its colour only
	if !r.mute.Hidden {
		recolour(r.mute, "bell-off", theme.Faint)
	}
	r.pin.Hidden = !c.Pinned
	if c.Pinned {
		recolour(r.pin, "pin", theme.Faint)
	}
	r.mark.Hidden = !c.Failed && !c.Pending
	switch {
	case c.Checked:
		r.mark.Hidden = false
		recolour(r.mark, "check", theme.Link)
	case c.Failed:
		recolour(r.mark, "alert", theme.Danger)
	case c.Pending:
		recolour(r.mark, "clock", theme.Ink3)
	}
}

// paintTile shows an icon or a sign instead of the avatar.
func (r *listRow) paintTile(on fyne.ThemeColorName) {
	c := r.shown
	tiled := c.Icon != "" || c.Sign != ""
	r.tile.Hidden, r.icon.Hidden = !tiled, c.Icon == ""
	r.sign.set(c.Sign)
	if !tiled {
		return
	}
	for _, o := range r.avatar.objects() {
		o.Hide()
	}
	fill := theme.Selected
	if on == theme.Selected {
		fill = theme.Panel
	}
	r.tile.FillColor = theme.Color(fill)
	r.sign.ink(theme.Link)
	if c.Icon != "" {
		recolour(r.icon, c.Icon, theme.Link)
	}
}

// badgeCount is what the badge says for n unread messages.
func badgeCount(n uint64) string {
	switch {
	case n == 0:
		return ""
	case n > 999:
		return "999+"
	}
	return strconv.FormatUint(n, 10)
}

// Measures of a row, from the pictures: two lines of 20 within 60.
const (
	rowPad   = float32(8)
	rowText  = rowPad + theme.AvatarLarge + 10
	rowSmall = float32(12) // the pin and the mark
	rowMute  = float32(14)
	rowDot   = float32(10) // the badge of what was marked unread
)

func (r *listRow) layout(size fyne.Size) {
	place(r.back, 0, 0, size.Width, size.Height)
	top := (size.Height - theme.AvatarLarge) / 2
	r.avatar.place(rowPad, top)
	place(r.tile, rowPad, top, theme.AvatarLarge, theme.AvatarLarge)
	in := (theme.AvatarLarge - theme.IconMedium) / 2
	place(r.icon, rowPad+in, top+in, theme.IconMedium, theme.IconMedium)
	r.sign.placeCentred(rowPad+2, top, theme.AvatarLarge, theme.AvatarLarge-4)
	right := size.Width - rowPad
	line := theme.LineHeight
	rowLine1, rowLine2 := top, top+line
	if r.nameAlone() {
		rowLine1 = (size.Height - line) / 2
	}

	if r.shown.Checked { // the mark of what is chosen is right of both lines
		place(r.mark, right-theme.IconSmall, (size.Height-theme.IconSmall)/2, theme.IconSmall, theme.IconSmall)
		right -= theme.IconSmall + 8
	}
	used := r.time.placeRight(right, rowLine1+1, line, (right-rowText)/2)
	nameWidth := right - rowText - used
	if used > 0 {
		nameWidth -= 8
	}
	if !r.pin.Hidden {
		nameWidth -= rowSmall + 4
	}
	w := r.name.place(r, rowText, rowLine1, line, nameWidth)
	r.where.place(r, rowText+w+5, rowLine1+1, line, max(nameWidth-w-5, 0))
	place(r.pin, rowText+w+4, rowLine1+4, rowSmall, rowSmall)

	end := right
	switch {
	case !r.badge.Hidden && r.count.full == "":
		r.badge.CornerRadius = rowDot / 2
		place(r.badge, right-rowDot-4, rowLine2+2+(theme.BadgeHeight-rowDot)/2, rowDot, rowDot)
		r.count.line.Hidden = true
		end -= rowDot + 10
	case !r.badge.Hidden:
		r.badge.CornerRadius = theme.RadiusBadge
		w := max(theme.BadgeHeight, round(r.count.width())+10)
		place(r.badge, right-w, rowLine2+2, w, theme.BadgeHeight)
		r.count.placeCentred(right-w, rowLine2+2, theme.BadgeHeight, w)
		end -= w + 6
	default:
		r.count.line.Hidden = true
	}
	if !r.mute.Hidden {
		place(r.mute, end-rowMute, rowLine2+4, rowMute, rowMute)
		end -= rowMute + 6
	}
	x := rowText
	if !r.mark.Hidden && !r.shown.Checked {
		place(r.mark, x, rowLine2+5, rowSmall, rowSmall)
		x += rowSmall + 4
	}
	if d := r.mention.place(x, rowLine2, line, end-x); d > 0 {
		x += d + 4
	}
	if d := r.draft.place(x, rowLine2, line, end-x); d > 0 {
		x += d + 4
	}
	r.preview.place(r, x, rowLine2, line, end-x)
}

// nameAlone reports whether there is nothing to stand below the name, which is then in the
// middle.
func (r *listRow) nameAlone() bool {
	c := r.shown
	return c.Preview == "" && c.Draft == "" && c.Mention == "" && r.badge.Hidden && r.mute.Hidden && (r.mark.Hidden || c.Checked)
}

func (r *listRow) Tapped(*fyne.PointEvent) { r.list.choose(r.index) }

func (r *listRow) TappedSecondary(at *fyne.PointEvent) {
	if r.list.OnMenu != nil {
		r.list.OnMenu(r.shown.ID, at.AbsolutePosition)
	}
}

func (r *listRow) MouseIn(*desktop.MouseEvent)    { r.hovered = true; r.Refresh() }
func (r *listRow) MouseMoved(*desktop.MouseEvent) {}
func (r *listRow) MouseOut()                      { r.hovered = false; r.Refresh() }
func (r *listRow) Cursor() desktop.Cursor         { return desktop.PointerCursor }
