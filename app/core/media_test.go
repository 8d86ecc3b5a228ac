package core

import (
	"context"
	"errors"
	"testing"

	"magpie/im"
)

func numbers(list []im.Message) (all []uint64) {
	for i := range list {
		all = append(all, list[i].Sequence)
	}
	return all
}

func TestMediaOfAConversation(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	ann.say(im.ConvC2C, "bob", "words")
	ann.sendFile("bob", content(1, 1000))
	ann.say(im.ConvC2C, "bob", "see https://example.org/")
	last := ann.sendFile("bob", content(2, 1000))
	bob.untilReceived("C2Cann", 4)
	for d, conv := range map[*device]im.ConversationID{ann: "C2Cbob", bob: "C2Cann"} {
		files := MediaQuery{Types: []im.MessageType{im.MsgFile}}
		list, err := d.Media(t.Context(), conv, files)
		ok(t, err)
		equal(t, "files", numbers(list), []uint64{2, 4})
		files.Before = 4
		list, err = d.Media(t.Context(), conv, files)
		ok(t, err)
		equal(t, "before", numbers(list), []uint64{2})
		list, err = d.Media(t.Context(), conv, MediaQuery{Types: []im.MessageType{im.MsgText}, After: 1, Limit: 1})
		ok(t, err)
		equal(t, "links", numbers(list), []uint64{3})
		all, until, err := d.CountMedia(t.Context(), conv, files.Types, 2)
		ok(t, err)
		equal(t, "counted", []int{all, until}, []int{2, 1})
	}
	ok(t, ann.RevokeMessage(t.Context(), last.ID))
	bob.untilRevoked("C2Cann", 4)
	list, err := bob.Media(t.Context(), "C2Cann", MediaQuery{Types: []im.MessageType{im.MsgFile}})
	ok(t, err)
	equal(t, "after a recall", numbers(list), []uint64{2})
	_, err = bob.Media(t.Context(), "nobody", MediaQuery{})
	equal(t, "no conversation", im.CodeOf(err), im.CodeInvalidConversationID)
}

// What is said in a live room is found in memory.
func TestMediaOfALiveRoom(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	_, _, err := ann.CreateGroup(t.Context(), im.Group{Name: "Live", Type: im.GroupAVChatRoom, GroupID: "live"}, nil)
	ok(t, err)
	_, _, err = bob.JoinGroup(t.Context(), "live", "")
	ok(t, err)
	conv := im.GroupConversation("live")
	for _, text := range []string{"words", "https://example.org/1", "more words", "https://example.org/2", "https://example.org/3"} {
		ann.say(im.ConvGroup, "live", text)
		bob.hear(text)
	}
	links := MediaQuery{Types: []im.MessageType{im.MsgText}}
	list, err := bob.Media(t.Context(), conv, links)
	ok(t, err)
	equal(t, "links", len(list), 3)
	links.Before, links.Limit = list[2].Sequence, 1
	before, err := bob.Media(t.Context(), conv, links)
	ok(t, err)
	equal(t, "before the last", numbers(before), numbers(list[1:2]))
	after, err := bob.Media(t.Context(), conv, MediaQuery{Types: links.Types, After: list[0].Sequence, Limit: 1})
	ok(t, err)
	equal(t, "after the first", numbers(after), numbers(list[1:2]))
	all, until, err := bob.CountMedia(t.Context(), conv, links.Types, list[1].Sequence)
	ok(t, err)
	equal(t, "counted", []int{all, until}, []int{3, 2})
}

// Who asks again for what was just given up gets it, however close the two are.
func TestDownloadAgainAtOnce(t *testing.T) {
	s := newMagpied(t, "ann", "bob")
	ann, bob := s.device(t, "ann").ready(), s.device(t, "bob").ready()
	b := content(3, 2<<20)
	address := ann.sendFile("bob", b).Payload.(im.FilePayload).FileURL
	bob.untilReceived("C2Cann", 1)
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		began := make(chan struct{}, 1)
		go func() {
			err := bob.Download(ctx, address, func(int64, int64) {
				select {
				case began <- struct{}{}:
				default:
				}
			})
			ended <- err
		}()
		select {
		case <-began:
		case err := <-ended: // it was faster
			ok(t, err)
			cancel()
			continue
		}
		cancel()
		if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	bob.fetched(address, b)
	if !bob.HasFile(address) || bob.HasFile(im.BlobAddress(hashOf([]byte("another")))) || bob.HasFile("x") {
		t.Error("HasFile is wrong about what is here")
	}
	large := content(4, 3000)
	address = ann.sendFile("bob", large).Payload.(im.FilePayload).FileURL
	err := bob.DownloadUpTo(t.Context(), address, 2999, nil)
	equal(t, "more than asked for", im.CodeOf(err), im.CodeFileTooLarge)
	err = bob.DownloadUpTo(t.Context(), address, 3000, nil)
	ok(t, err)
}
