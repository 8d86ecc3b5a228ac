package app

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"

	"magpie/app/host"
	"magpie/im"
	"magpie/store"
)

// finding shows the search with what it finds and how it is narrowed, what goes out
// and comes in, and what is said of a history that is damaged.
func (t *tourist) finding(ctx context.Context, _ *host.Host) error {
	conv := t.conversation()
	t.do(t.a.main.find)
	t.do(func() { t.a.main.finding.sheet.SetText("图标") })
	if err := t.until(ctx, "something is found", func() bool {
		f := t.a.main.finding
		return f.found.asked.Text == "图标" && !f.found.busy() && len(f.found.messages.list) > 0
	}); err != nil {
		return err
	}
	if err := t.picture("60-search"); err != nil {
		return err
	}
	t.do(func() { t.a.main.finding.beginPick(pickTime) })
	if err := t.picture("61-search-when"); err != nil {
		return err
	}
	t.do(func() { t.a.main.finding.sheet.Close() })
	for _, s := range []struct {
		name string
		open func(*mainScreen)
	}{
		{"62-export", func(m *mainScreen) { m.askExport(conv) }},
		{"63-import", (*mainScreen).askImport},
	} {
		if err := t.sheet(ctx, s.name, s.open); err != nil {
			return err
		}
	}
	return nil
}

// damagedCard is what is shown of a damaged history, here of one that is not. It
// comes last: what it shows takes the place of the conversation.
func (t *tourist) damagedCard(context.Context, *host.Host) error {
	var content fyne.CanvasObject
	t.do(func() {
		account := t.a.session.account
		content = t.a.main.content
		c := &checkup{a: t.a, account: account, path: filepath.Join(t.data, "history.db"), turn: t.a.turn}
		c.examined(store.Health{Damage: 3, Messages: 1_204_331, Conversations: 1000}, nil)
	})
	if err := t.picture("64-damaged"); err != nil {
		return err
	}
	t.do(func() { t.a.cannotEnter(t.a.session.account, im.Errorf(im.CodeVersion, "schema 99")) })
	if err := t.picture("65-later"); err != nil {
		return err
	}
	t.do(func() { t.a.setContent(content) })
	return nil
}
