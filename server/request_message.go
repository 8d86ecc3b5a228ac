package server

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"magpie/im"
	"magpie/im/wire"
)

// send stores a message, or passes one on that is for whoever is online.
func send(ctx context.Context, c *conn, f wire.Send) (any, error) {
	s, m := c.server, &f.Message
	may, err := s.authoriseSend(ctx, c.user, m, f.SendOptions)
	if err != nil {
		return nil, err
	}
	if may.group != nil {
		if may, err = s.takeTurn(ctx, c.user, &f, may); err != nil {
			return nil, err
		}
	}
	profile, err := s.accounts.profile(ctx, c.user)
	if err != nil {
		return nil, err
	}
	payload, err := marshalPlain(m.Payload)
	if err != nil {
		return nil, im.Errorf(im.CodeInvalidMessage, "the payload cannot be stored: %v", err)
	}
	r := &record{
		key: may.key, from: c.user, device: c.device, id: m.ID, kind: m.Type, priority: m.Priority, push: f.OfflinePushInfo,
		body: body{
			Payload: payload, ClientSequence: m.ClientSequence, Random: m.Random, AtUserList: m.AtUserList,
			CloudCustomData: m.CloudCustomData, Nick: profile.Nick, Avatar: profile.Avatar, NameCard: may.nameCard,
		},
	}
	sent := wire.Sent{Head: wire.Head{T: wire.TOK, I: f.I}, ID: m.ID}
	if f.OnlineUserOnly || may.group != nil && !may.group.doc.Group.Type.Stored() {
		head, err := s.heads.get(ctx, may.key)
		if err != nil {
			return nil, err
		}
		r.u, r.time = head.U, s.now()
		if err := s.blobs.refer(ctx, r); err != nil {
			return nil, err
		}
		s.hub.deliver(ctx, r, c.session)
		sent.Time = r.time
		return sent, nil
	}
	stored, dup, err := s.actors.append(ctx, r, f.Base, c.session)
	if err != nil {
		return nil, err
	}
	sent.Sequence, sent.Time, sent.Dup = stored.n, stored.time, dup
	return sent, nil
}

const (
	// pageForwardMax is how many messages one page forwards holds at most.
	pageForwardMax = 100
	// pageBytes bounds an answer, so that it stays below wire.MaxPushBytes.
	pageBytes = 768 << 10
)

// pull answers with a page of history.
func pull(ctx context.Context, c *conn, f wire.Pull) (any, error) {
	s := c.server
	may, err := s.authorise(ctx, c.user, opRead, f.Conversation)
	if err != nil {
		return nil, err
	}
	if f.Limit < 0 {
		return nil, im.Errorf(im.CodeInvalidParameter, "limit %d is negative", f.Limit)
	}
	release, err := s.log.acquire(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	page := wire.Page{Head: wire.Head{T: wire.TPull, I: f.I}, Conversation: f.Conversation, First: may.first, Messages: []im.Message{}}
	last, err := s.log.head(ctx, may.key)
	if err != nil {
		return nil, err
	}
	var head position
	if last != nil {
		head = last.position
	}
	page.Last = head.n
	if f.Forward {
		return page, s.pullForward(ctx, c.user, may, head, &f, &page)
	}
	return page, s.pullBack(ctx, c.user, may, head, &f, &page)
}

func (s *Server) pullBack(ctx context.Context, viewer im.UserID, may grant, head position, f *wire.Pull, page *wire.Page) error {
	before, anchor := f.Before, uint64(0)
	if f.Next != "" {
		var err error
		if before, anchor, err = readCursor(f.Next, may.key); err != nil {
			return err
		}
	}
	if before == 0 || before > head.n {
		before, anchor = head.n+1, head.before()
	}
	limit := im.PageSize
	if f.Limit > 0 {
		limit = min(f.Limit, limit)
	}
	rows, err := s.log.pageBack(ctx, may.key, head, may.first, before, limit, anchor)
	if err != nil {
		return err
	}
	for _, r := range rows {
		page.Messages = append(page.Messages, r.seenBy(viewer))
	}
	if len(rows) == 0 || rows[0].n <= may.first {
		page.IsCompleted = true
		return nil
	}
	page.Next = cursor(may.key, rows[0].n, rows[0].before())
	return nil
}

func (s *Server) pullForward(ctx context.Context, viewer im.UserID, may grant, head position, f *wire.Pull, page *wire.Page) error {
	if f.After > head.n {
		return im.Errorf(im.CodeDiverged, "the conversation ends at %d", head.n)
	}
	if f.AfterID != "" && f.After >= may.first {
		row, err := s.log.rowAt(ctx, may.key, head, f.After, f.After)
		if err != nil {
			return err
		}
		if row != nil && row.id != f.AfterID {
			return im.Errorf(im.CodeDiverged, "another message has the number %d", f.After)
		}
	}
	limit := pageForwardMax
	if f.Limit > 0 {
		limit = min(f.Limit, limit)
	}
	rows, err := s.log.pageForward(ctx, may.key, head, max(f.After, may.first-1), limit)
	if err != nil {
		return err
	}
	size := 0
	for _, r := range rows {
		// Twice the stored size bounds the encoded one: only '<', '>' and '&' grow.
		if size += 6*len(r.body.Payload) + 6*len(r.body.CloudCustomData) + 4096; size > 2*pageBytes && len(page.Messages) > 0 {
			break
		}
		page.Messages = append(page.Messages, r.seenBy(viewer))
	}
	page.IsCompleted = len(rows) == 0 || rows[len(page.Messages)-1].n >= head.n
	return nil
}

// cursor makes the opaque cursor of the page before number n, which is read
// from stream sequence anchor on.
func cursor(k convKey, n, anchor uint64) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s %d %d", k, n, anchor))
}

// readCursor undoes cursor; a cursor of another conversation or a made up one
// is im.CodeInvalidParameter.
func readCursor(s string, k convKey) (n, anchor uint64, err error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		key, numbers, _ := strings.Cut(string(b), " ")
		var v []uint64
		if v, err = parseNumbers(numbers, 2); err == nil && key == string(k) && v[0] > 0 {
			return v[0], v[1], nil
		}
	}
	return 0, 0, im.Errorf(im.CodeInvalidParameter, "the cursor is not one of this conversation")
}

// read moves the user's read mark.
func read(ctx context.Context, c *conn, f wire.Read) (any, error) {
	may, err := c.server.authorise(ctx, c.user, opRead, f.Conversation)
	if err != nil {
		return nil, err
	}
	return ok(f.I), c.server.readBy(ctx, c.user, may.key, f.Sequence, c.session)
}
