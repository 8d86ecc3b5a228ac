package app

import (
	"context"

	"magpie/app/host"
	"magpie/assets"
	"magpie/im"
	"magpie/widgets"
)

// notices shows what the server tells of groups: somebody who asks to join, an
// admin made, a group closed.
func (t *tourist) notices(ctx context.Context, _ *host.Host) error {
	client := t.a.session.client
	me := t.a.me()
	mine, _, err := client.CreateGroup(ctx, im.Group{Name: "设计评审", Type: im.GroupPublic, JoinOption: im.JoinNeedPermission}, nil)
	if err != nil {
		return err
	}
	runners, _, err := t.bo.client.CreateGroup(ctx, im.Group{Name: "Trail runners", Type: im.GroupPublic}, []im.UserID{me})
	if err != nil {
		return err
	}
	if err := t.bo.client.SetGroupMemberRole(ctx, runners.GroupID, me, im.RoleAdmin); err != nil {
		return err
	}
	review, _, err := t.ada.client.CreateGroup(ctx, im.Group{Name: "Quarter review", Type: im.GroupPublic}, []im.UserID{me})
	if err != nil {
		return err
	}
	if err := t.ada.say(ctx, im.ConvGroup, string(review.GroupID), "Thank you all, this one is done."); err != nil {
		return err
	}
	closed := im.GroupConversation(review.GroupID)
	t.open(closed)
	if err := t.until(ctx, "the last words came", func() bool { return t.lastFrom(closed, "ada") }); err != nil {
		return err
	}
	if err := t.ada.client.DismissGroup(ctx, review.GroupID); err != nil {
		return err
	}
	if err := t.until(ctx, "the group is closed", func() bool { return t.a.main.closedWords != "" }); err != nil {
		return err
	}
	if err := t.picture("15-closed-group"); err != nil {
		return err
	}
	if _, _, err := t.ada.client.JoinGroup(ctx, mine.GroupID, "周雨让我来的，我做动效。"); err != nil {
		return err
	}
	t.open(im.SystemConversation)
	if err := t.until(ctx, "the request is there", func() bool { return t.a.main.chat.asking == 1 }); err != nil {
		return err
	}
	return t.picture("16-notices")
}

// people shows a person's panel, the own profile, and the accounts.
func (t *tourist) people(ctx context.Context, _ *host.Host) error {
	p, err := t.ada.client.MyProfile()
	if err != nil {
		return err
	}
	p.Nick, p.Avatar, p.SelfSignature = "Ada Okafor", assets.Avatars()[2], "Paper, ink, and patience."
	if err := t.ada.client.UpdateMyProfile(ctx, p); err != nil {
		return err
	}
	t.open(im.C2C("ada"))
	t.do(func() { t.a.main.showInfo() })
	if err := t.until(ctx, "ada's picture is known", func() bool {
		row, _ := t.a.main.row(im.C2C("ada"))
		return row.UserProfile != nil && row.UserProfile.Avatar != ""
	}); err != nil {
		return err
	}
	if err := t.picture("17-person"); err != nil {
		return err
	}
	t.do(func() { t.a.main.panel.close() })
	if err := t.sheet(ctx, "18-profile", (*mainScreen).editProfile); err != nil {
		return err
	}
	if err := t.sheet(ctx, "19-join-group", (*mainScreen).joinGroup); err != nil {
		return err
	}
	t.do(func() { t.a.main.profileMenu() })
	defer t.do(func() {
		overlays := t.a.window.Canvas().Overlays()
		overlays.Remove(overlays.Top())
	})
	return t.picture("20-profile-menu")
}

// sheet leaves a picture of a dialog.
func (t *tourist) sheet(ctx context.Context, name string, open func(*mainScreen)) error {
	t.do(func() { open(t.a.main) })
	var sheet *widgets.Sheet
	if err := t.until(ctx, name+" is shown", func() bool {
		sheet, _ = t.a.window.Canvas().Overlays().Top().(*widgets.Sheet)
		return sheet != nil
	}); err != nil {
		return err
	}
	defer t.do(func() { sheet.Close() })
	return t.picture(name)
}
