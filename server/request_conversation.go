package server

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"magpie/im"
	"magpie/im/wire"
)

// conversations answers with a page of the user's list, the most recent first.
func conversations(ctx context.Context, c *conn, f wire.Conversations) (any, error) {
	if f.Limit < 0 {
		return nil, im.Errorf(im.CodeInvalidParameter, "limit %d is negative", f.Limit)
	}
	limit := im.ConversationPage
	if f.Limit > 0 {
		limit = min(f.Limit, limit)
	}
	s := c.server
	if _, err := s.trimNotices(ctx, c.user); err != nil {
		return nil, err
	}
	release, err := s.log.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	kept, list, err := s.lists.of(ctx, c.user)
	if err != nil {
		return nil, err
	}
	answer := wire.ConversationList{Head: wire.Head{T: wire.TConversations, I: f.I}, List: []wire.ConversationRow{}}
	for _, p := range list {
		answer.TotalUnread += p.unread
	}
	if f.Cursor != "" {
		after, err := readListCursor(f.Cursor)
		if err != nil {
			return nil, err
		}
		i, found := slices.BinarySearchFunc(list, after, place.compare)
		if found {
			i++
		}
		list = list[i:]
	}
	page := list[:min(len(list), limit)]
	rows, shown, err := s.page(ctx, c.user, kept, page)
	if err != nil {
		return nil, err
	}
	size := 0
	for i, row := range rows {
		b, err := json.Marshal(row)
		if err != nil {
			return nil, err
		}
		if size += len(b); size > pageBytes && i > 0 {
			page = page[:slices.Index(page, shown[i])]
			break
		}
		answer.List = append(answer.List, row)
	}
	if answer.IsCompleted = len(page) == len(list); !answer.IsCompleted {
		answer.Cursor = page[len(page)-1].cursor()
	}
	return answer, nil
}

// listed is a conversation of a user's list before it is dressed up.
type listed struct {
	key    convKey
	time   int64
	entry  inboxEntry
	head   headEntry
	unread uint64
	remind im.RemindType
	// peerRead is how far the other side has read.
	peerRead uint64
}

func (l listed) deleted() bool { return l.entry.Deleted > 0 && l.head.Shown <= l.entry.Deleted }

// compare orders pinned ones first, then the most recent.
func (p place) compare(o place) int {
	if p.pinned != o.pinned {
		if p.pinned {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(o.time, p.time), strings.Compare(string(p.key), string(o.key)))
}

type listCursor struct {
	Pinned bool    `json:"p,omitempty"`
	Time   int64   `json:"t"`
	Key    convKey `json:"k"`
}

func (p place) cursor() string {
	b, err := json.Marshal(listCursor{p.pinned, p.time, p.key})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func readListCursor(s string) (place, error) {
	var v listCursor
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil || v.Key == "" {
		return place{}, im.Errorf(im.CodeInvalidParameter, "the cursor is not one of the conversation list")
	}
	return place{key: v.Key, time: v.Time, pinned: v.Pinned}, nil
}

// page dresses up the conversations of a page as they are now, in its order, and
// returns where each row stands. One that left the list meanwhile is left out.
// kept is the list in memory that the page is of, nil if there is none.
func (s *Server) page(ctx context.Context, u im.UserID, kept *userList, page []place) ([]wire.ConversationRow, []place, error) {
	keys := make([]convKey, len(page))
	for i, p := range page {
		keys[i] = p.key
	}
	known, err := kept.shown(ctx, keys, func(missing []convKey) ([]listed, error) {
		entries, err := s.inboxes.many(ctx, u, missing)
		if err != nil {
			return nil, err
		}
		list, err := s.look(ctx, u, entries)
		if err != nil {
			return nil, err
		}
		return list, s.dress(ctx, u, list)
	})
	if err != nil {
		return nil, nil, err
	}
	var list []listed
	var shown []place
	for _, p := range page {
		if l, ok := known[p.key]; ok {
			list, shown = append(list, l), append(shown, p)
		}
	}
	rows, err := s.rows(ctx, u, list)
	return rows, shown, err
}

// look adds heads and counts to inbox entries, of those that have a message or a
// group, in no order.
func (s *Server) look(ctx context.Context, u im.UserID, entries map[convKey]inboxEntry) ([]listed, error) {
	keys := make([]string, 0, 2*len(entries))
	for k := range entries {
		keys = append(keys, string(k), ownKey(k, u))
	}
	if len(keys) == 0 {
		return nil, nil
	}
	found, err := s.heads.table.many(ctx, keys)
	if err != nil {
		return nil, err
	}
	list := make([]listed, 0, len(entries))
	for k, e := range entries {
		l := listed{key: k, entry: e, time: e.Since}
		if row, ok := found[string(k)]; ok {
			if l.head, err = decodeEntry[headEntry](row); err != nil {
				return nil, err
			}
			l.time = max(l.time, l.head.ShownTime)
		}
		var own ownEntry
		if row, ok := found[ownKey(k, u)]; ok {
			if own, err = decodeEntry[ownEntry](row); err != nil {
				return nil, err
			}
		}
		g, isGroup := k.group()
		if !isGroup && l.head.N == 0 {
			continue // never spoken in, or only about to be
		}
		if _, ok := k.system(); ok && l.head.N < e.first() {
			continue // all of it is too old to be served
		}
		if l.unread, err = s.unread(ctx, u, k, e, l.head, own.Count); err != nil {
			return nil, err
		}
		var st *groupState
		if isGroup {
			st, err = s.groups.get(ctx, g)
			if im.CodeOf(err) == im.CodeGroupNotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			if !st.sees(u) {
				continue
			}
			if !st.hasUnread() {
				l.unread = 0
			}
		}
		if l.remind = e.remind(st); l.remind == im.RemindDiscard {
			l.unread = 0
		}
		list = append(list, l)
	}
	return list, nil
}

// dress adds to each conversation what its row shows of it and of the other
// side's reading.
func (s *Server) dress(ctx context.Context, u im.UserID, list []listed) error {
	keys := make([]convKey, len(list))
	var marks []string
	for i, l := range list {
		keys[i] = l.key
		if peer := l.key.peerOf(u); peer != "" {
			marks = append(marks, inboxKey(peer, l.key))
		}
	}
	if err := s.heads.previews.preload(ctx, keys); err != nil {
		return err
	}
	read, err := s.inboxes.table.many(ctx, marks)
	if err != nil {
		return err
	}
	for i := range list {
		l := &list[i]
		if err := s.heads.open(ctx, l.key, &l.head); err != nil {
			return err
		}
		l.head.Sealed = nil
		if e, ok := read[inboxKey(l.key.peerOf(u), l.key)]; ok {
			mark, err := decodeEntry[inboxEntry](e)
			if err != nil {
				return err
			}
			l.peerRead = mark.Read
		}
	}
	return nil
}

// rows makes of conversations that were dressed up what the user's client shows.
func (s *Server) rows(ctx context.Context, u im.UserID, list []listed) ([]wire.ConversationRow, error) {
	var peers []im.UserID
	for _, l := range list {
		if peer := l.key.peerOf(u); peer != "" {
			peers = append(peers, peer)
		}
	}
	var profiles map[im.UserID]im.Profile
	if len(peers) > 0 {
		var err error
		if profiles, err = s.accounts.profilesOf(ctx, peers); err != nil {
			return nil, err
		}
	}
	rows := make([]wire.ConversationRow, len(list))
	for i, l := range list {
		row := wire.ConversationRow{First: l.entry.first(), Last: l.head.N, Deleted: l.deleted()}
		row.ConversationID = l.key.seenBy(u)
		row.Type = row.ConversationID.Type()
		row.UnreadCount, row.Read = l.unread, l.entry.Read
		row.LastMessage = l.head.Last
		row.MessageRemindType = l.entry.remind(nil)
		row.IsPinned, row.MarkedUnread, row.Remark = l.entry.Pinned, l.entry.MarkedUnread, l.entry.Remark
		row.Heard = l.entry.Heard
		if l.head.Shown < l.entry.first() {
			row.LastMessage = nil // it was said before the user joined
		}
		if g, ok := l.key.group(); ok {
			st, err := s.groups.get(ctx, g)
			if err != nil {
				return nil, err
			}
			group := st.seenBy(u)
			row.MessageRemindType = l.entry.remind(st)
			if group.SelfInfo != nil {
				group.SelfInfo.MessageRemindType = row.MessageRemindType
			}
			row.GroupProfile, row.SubType = &group, group.Type
			row.GroupAtInfoList = atInfo(l.head.Mentions, u, g, max(l.entry.Read, l.entry.first()-1))
		} else {
			peer := l.key.peerOf(u)
			if p, ok := profiles[peer]; ok {
				row.UserProfile = &p
			}
			row.PeerRead = l.peerRead
		}
		rows[i] = row
	}
	return rows, nil
}

// conversationGet answers with one conversation, also one never spoken in.
func conversationGet(ctx context.Context, c *conn, f wire.ConversationGet) (any, error) {
	s := c.server
	may, err := s.authorise(ctx, c.user, opRead, f.Conversation)
	if err != nil {
		return nil, err
	}
	entry, _, err := s.inboxes.get(ctx, c.user, may.key)
	if err != nil {
		return nil, err
	}
	list, err := s.look(ctx, c.user, map[convKey]inboxEntry{may.key: entry})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		list = []listed{{key: may.key, entry: entry}}
	}
	if err := s.dress(ctx, c.user, list); err != nil {
		return nil, err
	}
	rows, err := s.rows(ctx, c.user, list)
	if err != nil {
		return nil, err
	}
	return wire.ConversationInfo{Head: wire.Head{T: wire.TConversation, I: f.I}, Row: rows[0]}, nil
}

// conversationDelete takes a conversation from the user's list until the next
// message; what was unread counts as read.
func conversationDelete(ctx context.Context, c *conn, f wire.DeleteConversation) (any, error) {
	s := c.server
	may, err := s.authorise(ctx, c.user, opRead, f.Conversation)
	if err != nil {
		return nil, err
	}
	head, err := s.heads.get(ctx, may.key)
	if err != nil {
		return nil, err
	}
	if head.N == 0 {
		return nil, im.Errorf(im.CodeConversationNotFound, "there is no such conversation")
	}
	// What came after the person looked is not deleted with the rest.
	upTo := head.N
	if f.Sequence > 0 {
		upTo = min(f.Sequence, head.N)
	}
	if err := s.readBy(ctx, c.user, may.key, upTo, c.session); err != nil {
		return nil, err
	}
	entry, found, err := s.inboxes.change(ctx, c.user, may.key, func(e *inboxEntry) bool {
		old := *e
		e.Deleted, e.Pinned, e.MarkedUnread = max(e.Deleted, upTo), false, false
		return *e != old
	})
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, im.Errorf(im.CodeConversationNotFound, "there is no such conversation")
	}
	s.hub.send(c.user, envelope{Origin: c.session, Key: may.key, Inbox: &entry, Event: &wire.Event{
		K: wire.EvConvDeleted, Conversation: f.Conversation, Sequence: entry.Deleted,
	}})
	return ok(f.I), nil
}
