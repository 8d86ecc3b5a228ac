package store

import (
	"cmp"
	"slices"

	"magpie/im"
)

// maxMentions bounds the unread mentions of a row; the oldest go first.
const maxMentions = 100

// mention returns how a message of a group mentions the account, if it does.
func mention(conv im.ConversationID, m *im.Message, account im.UserID) (im.AtInfo, bool) {
	if account == "" || conv.Group() == "" || m.From == account || m.IsRevoked || len(m.AtUserList) == 0 {
		return im.AtInfo{}, false
	}
	me, all := slices.Contains(m.AtUserList, account), slices.Contains(m.AtUserList, im.AtAllUsers)
	var t im.AtType
	switch {
	case me && all:
		t = im.AtAllAtMe
	case me:
		t = im.AtMe
	case all:
		t = im.AtAll
	default:
		return im.AtInfo{}, false
	}
	return im.AtInfo{From: m.From, GroupID: conv.Group(), MessageSequence: m.Sequence, AtTypeArray: []im.AtType{t}}, true
}

// mentioned puts unread mentions into a row, each once, by sequence.
func mentioned(c *Conversation, news []im.AtInfo) {
	for _, a := range news {
		if a.MessageSequence <= c.Read {
			continue
		}
		at, known := slices.BinarySearchFunc(c.GroupAtInfoList, a.MessageSequence, func(a im.AtInfo, n uint64) int {
			return cmp.Compare(a.MessageSequence, n)
		})
		if !known {
			c.GroupAtInfoList = slices.Insert(c.GroupAtInfoList, at, a)
		}
	}
	if over := len(c.GroupAtInfoList) - maxMentions; over > 0 {
		c.GroupAtInfoList = slices.Delete(c.GroupAtInfoList, 0, over)
	}
}
