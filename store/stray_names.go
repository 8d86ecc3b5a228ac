package store

import (
	"bytes"
	"encoding/json"

	"magpie/im"
	"magpie/store/fulltext"
)

// A message says nowhere which conversation it is of: its bucket does, and its checksum
// covers that. So the names of all conversations are gathered from whatever a file still
// has, and tried.

// note takes in what a leaf says: that it may have messages, whose there are, and which
// histories were deleted.
func (s *strays) note(p page) {
	page := strayPage{id: p.id, used: s.used.has(p.id)}
	for e, err := range p.elements() {
		switch {
		case err != nil:
		case e.bucket:
			s.name(e)
			root, _, inline, err := bucketRoot(e.value)
			if err != nil || root != 0 {
				continue
			}
			s.noteTail(inline)
			for e, err := range inline.elements() {
				if err == nil && !e.bucket && isSequence(e.key) {
					page.inline = true
				} else if err == nil {
					s.entry(e)
				}
			}
		case isSequence(e.key):
			s.noteTail(p)
			s.pages = append(s.pages, page)
			return
		default:
			s.entry(e)
		}
	}
	if page.inline {
		s.pages = append(s.pages, page)
	}
}

// entry takes in an entry that is no message.
func (s *strays) entry(e element) {
	switch {
	case e.bucket:
	case bytes.Equal(e.key, s.form.metaKey(MetaForgotten)):
		s.deleted(e)
	case isDirectory(e.key):
		s.noteDirectory(e)
	default:
		s.name(e)
	}
}

// isSequence: no id begins with a zero, and no sequence is so large that it does not.
func isSequence(key []byte) bool { return len(key) == 8 && key[0] == 0 }

// noteTail takes in the conversations that the notes of the index name, if those are what
// a page has.
func (s *strays) noteTail(p page) {
	if s.reach.all {
		return
	}
	for e, err := range p.elements() {
		if err != nil {
			continue
		}
		places, err := s.form.decodeTail(e.key, e.value)
		if err != nil {
			return
		}
		for _, at := range places {
			s.met(im.ConversationID(at.Conversation))
		}
	}
}

// isDirectory: the first page of which messages a segment of the index has.
func isDirectory(key []byte) bool {
	return len(key) == 9 && key[0] == 0 && bytes.Equal(key[4:], pageKey(0, fulltext.Directory, 0)[4:])
}

func (s *strays) noteDirectory(e element) {
	if s.reach.all {
		return
	}
	d, err := s.form.sealer(kindSearchPage, "").open(e.key, e.value)
	if err != nil {
		return
	}
	for _, name := range fulltext.Named(d.rest) {
		s.met(im.ConversationID(name))
	}
}

// deleted reads up to where histories were deleted; the newest version says it.
func (s *strays) deleted(e element) {
	text, at, err := s.form.decodeStamped(kindMeta, e.key, e.value)
	if err != nil || s.forgotten != nil && at < s.asOf {
		return
	}
	var forgotten map[im.ConversationID]uint64
	if json.Unmarshal([]byte(text), &forgotten) == nil {
		s.forgotten, s.asOf = forgotten, at
	}
}

// name takes in what the key of an entry says of whose messages there may be.
func (s *strays) name(e element) {
	if s.reach.all || s.form == plain && e.key[0] < ' ' {
		return // they are known, or it is the key of a place
	}
	name, err := s.form.id(e.key)
	if err != nil {
		return
	}
	conv := im.ConversationID(name)
	if conv.Validate() != nil {
		if e.bucket {
			return
		}
		conv = ""
		for k, as := range map[kind]im.ConversationID{kindProfile: im.C2C(im.UserID(name)), kindGroup: im.GroupConversation(im.GroupID(name))} {
			if _, err := s.form.sealer(k, "").open(e.key, e.value); err == nil {
				conv = as
			}
		}
	}
	s.met(conv)
}

// met takes in that there may be messages of a conversation.
func (s *strays) met(conv im.ConversationID) {
	if conv == "" || s.known[conv] != nil || !s.reach.lacks(conv) {
		return
	}
	s.known[conv] = s.form.sealer(kindMessage, string(conv))
	s.names = append(s.names, conv)
}

// whose is the conversation of a page of messages, "" if it is none of those that are
// known. The checksum of a message covers its conversation, so it is tried which one fits.
func (s *strays) whose(p page) im.ConversationID {
	const tries = 3 // entries of a page; one may be hurt
	n := 0
	for e, err := range p.elements() {
		if err != nil || e.bucket {
			continue
		}
		for i, conv := range s.names {
			if _, err := s.known[conv].open(e.key, e.value); err == nil {
				// The next page is most likely of the same one.
				copy(s.names[1:i+1], s.names[:i])
				s.names[0] = conv
				return conv
			}
		}
		if conv := s.sender(e); conv != "" {
			return conv
		}
		if n++; n == tries {
			break
		}
	}
	return ""
}

// sender finds a conversation of two by who wrote a message of it, which is in the value
// of a file that is not encrypted.
func (s *strays) sender(e element) im.ConversationID {
	if s.form != plain || len(e.value) < 1+checksumSize {
		return ""
	}
	d := decoder{rest: e.value[1 : len(e.value)-checksumSize]}
	m, err := d.message("", 0)
	conv := im.C2C(m.From)
	if err != nil || conv.Validate() != nil || !s.reach.lacks(conv) || s.known[conv] != nil {
		return ""
	}
	sum := s.form.sealer(kindMessage, string(conv))
	if _, err := sum.open(e.key, e.value); err != nil {
		return ""
	}
	s.met(conv)
	return conv
}
