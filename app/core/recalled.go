package core

import (
	"cmp"
	"slices"

	"magpie/im"
)

// tombs returns, of messages that are about to be stored, the recalled ones that
// this device does not have as recalled yet: those that were recalled before they
// came here and are news, and those whose content stands here or waits in the
// outbox; with work held.
func (f *feed) tombs(list []im.Message) (map[uint64]im.Message, error) {
	var out map[uint64]im.Message
	add := func(t im.Message, news bool) error {
		old, found, err := f.at(t.Sequence)
		if err != nil {
			return err
		}
		if found && (old.IsRevoked || old.IsDeleted) || f.awaited[t.Sequence].IsDeleted || !found && !news && !f.c.out.has(t.ID) {
			return nil
		}
		if found && !old.IsPlaceMessage && old.ID != t.ID {
			return nil // another history; the store keeps the recall for the right one
		}
		if found {
			f.c.forgetFiles(old.Payload)
		}
		if out == nil {
			out = make(map[uint64]im.Message)
		}
		out[t.Sequence] = t
		return nil
	}
	for i := range list {
		m := &list[i]
		var err error
		switch {
		case m.IsRevoked:
			err = add(*m, m.Sequence > f.floor && !f.spans.has(m.Sequence))
		case m.Revokes != nil:
			err = add(m.Revokes.Tombstone(m, f.c.o.User), false)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// withoutRecalled puts into a list what is left of messages that the list itself or an
// earlier one recalls, instead of their content; with work held.
func (f *feed) withoutRecalled(list []im.Message) []im.Message {
	var gone map[uint64]im.Message
	for i := range list {
		m := &list[i]
		if t, ok := f.awaited[m.Sequence]; ok && (!m.IsRevoked || t.IsDeleted) && (m.ID == t.ID || m.IsPlaceMessage) {
			gone = put(gone, t)
		}
		if m.Revokes == nil {
			continue
		}
		n := m.Revokes.Sequence
		at, ok := slices.BinarySearchFunc(list, n, func(m im.Message, n uint64) int { return cmp.Compare(m.Sequence, n) })
		if ok && !list[at].IsRevoked && (list[at].ID == m.Revokes.ID || list[at].IsPlaceMessage) {
			gone = put(gone, m.Revokes.Tombstone(m, f.c.o.User))
		}
	}
	if gone == nil {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		if t, ok := gone[list[i].Sequence]; ok {
			list[i] = t
		}
	}
	return list
}

func put(tombs map[uint64]im.Message, t im.Message) map[uint64]im.Message {
	if tombs == nil {
		tombs = make(map[uint64]im.Message)
	}
	tombs[t.Sequence] = t
	return tombs
}

// recalled follows what the store does with the recalls of a list that it has
// taken: those of messages that are not here wait for them; with work held.
func (f *feed) recalled(list []im.Message) error {
	for i := range list {
		m := &list[i]
		delete(f.awaited, m.Sequence)
		if m.Revokes == nil {
			continue
		}
		old, found, err := f.at(m.Revokes.Sequence)
		if err != nil {
			return err
		}
		if !found && !f.awaited[m.Revokes.Sequence].IsDeleted || found && !old.IsRevoked && !old.IsDeleted {
			f.awaited = put(f.awaited, m.Revokes.Tombstone(m, f.c.o.User))
		}
	}
	return nil
}

// at returns the stored message at a sequence.
func (f *feed) at(n uint64) (im.Message, bool, error) {
	list, err := f.c.db.Page(f.id, n+1, 1)
	if err != nil || len(list) == 0 || list[0].Sequence != n {
		return im.Message{}, false, err
	}
	return list[0], true, nil
}
