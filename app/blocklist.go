package app

import (
	"context"

	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
)

// blockedPeople shows who is blocked, each with a way to take that back.
func (m *mainScreen) blockedPeople() {
	client := m.s.client
	beside(m.ctx, func(ctx context.Context) ([]im.Profile, error) {
		users, err := client.GetBlacklist(ctx)
		if err != nil || len(users) == 0 {
			return nil, err
		}
		known, err := client.GetProfiles(ctx, users...)
		if err != nil {
			return nil, err
		}
		names := map[im.UserID]im.Profile{}
		for _, p := range known {
			names[p.UserID] = p
		}
		list := make([]im.Profile, len(users))
		for i, u := range users { // those that do not exist any more too
			list[i] = names[u]
			list[i].UserID = u
		}
		return list, nil
	}, func(list []im.Profile, err error) {
		if err != nil {
			m.report(err)
			return
		}
		m.showBlocked(list)
	})
}

func (m *mainScreen) showBlocked(list []im.Profile) {
	text := m.tr.T("block.page")
	if len(list) == 0 {
		text = m.tr.T("block.none")
	}
	var sheet *widgets.Sheet
	var rows []widgets.Item
	for _, p := range list {
		row := widgets.NewPersonRow(widgets.Person{
			ID:      string(p.UserID),
			Name:    p.Name(),
			Picture: m.pictures.avatar(p.Avatar),
			Action:  m.tr.T("block.unblock"),
		}, nil)
		row.OnAction = func() { m.setBlocked(p.UserID, false, row.Hide) }
		rows = append(rows, widgets.Item{Object: row})
	}
	sheet = widgets.NewSheet(m.tr.T("menu.blocked"), text, widgets.NewStack(rows...),
		widgets.NewPrimaryButton(m.tr.T("action.done"), func() { sheet.Close() }))
	sheet.Open(m.app.canvas, nil)
}

// askBlock says what blocking does before it is done.
func (m *mainScreen) askBlock(u im.UserID, name string) {
	m.app.ask(question{
		title:  m.tr.T("block.title"),
		text:   m.tr.F("block.text", i18n.Args{"Name": name}),
		yes:    m.tr.T("block.block"),
		no:     m.tr.T("action.cancel"),
		danger: true,
		onYes:  func() { m.setBlocked(u, true, m.panel.reload) },
	})
}

// setBlocked puts a user on the list of those whose messages are refused, or
// takes it from there.
func (m *mainScreen) setBlocked(u im.UserID, on bool, done func()) {
	client := m.s.client
	m.do(func(ctx context.Context) error {
		if on {
			return client.AddToBlacklist(ctx, u)
		}
		return client.RemoveFromBlacklist(ctx, u)
	}, done)
}
