package app

import (
	"magpie/im"
	"magpie/widgets/canvas"
)

// present_kinds.go shows messages that are more, or less, than a text.

// custom shows a message that programs agree on: a die, the birth of a group, or
// what the message says of itself.
func (p *presenter) custom(it *canvas.Item, payload im.CustomPayload) {
	it.Kind, it.Text = canvas.KindOther, im.MessageForShow(payload, p.tr.Language())
	if n, ok := payload.Dice(); ok {
		it.Kind, it.Picture = canvas.KindSticker, p.pictures.dice(n)
		return
	}
	if payload.GroupCreated() {
		it.Kind, it.Own = canvas.KindNotice, false
	}
}

// mentions are the names by which a text may name those it mentions. What the
// sender sees of a member and what this account sees may differ.
func (p *presenter) mentions(m *im.Message) (names []string) {
	for _, u := range m.AtUserList {
		if u == im.AtAllUsers {
			names = append(names, p.tr.All("mention.everyone")...)
			continue
		}
		names = append(append(names, p.called[u]...), string(u))
	}
	return names
}

// recalled says who took a message back.
func (p *presenter) recalled(m *im.Message) string {
	name := p.name(m)
	if m.Revoker != "" && m.Revoker != m.From {
		name = first(p.names[m.Revoker], m.RevokerNick)
	}
	return im.RevokedForShow(p.tr.Language(), m.Revoker, m.From, name, p.me)
}

// editable reports whether the text of a recalled message can be edited again:
// this account wrote it here and took it back itself.
func (p *presenter) editable(m *im.Message) bool {
	own := m.From == p.me && (m.Revoker == "" || m.Revoker == p.me)
	return own && p.recallable != nil && p.recallable(m.ID)
}

// learn takes in the members of the group; it reports whether that changes how
// messages look.
func (p *presenter) learn(members []im.GroupMember) (changed bool) {
	if p.called == nil {
		p.called = make(map[im.UserID][]string, len(members))
	}
	for _, member := range members {
		if name := first(member.NameCard, member.Nick); name != "" {
			p.names[member.UserID] = name
		}
		var called []string
		for _, name := range []string{member.NameCard, member.Nick} {
			if name != "" {
				called = append(called, name)
			}
		}
		if before, known := p.called[member.UserID]; !known || len(before) != len(called) || len(called) > 0 && before[0] != called[0] {
			changed = true
		}
		p.called[member.UserID] = called
	}
	return changed
}
