package core

import (
	"math/rand/v2"
	"slices"

	"github.com/oklog/ulid/v2"

	"magpie/im"
)

// CreateTextMessage makes a text message to a user or a group, to be sent with
// [Client.SendMessage]. Like all Create methods it only makes a value with an
// id of its own, status unSend and the present time; SendMessage checks it.
func (c *Client) CreateTextMessage(t im.ConversationType, to, text string) im.Message {
	return c.CreateMessage(t, to, im.TextPayload{Text: text})
}

// CreateTextAtMessage makes a text message that mentions members of the group;
// [im.AtAllUsers] mentions everybody.
func (c *Client) CreateTextAtMessage(group im.GroupID, text string, users []im.UserID) im.Message {
	m := c.CreateTextMessage(im.ConvGroup, string(group), text)
	m.AtUserList = slices.Clone(users)
	return m
}

// CreateImageMessage makes a message with a picture that was uploaded.
func (c *Client) CreateImageMessage(t im.ConversationType, to string, p im.ImagePayload) im.Message {
	return c.CreateMessage(t, to, p)
}

// CreateAudioMessage makes a message with a voice note that was uploaded.
func (c *Client) CreateAudioMessage(t im.ConversationType, to string, p im.AudioPayload) im.Message {
	return c.CreateMessage(t, to, p)
}

// CreateVideoMessage makes a message with a film that was uploaded.
func (c *Client) CreateVideoMessage(t im.ConversationType, to string, p im.VideoPayload) im.Message {
	return c.CreateMessage(t, to, p)
}

// CreateFileMessage makes a message with a file that was uploaded.
func (c *Client) CreateFileMessage(t im.ConversationType, to string, p im.FilePayload) im.Message {
	return c.CreateMessage(t, to, p)
}

// CreateCustomMessage makes a message that programs agree on among themselves.
func (c *Client) CreateCustomMessage(t im.ConversationType, to string, p im.CustomPayload) im.Message {
	return c.CreateMessage(t, to, p)
}

// CreateDiceMessage throws a die and makes the message that shows it, a custom
// message that all clients of this program draw as a die.
func (c *Client) CreateDiceMessage(t im.ConversationType, to string) im.Message {
	return c.CreateMessage(t, to, im.NewDice(1+rand.IntN(6)))
}

// CreateFaceMessage makes a sticker message.
func (c *Client) CreateFaceMessage(t im.ConversationType, to string, p im.FacePayload) im.Message {
	return c.CreateMessage(t, to, p)
}

// CreateMessage makes a message with any payload.
func (c *Client) CreateMessage(t im.ConversationType, to string, p im.Payload) im.Message {
	// A malformed receiver makes a malformed id, which SendMessage refuses.
	conv, _ := im.NewConversationID(t, to)
	m := im.Message{
		ID:               im.MessageID(string(c.o.User) + "-" + c.device + "-" + ulid.Make().String()),
		ConversationID:   conv,
		ConversationType: t,
		Payload:          p,
		From:             c.o.User,
		To:               to,
		Flow:             im.FlowOut,
		Time:             c.ServerNow().UnixMilli(),
		Status:           im.StatusUnsent,
		Random:           rand.Uint32(),
		Priority:         im.PriorityNormal,
		IsRead:           true,
	}
	if p != nil {
		m.Type = p.Type()
	}
	return m
}
