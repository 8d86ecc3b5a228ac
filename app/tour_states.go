package app

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/host"
	"magpie/im"
)

// states shows what is hard to show well: names without end and of every script, all
// the counts, texts that were written to break a window, and windows that are small
// and large.
func (t *tourist) states(ctx context.Context, _ *host.Host) error {
	conv := im.C2C("ada")
	for _, text := range []string{
		"صباح الخير! هل وصلت النماذج؟ رقم الطلب 2048 (الإصدار 3)",
		"שלום, see https://example.org/a and https://аpple.example/ — 好的，明天见",
		"no" + strings.Repeat("spaceinthis", 60),
		"Z" + strings.Repeat("\u0334\u0321\u0355", 20) + "algo and invoice\u202egpj.exe",
		strings.Repeat("👩‍👩‍👧‍👦🇨🇳👍🏽", 12),
	} {
		if err := t.ada.say(ctx, im.ConvC2C, string(t.a.me()), text); err != nil {
			return err
		}
	}
	t.open(conv)
	if err := t.until(ctx, "the last of it is here", func() bool { return t.lastFrom(conv, "ada") }); err != nil {
		return err
	}
	t.do(t.a.main.canvas.JumpToNewest) // it is more than fits under the divider
	if err := t.until(ctx, "all of it is read", func() bool { return t.unread(conv) == 0 }); err != nil {
		return err
	}
	// The list shows it at once, though the server would let no such name through.
	var before []im.Conversation
	t.do(func() {
		before = t.a.main.rows
		t.a.main.rows = append(hardRows(t.a.now()), before...)
		t.a.main.list.Refresh()
		t.a.main.overLink("https://аpple.example/")
	})
	if err := t.picture("70-hard-names"); err != nil {
		return err
	}
	t.do(func() {
		t.a.main.rows = before
		t.a.main.list.Refresh()
		t.a.main.overLink("")
	})
	for _, w := range []struct {
		name          string
		width, height float32
	}{{"71-narrowest", 480, 700}, {"72-wide", 1920, 1080}, {"73-4k", 3840, 2160}} {
		t.do(func() {
			t.a.window.Resize(fyne.NewSize(w.width, w.height))
			t.a.main.showColumn(columnChat)
		})
		if err := t.until(ctx, w.name, func() bool {
			size := t.a.main.content.Size()
			return size.Width >= min(w.width, t.room())-1 && size.Width <= w.width+1
		}); err != nil {
			return err
		}
		if err := t.picture(w.name); err != nil {
			return err
		}
	}
	t.do(func() { t.a.window.Resize(fyne.NewSize(firstWidth, firstHeight)) })
	return t.until(ctx, "the window is as before", func() bool { return !t.a.main.content.narrow })
}

// room is how wide a window may be on any screen on which a tour is taken.
func (t *tourist) room() float32 { return 1280 / t.a.window.Canvas().Scale() }

// hardRows are conversations that are hard to show.
func hardRows(now time.Time) []im.Conversation {
	row := func(user im.UserID, name, text string, unread uint64) im.Conversation {
		return im.Conversation{
			ConversationID: im.C2C(user), Type: im.ConvC2C, UnreadCount: unread,
			UserProfile: &im.Profile{UserID: user, Nick: name},
			LastMessage: &im.LastMessage{LastTime: now.Add(-time.Duration(unread) * time.Minute).UnixMilli(), FromAccount: user, Type: im.MsgText, Payload: im.TextPayload{Text: text}},
		}
	}
	pinned := row("long", "A name that goes on and on, as some people's do, and then on", "and a message without any end either, however long one looks at it", 7)
	pinned.IsPinned = true
	muted := row("zh", "一个非常非常非常非常长的中文名字会被截断", "这是一条很长很长很长很长很长很长的消息，后面还有更多", 1234)
	muted.MessageRemindType = im.RemindQuiet
	draft := row("draft", "דנה כהן", "", 0)
	draft.Draft = "מחר בבוקר, at the office"
	return []im.Conversation{
		pinned, muted,
		row("ar", "محمد العربي", "هل وصلت النماذج؟ 2048", 1),
		draft,
		row("trick", "invoice\u202egpj.exe\u200b", "Z"+strings.Repeat("\u0334\u0321", 30)+"algo\x00\x1b", 99),
		row("many", "👩‍👩‍👧‍👦 Family 家", "🎉🎉🎉 see you all there 🇨🇳", 100000),
	}
}
