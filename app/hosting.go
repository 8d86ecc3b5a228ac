package app

import (
	"context"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/server"
	"magpie/widgets"
	"magpie/widgets/loop"
)

// hosting is the sheet that opens the server inside to the network and shows the link
// by which others join.
type hosting struct {
	m     *mainScreen
	ctx   context.Context // ends when the sheet is closed
	sheet *widgets.Sheet
	card  *widgets.InviteCard
	row   *widgets.SettingRow
	open  *widgets.Switch
	// valid says how long links work, fingerprint is that of the server.
	valid, fingerprint *widgets.SettingRow
	// copy and renew are for the link; other takes another port.
	copy, renew, other *widgets.Button
	// validFor is how long a new link is valid.
	validFor *widgets.Select

	now  server.Network
	link string // that is shown, "" for none
	// busy is set while something changes: what is asked meanwhile is dropped.
	busy bool
	// known are those who had joined when the sheet was opened, and since.
	known map[im.UserID]bool
}

const (
	// hostingPause is how often the sheet looks who has joined.
	hostingPause = 2 * time.Second
	// hostingWidth is that of the sheet, with the code beside the link.
	hostingWidth = float32(520)
)

// mayHost reports whether the account is on the server inside.
func (m *mainScreen) mayHost() bool { return m.s.host != nil }

// letOthersJoin shows the sheet.
func (m *mainScreen) letOthersJoin() {
	tr := m.tr
	h := &hosting{m: m}
	var stop context.CancelFunc
	h.ctx, stop = context.WithCancel(m.ctx)
	h.copy = widgets.NewSmallButton(widgets.Primary, tr.T("hosting.copy"), h.copyLink)
	h.renew = widgets.NewSmallButton(widgets.Secondary, tr.T("hosting.new"), h.newLink)
	h.other = widgets.NewSmallButton(widgets.Primary, tr.T("hosting.otherPort"), func() { h.openAt(anyFreePort) })
	h.validFor = widgets.NewSelect("24",
		widgets.Option{Value: "1", Label: tr.N("hosting.hours", 1, nil)},
		widgets.Option{Value: "24", Label: tr.N("hosting.hours", 24, nil)},
		widgets.Option{Value: "168", Label: tr.N("hosting.days", 7, nil)},
		widgets.Option{Value: "720", Label: tr.N("hosting.days", 30, nil)},
	)
	h.open = widgets.NewSwitch(false)
	h.open.OnChanged = h.switched
	h.open.Disable()
	h.row = widgets.NewSettingRow(tr.T("hosting.open"), tr.T("hosting.looking"), h.open)
	h.fingerprint = widgets.NewSettingRow(tr.T("hosting.fingerprint"), "", nil)
	h.valid = widgets.NewSettingRow(tr.T("hosting.validFor"), "", h.validFor)
	h.card = widgets.NewInviteCard(tr.T("hosting.link"), []*widgets.Button{h.copy, h.renew, h.other}, h.row, h.valid, h.fingerprint)
	h.card.ShowButtons(false)
	h.card.ShowMore(false)
	done := widgets.NewPrimaryButton(tr.T("action.done"), func() { h.sheet.Close() })
	h.sheet = widgets.NewSheet(tr.T("hosting.title"), tr.T("hosting.text"), h.card, done)
	h.sheet.Width = hostingWidth
	h.sheet.OnClosed = func() {
		stop()
		if m.hosting == h {
			m.hosting = nil
		}
	}
	m.hosting = h
	h.sheet.Open(m.app.canvas, nil)
	h.do(m.s.host.Network)
	go h.follow()
}

// anyFreePort is where the server listens when a person wants another port.
const anyFreePort = ":0"

// follow looks now and then who has joined.
func (h *hosting) follow() {
	for t := time.NewTicker(hostingPause); ; {
		select {
		case <-h.ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
		now, err := h.m.s.host.Network(h.ctx)
		loop.Do(func() {
			if err == nil && h.ctx.Err() == nil && !h.busy {
				h.show(now)
			}
		})
	}
}

// do changes or asks something beside the user interface and shows what came of it.
func (h *hosting) do(work func(context.Context) (server.Network, error)) {
	if h.busy {
		return
	}
	h.busy = true
	h.open.Disable()
	h.sheet.SetProblem("")
	beside(h.ctx, func(ctx context.Context) (server.Network, error) {
		now, err := work(ctx)
		if err != nil { // how it stands is shown beside what went wrong
			if after, aerr := h.m.s.host.Network(ctx); aerr == nil {
				now = after
			}
		}
		return now, err
	}, func(now server.Network, err error) {
		h.busy = false
		h.open.Enable()
		if err != nil && now.Fingerprint == "" { // nothing is known
			h.sheet.SetProblem(h.m.tr.Error(err))
			return
		}
		h.show(now)
		if err != nil && now.Trouble == nil {
			h.sheet.SetProblem(h.m.tr.Error(err))
		}
	})
}

// switched opens the server or closes it.
func (h *hosting) switched(on bool) {
	if on {
		h.openAt("")
		return
	}
	k := h.m.s.host
	// Also when the sheet goes meanwhile: nobody would see that it is open still.
	h.do(func(ctx context.Context) (server.Network, error) { return k.CloseNetwork(context.WithoutCancel(ctx)) })
}

// openAt opens the server, with a link that works.
func (h *hosting) openAt(listen string) {
	k, terms := h.m.s.host, h.terms()
	h.do(func(ctx context.Context) (server.Network, error) {
		now, err := k.OpenNetwork(ctx, listen)
		if err == nil && now.Invitation == nil {
			now, err = k.Invite(ctx, terms)
		}
		return now, err
	})
}

// newLink makes another link in place of the one before.
func (h *hosting) newLink() {
	k, terms := h.m.s.host, h.terms()
	h.do(func(ctx context.Context) (server.Network, error) { return k.Invite(ctx, terms) })
}

func (h *hosting) terms() server.InvitationTerms {
	hours, err := strconv.Atoi(h.validFor.Value())
	if err != nil {
		return server.InvitationTerms{} // the usual time
	}
	return server.InvitationTerms{For: time.Duration(hours) * time.Hour}
}

func (h *hosting) copyLink() {
	fyne.CurrentApp().Clipboard().SetContent(h.link)
	h.copy.SetText(h.m.tr.T("hosting.copied"))
}
