package widgets

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/assets"
	"magpie/widgets/theme"
)

// both runs f in the light and the dark variant.
func both(t *testing.T, f func(t *testing.T, mode theme.Mode, suffix string)) {
	t.Helper()
	for _, m := range []struct {
		mode   theme.Mode
		suffix string
	}{{theme.Light, "-light"}, {theme.Dark, "-dark"}} {
		t.Run(m.suffix[1:], func(t *testing.T) {
			test.NewTempApp(t).Settings().SetTheme(theme.New(m.mode))
			f(t, m.mode, m.suffix)
		})
	}
}

func TestLookWindow(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		o, _, _, _ := wholeWindow(false)
		golden(t, window(t, mode, o, 1120, 740), "window"+suffix)
	})
}

func TestLookNarrow(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		o, _, comp, _ := wholeWindow(true)
		w := window(t, mode, o, 400, 500)
		comp.SetText("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十\nand a second line that is long enough to wrap here")
		w.Resize(fyne.NewSize(400, 501)) // what the driver does when a minimum changes
		golden(t, w, "narrow"+suffix)
	})
}

func TestLookList(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		l := NewConversationList(hostile())
		l.Select("C2C2")
		w := window(t, mode, sideOf(l), theme.ListWidth, 400)
		w.Canvas().Focus(l)
		golden(t, w, "list-hostile"+suffix)
	})
}

// While it is read a list shows shades where its rows will be, and not what it says
// when there are none.
func TestLookListLoading(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		l := NewConversationList(rowsOf{})
		l.SetEmpty("No conversations yet.")
		l.SetLoading(true)
		w := window(t, mode, sideOf(l), theme.ListWidth, 300)
		golden(t, w, "list-loading"+suffix)
		l.SetLoading(false)
		if l.shades.Visible() || !l.empty.Visible() {
			t.Error("the shades stay")
		}
		l.SetData(people())
		l.SetLoading(true)
		if l.shades.Visible() {
			t.Error("shades lie over rows")
		}
	})
}

func TestLookEmptyList(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		l := NewConversationList(rowsOf{})
		l.SetEmpty("No conversations yet. Press the plus to write to someone or to make a group.")
		golden(t, window(t, mode, sideOf(l), theme.ListWidth, 300), "list-empty"+suffix)
	})
}

// welcome is the card of the welcome screen, as the app builds it.
func welcome() (*Card, *TextField, *TextField, *Button) {
	svg, _ := assets.AppIcon()
	logo := canvas.NewImageFromResource(fyne.NewStaticResource("magpie.svg", svg))
	logo.SetMinSize(fyne.NewSquareSize(72))
	server := NewTextField("Server", "wss://chat.example.org")
	server.SetText("wss://chat.example.org")
	user := NewTextField("User ID", "")
	user.SetText("wren")
	password := NewPasswordField("Password or UserSig", "", "Show the password")
	password.SetText("secretsecret")
	signIn := NewPrimaryButton("Sign in", nil)
	c := NewCard(
		Item{Object: logo, Centre: true},
		Item{Above: 10, Object: NewHeading("Magpie", theme.HeroSize, fyne.TextAlignCenter)},
		Item{Above: 0, Object: NewParagraph("Chat that keeps your history on your own disk.", theme.Ink2, theme.TextSize, fyne.TextAlignCenter)},
		Item{Above: 22, Object: server},
		Item{Above: 12, Object: user},
		Item{Above: 12, Object: password},
		Item{Above: 18, Object: signIn},
		Item{Above: 14, Object: NewParagraph("or, with no server at hand", theme.Ink3, theme.MetaSize, fyne.TextAlignCenter)},
		Item{Above: 8, Object: NewSecondaryButton("Start on this computer", nil)},
		Item{Above: 8, Object: NewParagraph("Runs the server inside the app. Others on your network can join.", theme.Ink3, theme.MetaSize, fyne.TextAlignCenter)},
	)
	return c, user, password, signIn
}

func TestLookWelcome(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		c, _, _, _ := welcome()
		golden(t, window(t, mode, c, 1120, 740), "welcome"+suffix)
	})
}

// The same screen in Chinese: what is wider or narrower must fit as well.
func TestLookWelcomeChinese(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		user := NewTextField("用户 ID", "例如 ada")
		password := NewPasswordField("密码或 UserSig", "", "显示输入的内容")
		password.SetError("密码不正确，或者没有这个用户。")
		c := NewCard(
			Item{Object: NewHeading("Magpie", theme.HeroSize, fyne.TextAlignCenter)},
			Item{Object: NewParagraph("聊天记录保存在你自己的电脑上。", theme.Ink2, theme.TextSize, fyne.TextAlignCenter)},
			Item{Above: 22, Object: user},
			Item{Above: 12, Object: password},
			Item{Above: 18, Object: NewPrimaryButton("登录", nil)},
			Item{Above: 8, Object: NewSecondaryButton("在这台电脑上开始", nil)},
			Item{Above: 8, Object: NewParagraph("在应用内运行服务器。同一网络中的其他人可以加入，历史消息只保存在这台电脑上，不会上传到别处。", theme.Ink3, theme.MetaSize, fyne.TextAlignCenter)},
		)
		golden(t, window(t, mode, c, 520, 460), "welcome-chinese"+suffix)
	})
}

func TestLookWelcomeError(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		c, user, password, signIn := welcome()
		w := window(t, mode, c, 380, 700)
		user.Focus()
		password.SetError("The password is wrong, or there is no such user.")
		signIn.Disable()
		c.Refresh()
		golden(t, w, "welcome-error"+suffix)
	})
}

func TestLookComposer(t *testing.T) {
	words := func(used, limit int) string { return fmt.Sprintf("%d of %d bytes", used, limit) }
	states := []struct {
		name string
		set  func(c *Composer)
	}{
		{"empty", func(c *Composer) { c.SetPlaceholder("Message 设计小组 Design") }},
		{"disabled", func(c *Composer) {
			c.SetPlaceholder("You are no longer in this group")
			c.Disable()
		}},
		{"near", func(c *Composer) { c.SetText("nearly full") }},
		{"over", func(c *Composer) { c.SetText("more than the limit allows") }},
		{"problem", func(c *Composer) {
			c.SetText("kept")
			c.SetProblem("The disk is full. Make room and send again.")
		}},
		{"tall", func(c *Composer) { c.SetText(strings.Repeat("line\n", 20) + "the last") }},
	}
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		rows := container.New(&column{})
		for _, s := range states {
			c := NewComposer("Send")
			c.SetLeft(NewIconButton("paperclip", "File", nil))
			if s.name == "near" || s.name == "over" {
				c.SetLimit(12, words)
			}
			s.set(c)
			c.Resize(fyne.NewSize(480, c.MinSize().Height))
			rows.Add(c)
		}
		golden(t, window(t, mode, rows, 480, 620), "composer"+suffix)
	})
}

func TestLookSheet(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		o, _, _, _ := wholeWindow(false)
		w := window(t, mode, o, 900, 560)
		name := NewTextField("Name of the group", "")
		name.SetText("运营周会")
		s := NewSheet("New group", "Everyone you add can read what is written from now on.", name,
			NewButton(Danger, "Leave group", nil), NewSecondaryButton("Cancel", nil), NewPrimaryButton("Create", nil))
		s.OpenField(w.Canvas(), name)
		s.SetProblem("A group name may have 30 bytes at most.")
		golden(t, w, "sheet"+suffix)
	})
}

func TestLookToast(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		toasts := NewToasts()
		ground := box(0)
		ground.FillColor = theme.Color(theme.Canvas)
		w := window(t, mode, container.NewStack(ground, toasts), 560, 160)
		toasts.Say("Not sent: the group is limited to 40 messages a second", "Resend", func() {})
		golden(t, w, "toast"+suffix)
	})
}

func TestLookIcons(t *testing.T) {
	both(t, func(t *testing.T, mode theme.Mode, suffix string) {
		var all []fyne.CanvasObject
		for _, name := range assets.IconNames() {
			all = append(all, drawing(name, theme.Ink2, 24))
		}
		for _, kind := range assets.ThumbnailKinds() {
			i := canvas.NewImageFromResource(theme.Thumbnail(kind, theme.Faint))
			i.FillMode = canvas.ImageFillContain
			i.SetMinSize(fyne.NewSquareSize(24))
			all = append(all, i)
		}
		golden(t, window(t, mode, container.NewGridWithColumns(9, all...), 500, 260), "icons"+suffix)
	})
}
