package core

import (
	"context"

	"magpie/im"
)

// KnownPeople returns everybody whom this disk knows, once each: the other sides of
// one-to-one conversations in the order of the list, then the members of the groups
// that were looked at. It makes no connection, and ends early with ctx.
func (c *Client) KnownPeople(ctx context.Context) ([]im.Profile, error) {
	var list []im.Profile
	known := map[im.UserID]bool{}
	add := func(p im.Profile) {
		if p.UserID != "" && !known[p.UserID] {
			known[p.UserID] = true
			list = append(list, p)
		}
	}
	for offset := 0; ; offset += im.ConversationPage {
		part, err := c.Conversations(ctx, offset, im.ConversationPage)
		if err != nil {
			return nil, err
		}
		for i := range part {
			switch peer := part[i].ConversationID.Peer(); {
			case part[i].UserProfile != nil:
				add(*part[i].UserProfile)
			case part[i].Type == im.ConvC2C:
				add(im.Profile{UserID: peer})
			}
		}
		if len(part) < im.ConversationPage {
			break
		}
	}
	groups, err := c.db.Groups()
	if err != nil {
		return nil, err
	}
	for i := range groups {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		members, err := c.db.Members(groups[i].GroupID)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			add(im.Profile{UserID: m.UserID, Nick: m.Nick, Avatar: m.Avatar})
		}
	}
	return list, nil
}
