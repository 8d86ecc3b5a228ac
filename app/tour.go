package app

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/app/profile"
	"magpie/im"
	"magpie/store"
	"magpie/widgets/loop"
)

// TourOptions say how the tour is taken.
type TourOptions struct {
	NewApp func() fyne.App
	// Dir is where the pictures go; made if missing.
	Dir string
	Log io.Writer
}

// tourPatience bounds every step of the tour.
const tourPatience = 30 * time.Second

// Tour starts everything fresh in a temporary folder, plays a conversation
// between the window and another client over the server inside, and leaves a
// picture of every screen, light and dark, in o.Dir. Without a display it starts
// a hidden one.
func Tour(ctx context.Context, o TourOptions) (err error) {
	stopDisplay, err := ensureDisplay(ctx, o.Log)
	if err != nil {
		return err
	}
	defer stopDisplay()
	if err := os.MkdirAll(o.Dir, 0o755); err != nil {
		return fmt.Errorf("tour: %w", err)
	}
	data, err := os.MkdirTemp("", "magpie-tour-")
	if err != nil {
		return fmt.Errorf("tour: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	p, err := profile.Open(data, "wren")
	if err != nil {
		return err
	}
	if err := p.Save(profile.Settings{Language: "en", Theme: "light"}); err != nil {
		return err
	}
	a, err := newApplication(p, Options{NewApp: o.NewApp, Log: o.Log, Sound: tourSound{}}) // no key store: a passphrase is chosen
	if err != nil {
		return err
	}
	t := &tourist{a: a, dir: o.Dir, log: o.Log, data: data}
	a.window.Show()
	a.begin()
	result := make(chan error, 1)
	go func() {
		tctx, cancel := context.WithTimeout(ctx, 15*time.Minute)
		defer cancel()
		result <- t.walk(tctx)
		loop.Do(a.quit)
	}()
	loop.Begin()
	a.fyne.Run()
	return errors.Join(<-result, a.end())
}

// tourist walks through the window as a person would, by what its widgets do
// when they are used.
type tourist struct {
	a    *application
	dir  string
	log  io.Writer
	data string
	ada  *guest
	bo   *guest
	team im.ConversationID // see group
	club im.ConversationID // see meeting
}

// guest is another client on the same server.
type guest struct {
	client *core.Client
	store  *store.Store
}

func (g *guest) close() error { return errors.Join(g.client.Close(), g.store.Close()) }

func (g *guest) say(ctx context.Context, t im.ConversationType, to, text string) error {
	m, err := g.client.SendMessage(ctx, g.client.CreateTextMessage(t, to, text), im.SendOptions{})
	if err != nil {
		return err
	}
	_, err = g.client.WaitSent(ctx, m.ID)
	return err
}

// walk is the tour.
func (t *tourist) walk(ctx context.Context) (err error) {
	if err := t.firstStart(ctx); err != nil {
		return err
	}
	if err := t.picture("1-welcome"); err != nil {
		return err
	}
	t.do(func() { t.a.welcome.tryStart() })
	if err := t.until(ctx, "the main screen is shown", func() bool { return t.a.main != nil && t.a.main.connected() }); err != nil {
		return err
	}
	h, err := host.Open(ctx, t.a.profile.ServerDir(), host.Options{Key: t.a.keys.Server()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Close(context.WithoutCancel(ctx))) }()
	for _, step := range []struct {
		name string
		do   func(context.Context, *host.Host) error
	}{
		{"guests arrive", t.arrive},
		{"echo", t.echo},
		{"one to one", t.oneToOne},
		{"group", t.group},
		{"lock", t.lock},
		{"writing", t.writing},
		{"media", t.media},
		{"dialogs", t.dialogs},
		{"panel", t.info},
		{"notices", t.notices},
		{"people", t.people},
		{"settings", t.settings},
		{"search and archive", t.finding},
		{"inviting", t.inviting},
		{"narrow", t.narrow},
		{"states", t.states},
		{"Chinese", t.chinese},
		{"meeting", t.meeting},
		{"offline", t.offline},
		{"a damaged history", t.damagedCard},
	} {
		fmt.Fprintln(t.log, "tour:", step.name)
		if err := step.do(ctx, h); err != nil {
			return fmt.Errorf("tour: %s: %w", step.name, err)
		}
	}
	return errors.Join(t.ada.close(), t.bo.close())
}

func (t *tourist) arrive(ctx context.Context, h *host.Host) error {
	for _, g := range []struct {
		user im.UserID
		nick string
		to   **guest
	}{{"ada", "Ada Okafor", &t.ada}, {"zhouyu", "周雨", &t.bo}} {
		if err := h.CreateUser(ctx, g.user, "a password of the tour", g.nick); err != nil {
			return err
		}
		st, _, err := store.Open(filepath.Join(t.data, string(g.user)+".db"), store.Options{Account: g.user})
		if err != nil {
			return err
		}
		c, err := core.New(core.Options{Store: st, Server: h.URL(), User: g.user, Password: "a password of the tour", Platform: "bot"})
		if err != nil {
			return err
		}
		c.Start(ctx)
		if err := c.WaitReady(ctx); err != nil {
			return err
		}
		*g.to = &guest{c, st}
	}
	return nil
}

func (t *tourist) echo(ctx context.Context, _ *host.Host) error {
	t.open(im.C2C(echoUser))
	if err := t.picture("2-empty"); err != nil {
		return err
	}
	t.send("Hello? Is anybody there?")
	if err := t.until(ctx, "the echo answered", func() bool { return t.lastFrom(im.C2C(echoUser), echoUser) }); err != nil {
		return err
	}
	return t.picture("3-echo")
}

func (t *tourist) oneToOne(ctx context.Context, _ *host.Host) error {
	me := string(t.a.me())
	for _, text := range []string{
		"Good morning! Did the printer bring the proofs?",
		"They said before ten.",
	} {
		if err := t.ada.say(ctx, im.ConvC2C, me, text); err != nil {
			return err
		}
	}
	conv := im.C2C("ada")
	if err := t.until(ctx, "ada's messages are in the list", func() bool { return t.unread(conv) == 2 }); err != nil {
		return err
	}
	if err := t.picture("4-unread"); err != nil {
		return err
	}
	t.open(conv)
	if err := t.until(ctx, "they are read", func() bool { return t.unread(conv) == 0 }); err != nil {
		return err
	}
	t.send("Just now. The teal one reads best at 32 px — shipping that.\nI will bring the rest tomorrow.")
	if err := t.until(ctx, "it was sent", func() bool { return t.lastFrom(conv, t.a.me()) && t.a.main.waiting == 0 }); err != nil {
		return err
	}
	if err := t.ada.client.SetMessageRead(ctx, im.C2C(t.a.me())); err != nil {
		return err
	}
	if err := t.until(ctx, "ada read it", func() bool { return t.a.main.chat.present.peerRead > 0 }); err != nil {
		return err
	}
	return t.picture("5-one-to-one")
}

func (t *tourist) group(ctx context.Context, _ *host.Host) error {
	g, _, err := t.bo.client.CreateGroup(ctx, im.Group{Name: "设计小组 Design", Type: im.GroupWork}, []im.UserID{t.a.me(), "ada"})
	if err != nil {
		return err
	}
	conv := im.GroupConversation(g.GroupID)
	t.team = conv
	if err := t.until(ctx, "the group is in the list", func() bool { return t.a.main.index(conv) >= 0 }); err != nil {
		return err
	}
	group := string(g.GroupID)
	if err := t.bo.say(ctx, im.ConvGroup, group, "首页的新图标我放在群文件里了，看看这版"); err != nil {
		return err
	}
	if err := t.ada.say(ctx, im.ConvGroup, group, "Looks great. The corners are calmer now."); err != nil {
		return err
	}
	if err := t.until(ctx, "both spoke", func() bool { return t.lastFrom(conv, "ada") }); err != nil {
		return err
	}
	t.open(conv)
	t.send("可以，三点见。")
	if err := t.until(ctx, "it was sent", func() bool { return t.lastFrom(conv, t.a.me()) && t.a.main.waiting == 0 }); err != nil {
		return err
	}
	if err := t.bo.say(ctx, im.ConvGroup, group, "好的"); err != nil {
		return err
	}
	if err := t.until(ctx, "the answer came", func() bool { return t.lastFrom(conv, "zhouyu") }); err != nil {
		return err
	}
	return t.picture("6-group")
}

func (t *tourist) dialogs(ctx context.Context, _ *host.Host) error {
	for _, d := range []struct {
		name string
		open func(*mainScreen)
	}{
		{"7-new-chat", (*mainScreen).newChat},
		{"8-new-group", (*mainScreen).newGroup},
	} {
		if err := t.sheet(ctx, d.name, d.open); err != nil {
			return err
		}
	}
	return nil
}

func (t *tourist) info(context.Context, *host.Host) error {
	t.do(func() { t.a.main.showInfo() })
	defer t.do(func() { t.a.main.panel.close() })
	return t.picture("9-group-info")
}

func (t *tourist) narrow(ctx context.Context, _ *host.Host) error {
	t.open(t.team)
	t.do(func() { t.a.window.Resize(fyne.NewSize(400, 700)) })
	if err := t.until(ctx, "the window is narrow", func() bool { return t.a.main.content.narrow }); err != nil {
		return err
	}
	t.do(func() { t.a.main.showColumn(columnChat) })
	if err := t.picture("11-narrow-chat"); err != nil {
		return err
	}
	t.do(func() { t.a.main.showInfo() })
	if err := t.picture("21-narrow-panel"); err != nil {
		return err
	}
	t.do(func() {
		t.a.main.panel.close()
		t.a.main.showColumn(columnList)
	})
	if err := t.picture("12-narrow-list"); err != nil {
		return err
	}
	t.do(func() {
		t.a.window.Resize(fyne.NewSize(firstWidth, firstHeight))
		t.a.main.showColumn(columnChat)
	})
	return t.until(ctx, "the window is wide again", func() bool { return !t.a.main.content.narrow })
}

func (t *tourist) chinese(ctx context.Context, _ *host.Host) error {
	conv := t.team
	t.do(func() { t.a.setLanguage("zh-Hans") })
	if err := t.until(ctx, "the list is back", func() bool { return t.a.main.index(conv) >= 0 }); err != nil {
		return err
	}
	t.open(conv)
	if err := t.picture("13-chinese"); err != nil {
		return err
	}
	t.do(func() { t.a.setLanguage("en") })
	if err := t.until(ctx, "the list is back", func() bool { return t.a.main.index(conv) >= 0 }); err != nil {
		return err
	}
	t.open(conv)
	return nil
}

// offline takes the server away. It runs in this very window, which would start
// it again at the next attempt if it were let.
func (t *tourist) offline(ctx context.Context, _ *host.Host) error {
	if err := t.a.session.host.Leave(); err != nil {
		return err
	}
	t.open(t.team)
	t.send("On the train, will send the photos later")
	if err := t.until(ctx, "the banner tells when the next attempt is", func() bool {
		return t.a.main.waiting == 1 && t.a.main.banner.Visible() && t.a.main.state.RetryAt > 0
	}); err != nil {
		return err
	}
	if err := t.picture("14-offline"); err != nil {
		return err
	}
	if err := t.recorded(ctx, "31-offline-recording", false); err != nil {
		return err
	}
	return t.hole(ctx)
}

// do runs f on the goroutine of the user interface.
func (t *tourist) do(f func()) { fyne.DoAndWait(f) }

func (t *tourist) open(conv im.ConversationID) { t.do(func() { t.a.main.openChat(conv) }) }

func (t *tourist) send(text string) {
	t.do(func() {
		t.a.main.composer.SetText(text)
		t.a.main.chat.send(text)
		t.a.main.composer.SetText("")
	})
}

func (t *tourist) conversation() (conv im.ConversationID) {
	t.do(func() { conv = t.a.main.conversation() })
	return conv
}

// lastFrom and unread look at the list; they run on the user interface.
func (t *tourist) lastFrom(conv im.ConversationID, user im.UserID) bool {
	row, ok := t.a.main.row(conv)
	return ok && row.LastMessage != nil && row.LastMessage.FromAccount == user
}

func (t *tourist) unread(conv im.ConversationID) uint64 {
	row, _ := t.a.main.row(conv)
	return row.UnreadCount
}

// until waits for something to become true on the user interface.
func (t *tourist) until(ctx context.Context, what string, ok func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, tourPatience)
	defer cancel()
	tick := time.NewTicker(2 * frame)
	defer tick.Stop()
	for {
		yes := false
		t.do(func() { yes = ok() })
		if yes {
			return nil
		}
		select {
		case <-ctx.Done():
			if perr := t.picture("failed"); perr != nil {
				fmt.Fprintln(t.log, "tour:", perr)
			}
			return fmt.Errorf("waited until %s: %w", what, ctx.Err())
		case <-tick.C:
		}
	}
}

// picture leaves what the window shows, in light and in dark.
func (t *tourist) picture(name string) error {
	for _, mode := range []string{"dark", "light"} {
		t.do(func() { t.a.setMode(mode) })
		// What was asked for beside the user interface, and animations, end within
		// this time; a picture waits for neither.
		const settle = 700 * time.Millisecond
		<-time.After(settle)
		file, err := os.Create(filepath.Join(t.dir, name+"-"+mode+".png"))
		if err != nil {
			return fmt.Errorf("tour: %w", err)
		}
		var img image.Image
		t.do(func() { img, err = capture(t.a.window) })
		if err == nil {
			err = png.Encode(file, img)
		}
		if err := errors.Join(err, file.Close()); err != nil {
			return fmt.Errorf("tour: %w", err)
		}
	}
	return nil
}
