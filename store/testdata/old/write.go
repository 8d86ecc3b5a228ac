// Command old writes a store with the code of the checkout in which it is run, and
// beside it, as JSON, what that code reads out of it again.
//
//	go run ./old schema1
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"magpie/im"
	"magpie/store"
)

const (
	me   im.UserID         = "wren"
	bob  im.ConversationID = "C2Cbob"
	team im.ConversationID = "GROUP@TGS#team"
)

// since is what later schemas have, from files beside this one.
var since []func(context.Context, *store.Store) error

func main() {
	if err := write(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(ctx context.Context, name string) error {
	s, _, err := store.Open(name+".db", store.Options{Account: me})
	if err != nil {
		return err
	}
	c := store.Conversation{First: 1, Last: 90}
	c.ConversationID, c.Type, c.Read, c.IsPinned, c.Remark = bob, im.ConvC2C, 80, true, "鲍勃"
	c.UserProfile = &im.Profile{UserID: "bob", Nick: "Bob"}
	g := store.Conversation{First: 1, Last: 60}
	g.ConversationID, g.Type, g.SubType, g.UnreadCount, g.MessageRemindType = team, im.ConvGroup, im.GroupWork, 7, im.RemindQuiet
	g.GroupProfile = &im.Group{GroupID: team.Group(), Name: "Team", Type: im.GroupWork}
	failed := waiting(2, "did not go")
	failed.Message.Status, failed.Message.Error, failed.Tries = im.StatusFail, im.Errorf(im.CodeInvalidMessage, "no answer"), 3
	err = errors.Join(
		s.Ingest(ctx, page(bob, 1, 40), page(bob, 51, 90), page(team, 1, 60)),
		s.PutConversations(ctx, []store.Conversation{c, g}),
		s.PutProfiles(ctx, []im.Profile{{UserID: "bob", Nick: "Bob", SelfSignature: "a bird"}}),
		s.PutGroup(ctx, im.Group{GroupID: team.Group(), Name: "Team", Type: im.GroupWork}),
		s.PutMembers(ctx, team.Group(), []im.GroupMember{{UserID: "bob", NameCard: "B."}, {UserID: me}}),
		s.SetDraft(ctx, bob, "half a thought"), s.SetDraft(ctx, team, "半句话"),
		s.SetMeta(ctx, "device", "pc-7"), s.SetMeta(ctx, "token", "secret"),
	)
	for _, row := range []store.OutboxRow{waiting(1, "on its way"), failed} {
		if _, e := s.Enqueue(ctx, row); e != nil {
			return e
		}
	}
	for _, f := range since {
		err = errors.Join(err, f(ctx, s))
	}
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	if s, _, err = store.Open(name+".db", store.Options{Account: me}); err != nil {
		return err
	}
	all, err := read(s)
	if err := errors.Join(err, s.Close()); err != nil {
		return err
	}
	raw, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(name+".json", append(raw, '\n'), 0o600)
}

// read is everything that the store answers.
func read(s *store.Store) (map[string]any, error) {
	all := map[string]any{}
	var errs []error
	put := func(name string, v any, err error) {
		all[name], errs = v, append(errs, err)
	}
	for _, conv := range []im.ConversationID{bob, team} {
		list, err := s.Page(conv, 0, 1000)
		put("messages of "+string(conv), list, err)
		row, _, err := s.Conversation(conv)
		put("row of "+string(conv), row, err)
		ranges, err := s.Ranges(conv)
		put("ranges of "+string(conv), ranges, err)
	}
	rows, err := s.Outbox()
	put("outbox", rows, err)
	members, err := s.Members(team.Group())
	put("members", members, err)
	profile, _, err := s.Profile("bob")
	put("profile", profile, err)
	group, _, err := s.Group(team.Group())
	put("group", group, err)
	for _, key := range []string{"device", "token"} {
		value, err := s.Meta(key)
		put(key, value, err)
	}
	return all, errors.Join(errs...)
}

func page(conv im.ConversationID, from, to uint64) store.Batch {
	b := store.Batch{Conversation: conv, From: from, To: to}
	for n := from; n <= to; n++ {
		b.Messages = append(b.Messages, message(conv, n))
	}
	return b
}

// message is of every kind in turn; some ids have the form that nearly all have,
// some do not.
func message(conv im.ConversationID, n uint64) im.Message {
	m := im.Message{
		ID: im.MessageID(fmt.Sprintf("bob-pc1-01HF%022d", n)), ConversationID: conv, ConversationType: conv.Type(),
		Type: im.MsgText, Payload: im.TextPayload{Text: fmt.Sprintf("第 %d 条消息 message number%d", n, n)},
		From: "bob", To: conv.To(), Flow: im.FlowIn, Time: 1_700_000_000_000 + int64(n)*60_000,
		Status: im.StatusSuccess, Sequence: n, Random: uint32(n * 7919), Nick: "Bob",
	}
	if conv.Type() == im.ConvGroup {
		m.ID = im.MessageID(fmt.Sprintf("group-%d", n))
	}
	switch n % 8 {
	case 1:
		m.Type, m.Payload = im.MsgImage, im.ImagePayload{UUID: fmt.Sprint("p", n), ImageFormat: 1}
	case 2:
		m.Type, m.Payload = im.MsgFile, im.FilePayload{FileName: fmt.Sprintf("report%d.pdf", n), FileURL: "file", FileSize: 9}
	case 3:
		m.Payload = im.TextPayload{Text: fmt.Sprintf("see https://example.org/%d", n)}
	case 4:
		m.From, m.Flow, m.Nick, m.IsPeerRead = me, im.FlowOut, "", true
		m.ID = im.MessageID(fmt.Sprintf("%s-%s-%d", me, strings.TrimPrefix(string(conv), "GROUP@TGS#"), n))
	case 5:
		m.IsRevoked, m.Payload, m.Revoker = true, nil, "bob"
	case 6:
		m.Type, m.Payload, m.CloudCustomData = im.MsgCustom, im.CustomPayload{Data: "{}", Description: "a game"}, `{"a":1}`
	}
	return m
}

func waiting(n int, text string) store.OutboxRow {
	return store.OutboxRow{Base: 90, Message: im.Message{
		ID: im.MessageID(fmt.Sprintf("wren-pc7-01HG%022d", n)), ConversationID: bob, ConversationType: im.ConvC2C,
		Type: im.MsgText, Payload: im.TextPayload{Text: text}, From: me, To: "bob", Flow: im.FlowOut,
		Time: 1_700_009_000_000, Status: im.StatusUnsent,
	}}
}
