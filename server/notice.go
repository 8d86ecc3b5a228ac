package server

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"magpie/im"
)

// System notices are messages of a conversation that each user has alone. It is
// numbered, listed, read and deleted like any other; only the server writes to
// it, and what is old is not served any more.

// noticeBase is how far back a notice that a crash interrupted is looked for.
const noticeBase = 100

// notify stores a notice for u, once for each id.
func (s *Server) notify(ctx context.Context, u im.UserID, id im.MessageID, p im.GroupNoticePayload) error {
	payload, err := marshalPlain(p)
	if err != nil {
		return err
	}
	k := systemKey(u)
	head, err := s.heads.get(ctx, k)
	if err != nil {
		return err
	}
	r := &record{key: k, from: im.SystemUser, kind: im.MsgGroupNotice, id: id, body: body{Payload: json.RawMessage(payload)}}
	_, _, err = s.actors.append(ctx, r, head.N-min(head.N, noticeBase), "")
	return err
}

// SendGroupNotice tells members of a group something in the operator's words, all
// of them if users is empty. The error is im.CodeGroupNotFound,
// im.CodeMemberNotInGroup or, for words that are empty or longer than
// im.MaxMessageBytes, im.CodeInvalidGroupParameter.
func (s *Server) SendGroupNotice(ctx context.Context, g im.GroupID, users []im.UserID, text string) error {
	if strings.TrimSpace(text) == "" || len(text) > im.MaxMessageBytes || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return im.Errorf(im.CodeInvalidGroupParameter, "notice of %d bytes, 1 to %d are allowed, as UTF-8 without NUL", len(text), im.MaxMessageBytes)
	}
	_, err := s.changeGroup(ctx, im.SystemUser, g, func(st *groupState, change *intent) (bool, error) {
		for _, u := range users {
			if !st.isMember(u) {
				return false, im.Errorf(im.CodeMemberNotInGroup, "%s is no member of the group", u)
			}
		}
		if len(users) == 0 {
			users = slices.Collect(maps.Keys(st.members))
		}
		change.note(st, im.NoticeCustom, users...).UserDefinedField = text
		return true, nil
	})
	return err
}

// trimNotices returns the lowest number of u's notices that is served: the last
// im.MaxSystemNotices of them, none older than im.SystemNoticeLifetime. What
// falls out counts as read.
func (s *Server) trimNotices(ctx context.Context, u im.UserID) (uint64, error) {
	k := systemKey(u)
	entry, found, err := s.inboxes.get(ctx, u, k)
	if err != nil || !found {
		return 1, err
	}
	head, err := s.heads.get(ctx, k)
	if err != nil || head.N == 0 {
		return 1, err
	}
	cutoff := s.opt.Now().Add(-im.SystemNoticeLifetime).UnixMilli()
	first := entry.first()
	if head.N < first+im.MaxSystemNotices && entry.Oldest >= cutoff || first > head.N && head.Time < cutoff {
		return first, nil
	}
	from := max(first, head.N-min(head.N-1, im.MaxSystemNotices-1))
	release, err := s.log.acquire(ctx)
	if err != nil {
		return 0, err
	}
	rows, err := s.log.pageForward(ctx, k, head.position(), from-1, im.MaxSystemNotices)
	release()
	if err != nil {
		return 0, err
	}
	first, oldest := head.N+1, int64(0)
	for _, r := range rows {
		if r.time >= cutoff {
			first, oldest = r.n, r.time
			break
		}
	}
	if err := s.readBy(ctx, u, k, first-1, ""); err != nil {
		return 0, err
	}
	_, _, err = s.inboxes.change(ctx, u, k, func(e *inboxEntry) bool {
		change := e.First < first || e.Oldest != oldest
		e.First, e.Oldest = max(e.First, first), oldest
		return change
	})
	return first, err
}
