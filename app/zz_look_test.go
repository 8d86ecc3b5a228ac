package app

import (
	"image/png"
	"os"
	"testing"

	"fyne.io/fyne/v2"

	"magpie/im"
)

func (u *person) shoot(name string) {
	u.do(func() {
		f, _ := os.Create("/tmp/look/" + name + ".png")
		png.Encode(f, u.a.window.Canvas().Capture())
		f.Close()
	})
}

func TestZZLook(t *testing.T) {
	os.MkdirAll("/tmp/look", 0o755)
	u := begin(t, t.TempDir())
	u.do(func() { u.a.window.Resize(fyne.NewSize(1120, 740)) })
	u.start()
	u.front(true)
	ada, bo := u.guest("ada", "Ada Okafor"), u.guest("zhouyu", "周雨")
	u.say(ada, im.ConvC2C, "wren", "the teal icon reads best; see https://example.org/icons")
	u.say(bo, im.ConvC2C, "wren", "首页的新图标我放在群文件里了，看看这版")
	u.say(bo, im.ConvC2C, "wren", "深色模式的图标对比度不够")
	g, _, err := bo.CreateGroup(t.Context(), im.Group{Name: "设计小组 Design", Type: im.GroupWork}, []im.UserID{"wren", "ada"})
	u.ok(err)
	u.say(bo, im.ConvGroup, string(g.GroupID), "图标的网格用 8 还是 4？")
	u.say(ada, im.ConvGroup, string(g.GroupID), "换了新图标之后点击率涨了 4%")
	for _, name := range []string{"icons-final.fig", "图标规范.pdf", "contract-v3.docx"} {
		p := t.TempDir() + "/" + name
		os.WriteFile(p, make([]byte, 31000), 0o600)
		a, err := ada.AddFileAt(t.Context(), p)
		u.ok(err)
		m, err := ada.SendMessage(t.Context(), ada.CreateFileMessage(im.ConvGroup, string(g.GroupID), im.FilePayload{FileName: name, FileSize: a.Size, FileURL: a.Address}), im.SendOptions{})
		u.ok(err)
		_, err = ada.WaitSent(t.Context(), m.ID)
		u.ok(err)
	}
	u.until("all", func() bool { n, _ := u.a.session.client.TotalUnread(); return n >= 7 })
	u.do(func() { u.a.main.openChat(im.C2C("ada")) })
	u.do(u.a.main.find)
	u.sees("Recent chats")
	u.shoot("find-empty")
	u.types("图标")
	u.sees("results in")
	u.sees("Messages 5")
	u.shoot("find-results")
	u.tap("Files 1")
	u.sees("图标规范")
	u.shoot("find-files")
	u.tap("Messages 5")
	u.tap("From anyone")
	u.sees("Who wrote it")
	u.shoot("find-person")
	u.types("ada")
	u.shoot("find-person-ada")
	u.key(fyne.KeyReturn)
	u.sees("From Ada")
	u.sees("2 results ")
	u.tap("Any time")
	u.sees("Last 7")
	u.shoot("find-time")
	u.types("2025-11")
	u.shoot("find-time-typed")
	u.key(fyne.KeyReturn)
	u.sees("Nothing was")
	u.shoot("find-none")
	u.tap("Search without filters")
	u.sees("5 results")
	u.typesOver("icon")
	u.sees("icon reads")
	u.do(func() { u.a.setMode("dark") })
	u.shoot("find-dark")
	u.do(func() { u.a.window.Resize(fyne.NewSize(400, 700)) })
	u.shoot("find-narrow")
	u.do(func() { u.a.window.Resize(fyne.NewSize(1120, 740)) })
	u.do(func() { u.a.setMode("light") })
	u.tap("People")
	u.shoot("find-people")
	u.key(fyne.KeyEscape)
	u.do(func() { u.a.setLanguage("zh-Hans") })
	u.until("rows", func() bool { return len(u.a.main.rows) > 3 })
	u.do(func() { u.a.main.openChat(im.GroupConversation(g.GroupID)) })
	u.do(u.a.main.findHere)
	u.sees("在 设计")
	u.types("图标")
	u.sees("条结果")
	u.shoot("find-zh")
	u.key(fyne.KeyDown)
	u.key(fyne.KeyReturn)
	u.until("on screen", func() bool { return u.onScreen("图标的网格") && u.a.main.canvas.Visible() })
	u.shoot("find-flash")
	u.end()
}
