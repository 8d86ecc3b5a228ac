package app

import (
	"testing"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/im"
	"magpie/widgets/canvas"
)

// What a card of a notice says and offers: who asks is answered once, and what
// there is to read can be opened.
func TestCardsOfNotices(t *testing.T) {
	pictures := map[im.ConversationID]fyne.Resource{
		"GROUPbirds": fyne.NewStaticResource("birds", nil),
		"C2Cada":     fyne.NewStaticResource("ada", nil),
	}
	p := &presenter{tr: english(t), conv: im.SystemConversation, me: "wren", pictures: newPictures(),
		picture: func(c im.ConversationID) fyne.Resource { return pictures[c] }}
	for _, c := range []struct {
		name    string
		op      im.GroupNoticeOperation
		said    string
		handled im.HandleAction
		detail  string
		buttons string // their first letters
		picture string
	}{
		{"somebody asks", im.NoticeJoinRequest, "hello", "", "“hello”", "RA", "ada"},
		{"it was accepted", im.NoticeJoinRequest, "hello", im.HandleAgree, "“hello”\nAccepted", "", "ada"},
		{"it was refused", im.NoticeJoinRequest, "", im.HandleReject, "Refused", "", "ada"},
		{"another admin was faster", im.NoticeJoinRequest, "", core.HandledElsewhere, "Already answered by another admin.", "", "ada"},
		{"an invitation", im.NoticeInvitation, "", "", "", "RA", "ada"},
		{"it was followed", im.NoticeInvitation, "", im.HandleAgree, "Accepted", "O", "ada"},
		{"on another device", im.NoticeInvitation, "", core.HandledElsewhere, "You answered this already.", "", "ada"},
		{"one is in", im.NoticeJoinAccepted, "welcome", "", "“welcome”", "O", "birds"},
		{"one is not", im.NoticeJoinRefused, "no", "", "“no”", "", "birds"},
		{"removed: its history stays", im.NoticeKickedOut, "spam", "", "“spam”", "O", "birds"},
		{"closed: its history stays", im.NoticeDismissed, "", "", "", "O", "birds"},
		{"words of the operator", im.NoticeCustom, "", "", "", "", "birds"},
		{"something newer", 99, "", "", "", "", "birds"},
	} {
		it := p.item(&im.Message{ID: "n-1-1", Type: im.MsgGroupNotice, From: im.SystemUser, Sequence: 1, Payload: im.GroupNoticePayload{
			OperationType: c.op, OperatorID: "ada", HandleMessage: c.said, Handled: c.handled,
			GroupProfile: im.GroupRef{GroupID: "birds", Name: "Birds"}, Names: map[im.UserID]string{"ada": "Ada"},
		}})
		buttons := ""
		for _, b := range it.Buttons {
			buttons += b.Label[:1]
		}
		if it.Kind != canvas.KindCard || it.Text == "" || it.Detail != c.detail || buttons != c.buttons {
			t.Errorf("%s: %q, below it %q, buttons %q", c.name, it.Text, it.Detail, buttons)
		}
		if it.Sender.Picture == nil || it.Sender.Picture.Name() != c.picture {
			t.Errorf("%s: the picture is %v", c.name, it.Sender.Picture)
		}
	}
}
