package app

import (
	"context"
	"strings"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// groupKinds are the kinds of groups that a person can make.
var groupKinds = []im.GroupType{im.GroupWork, im.GroupPublic, im.GroupMeeting, im.GroupAVChatRoom}

// newGroup asks for a name, members, a kind and who may join, and opens the new
// group.
func (m *mainScreen) newGroup() {
	tr := m.tr
	name := widgets.NewTextField(tr.T("newGroup.name"), tr.T("newGroup.nameHint"))
	people := m.newPeopleField(tr.T("newGroup.members"), tr.T("newGroup.membersHint"), true)
	members := people.field
	var kinds []widgets.Option
	for _, k := range groupKinds {
		kinds = append(kinds, widgets.Option{Value: string(k), Label: tr.T("groupType." + string(k)), Words: tr.T("groupType.words." + string(k))})
	}
	kind := widgets.NewChoice(tr.T("newGroup.kind"), string(im.GroupWork), kinds...)
	free := widgets.NewChoice(tr.T("group.join"), string(im.JoinFree), m.joinOptions()...)
	asks := widgets.NewChoice(tr.T("group.join"), string(im.JoinNeedPermission), m.joinOptions()...)
	f := &form{
		app:   m.app,
		title: tr.T("newGroup.title"),
		first: name,
		yes:   tr.T("newGroup.create"),
	}
	const gap = 3 * theme.Grid
	f.content = widgets.NewStack(
		widgets.Item{Object: name},
		widgets.Item{Above: gap, Object: people.box},
		widgets.Item{Above: gap, Object: kind},
		widgets.Item{Above: gap, Object: asks},
		widgets.Item{Above: gap, Object: free},
	)
	// What a kind does not know is not asked for.
	fit := func(string) {
		live := kind.Value() == string(im.GroupAVChatRoom)
		members.Hidden = live
		if live {
			people.box.Hide()
		} else {
			people.box.Show()
		}
		asks.Hidden = kind.Value() != string(im.GroupPublic)
		free.Hidden = kind.Value() != string(im.GroupMeeting)
		if f.sheet != nil {
			f.sheet.Refresh()
		}
	}
	kind.OnChanged = fit
	fit("")
	var row im.Conversation
	var results []core.InviteResult
	client := m.s.client
	f.submit = func() (func(context.Context) error, error) {
		g := im.Group{Name: strings.TrimSpace(name.Text()), Type: im.GroupType(kind.Value())}
		var users []im.UserID
		if members.Visible() {
			var err error
			if users, err = userIDs(members.Text()); err != nil {
				return nil, err
			}
		}
		switch {
		case asks.Visible():
			g.JoinOption = im.JoinOption(asks.Value())
		case free.Visible():
			g.JoinOption = im.JoinOption(free.Value())
		}
		return func(ctx context.Context) error {
			made, invited, err := client.CreateGroup(ctx, g, users)
			if err != nil {
				return err
			}
			row = im.Conversation{ConversationID: im.GroupConversation(made.GroupID), Type: im.ConvGroup, GroupProfile: &made}
			results = invited
			// That one made the group oneself is no news.
			return client.SetMessageRead(ctx, row.ConversationID)
		}, g.Validate()
	}
	f.done = func() {
		if m.index(row.ConversationID) >= 0 {
			row, _ = m.row(row.ConversationID)
			row.UnreadCount = 0
		}
		m.putRow(row)
		m.openChat(row.ConversationID)
		m.reportInvited(results)
	}
	f.open()
	members.OnSubmitted = f.trySend
	people.grown = f.sheet.Refresh
}

// joinOptions are who may join a group by applying.
func (m *mainScreen) joinOptions() []widgets.Option {
	var options []widgets.Option
	for _, o := range []im.JoinOption{im.JoinFree, im.JoinNeedPermission, im.JoinDisabled} {
		options = append(options, widgets.Option{Value: string(o), Label: m.tr.T("joinOption." + string(o))})
	}
	return options
}

// joinGroup asks for the id of a group and joins it, or asks its admins to be
// let in.
func (m *mainScreen) joinGroup() { m.joinGroupOf("") }

// joinGroupOf is joinGroup with the group filled in.
func (m *mainScreen) joinGroupOf(g im.GroupID) {
	tr := m.tr
	id := widgets.NewTextField(tr.T("joinGroup.group"), tr.T("joinGroup.groupHint"))
	id.SetText(string(g))
	words := widgets.NewTextField(tr.T("joinGroup.words"), tr.T("joinGroup.wordsHint"))
	f := &form{
		app:     m.app,
		title:   tr.T("joinGroup.title"),
		text:    tr.T("joinGroup.text"),
		content: widgets.NewStack(widgets.Item{Object: id}, widgets.Item{Above: 3 * theme.Grid, Object: words}),
		first:   id,
		yes:     tr.T("joinGroup.join"),
	}
	client := m.s.client
	var status im.JoinStatus
	var group im.Group
	f.submit = func() (func(context.Context) error, error) {
		g := im.GroupID(strings.TrimSpace(id.Text()))
		said := strings.TrimSpace(words.Text())
		return func(ctx context.Context) (err error) {
			status, group, err = client.JoinGroup(ctx, g, said)
			return err
		}, g.Validate()
	}
	f.done = func() { m.joined(status, &group) }
	f.open()
	words.OnSubmitted = f.trySend
}

// joined says what came of asking to join.
func (m *mainScreen) joined(status im.JoinStatus, g *im.Group) {
	name := first(g.Name, string(g.GroupID))
	switch status {
	case im.JoinWaitApproval:
		m.app.tell(m.tr.T("joinGroup.waiting"), m.tr.F("joinGroup.waitingText", i18n.Args{"Name": name}))
		return
	case im.JoinAlreadyInGroup:
		m.app.say(m.tr.F("joinGroup.already", i18n.Args{"Name": name}))
	default:
		m.app.say(m.tr.F("joinGroup.joined", i18n.Args{"Name": name}))
	}
	m.openChat(im.GroupConversation(g.GroupID))
}
