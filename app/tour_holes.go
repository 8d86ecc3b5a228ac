package app

import (
	"context"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/im"
)

// meeting joins a group in which much was said before, and looks at it only when there
// is no server any more: what was said then is not here.
func (t *tourist) meeting(ctx context.Context, _ *host.Host) error {
	t.a.session.client.SetBackfill(core.Backfill{Off: true})
	g, _, err := t.ada.client.CreateGroup(ctx, im.Group{Name: "Book club 读书会", Type: im.GroupMeeting}, []im.UserID{"zhouyu"})
	if err != nil {
		return err
	}
	t.club = im.GroupConversation(g.GroupID)
	before := []string{"Chapter one, then?", "第一章我已经看完了。", "So have I, twice.", "那从第二章开始吧。"}
	for i := range 24 {
		who := []*guest{t.ada, t.bo}[i%2]
		if err := who.say(ctx, im.ConvGroup, string(g.GroupID), before[i%len(before)]); err != nil {
			return err
		}
	}
	if _, _, err := t.a.session.client.JoinGroup(ctx, g.GroupID, ""); err != nil {
		return err
	}
	for i, text := range []string{"Welcome! We meet on Thursdays.", "欢迎！这周四读第三章。"} {
		if err := []*guest{t.ada, t.bo}[i].say(ctx, im.ConvGroup, string(g.GroupID), text); err != nil {
			return err
		}
	}
	return t.until(ctx, "what was said since is in the list", func() bool { return t.lastFrom(t.club, "zhouyu") })
}

// hole shows that conversation without a server, in both languages.
func (t *tourist) hole(ctx context.Context) error {
	for _, p := range []struct{ name, language string }{{"21-hole-offline", "en"}, {"22-hole-offline-chinese", "zh-Hans"}} {
		t.do(func() { t.a.setLanguage(p.language) })
		if err := t.until(ctx, "the list is back", func() bool { return t.a.main.index(t.club) >= 0 }); err != nil {
			return err
		}
		t.open(t.club)
		if err := t.picture(p.name); err != nil {
			return err
		}
	}
	t.do(func() { t.a.setLanguage("en") })
	return nil
}
