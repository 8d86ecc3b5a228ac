package app

import (
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/im"
	"magpie/store"
	"magpie/store/storetest"
	"magpie/widgets/theme"
)

// What a person does with eyes and hands: everything here goes by what the
// window shows.

// shown is a text on the screen and where its middle is.
type shown struct {
	text string
	at   fyne.Position
}

// screen are the texts of the window, what lies on top last; with something on
// top only that can be used. It is asked on the event loop.
func (u *person) screen() []shown {
	c := u.a.window.Canvas()
	root := c.Content()
	if top := c.Overlays().Top(); top != nil {
		root = top
	}
	var found []shown
	size := c.Size()
	look(root, fyne.Position{}, size, func(t *canvas.Text, clip fyne.Size, at fyne.Position) {
		s := t.MinSize()
		mid := at.AddXY(s.Width/2, s.Height/2)
		if mid.X >= 0 && mid.Y >= 0 && mid.X < size.Width && mid.Y < size.Height {
			found = append(found, shown{t.Text, mid})
		}
	})
	return found
}

// look visits the texts that are visible below o.
func look(o fyne.CanvasObject, _ fyne.Position, size fyne.Size, visit func(*canvas.Text, fyne.Size, fyne.Position)) {
	if o == nil || !o.Visible() {
		return
	}
	switch o := o.(type) {
	case *canvas.Text:
		if strings.TrimSpace(o.Text) != "" {
			visit(o, size, fyne.CurrentApp().Driver().AbsolutePositionForObject(o))
		}
	case *fyne.Container:
		for _, child := range o.Objects {
			look(child, fyne.Position{}, size, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			look(child, fyne.Position{}, size, visit)
		}
	}
}

// find returns the first text that contains s; an exact one comes before.
func (u *person) find(s string) (shown, bool) {
	all := u.screen()
	for _, t := range all {
		if t.text == s {
			return t, true
		}
	}
	for _, t := range all {
		if strings.Contains(t.text, s) {
			return t, true
		}
	}
	return shown{}, false
}

// sees waits until the window shows a text that contains s.
func (u *person) sees(s string) {
	u.t.Helper()
	u.untilScreen(fmt.Sprintf("%q is shown", s), func() bool { _, ok := u.find(s); return ok })
}

// misses waits until nothing in the window contains s.
func (u *person) misses(s string) {
	u.t.Helper()
	u.untilScreen(fmt.Sprintf("%q is gone", s), func() bool { _, ok := u.find(s); return !ok })
}

func (u *person) untilScreen(what string, ok func() bool) {
	u.t.Helper()
	var last []shown
	u.untilOr(what, ok, func() string {
		u.do(func() { last = u.screen() })
		var b strings.Builder
		for _, t := range last {
			fmt.Fprintf(&b, "\n  %4.0f %4.0f  %s", t.at.X, t.at.Y, t.text)
		}
		return "on the screen:" + b.String()
	})
}

// tap waits for a text, goes there with the pointer, which opens menus below
// menus, and clicks.
func (u *person) tap(s string) {
	u.t.Helper()
	u.sees(s)
	u.do(func() {
		t, ok := u.find(s)
		if !ok {
			u.t.Errorf("%q is gone again", s)
			return
		}
		c := u.a.window.Canvas()
		root := c.Content()
		if top := c.Overlays().Top(); top != nil {
			root = top
		}
		if o := topmost[desktop.Hoverable](root, t.at); o != nil {
			(*o).MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{AbsolutePosition: t.at}})
		}
		test.TapCanvas(c, t.at)
	})
}

// tapMessage clicks what a message says, which the list may show too.
func (u *person) tapMessage(s string) {
	u.t.Helper()
	var at fyne.Position
	u.untilScreen(fmt.Sprintf("a message says %q", s), func() bool {
		for _, t := range u.screen() {
			if t.text == s && t.at.X > theme.ListWidth {
				at = t.at
				return true
			}
		}
		return false
	})
	u.do(func() { u.click(at) })
}

// menu opens the menu of what says just s with the other button of the mouse.
func (u *person) menu(s string) {
	u.t.Helper()
	var found *fyne.SecondaryTappable
	var at fyne.Position
	u.untilScreen(fmt.Sprintf("just %q is shown and has a menu", s), func() bool {
		for _, t := range u.screen() {
			if t.text == s {
				if o := topmost[fyne.SecondaryTappable](u.a.window.Canvas().Content(), t.at); o != nil {
					found, at = o, t.at
				}
			}
		}
		return found != nil
	})
	u.do(func() { (*found).TappedSecondary(&fyne.PointEvent{AbsolutePosition: at}) })
}

// topmost finds the innermost object of a kind at a place.
func topmost[T any](o fyne.CanvasObject, at fyne.Position) *T {
	if o == nil || !o.Visible() {
		return nil
	}
	var children []fyne.CanvasObject
	switch o := o.(type) {
	case *fyne.Container:
		children = o.Objects
	case fyne.Widget:
		children = test.WidgetRenderer(o).Objects()
	}
	for i := len(children) - 1; i >= 0; i-- {
		if found := topmost[T](children[i], at); found != nil {
			return found
		}
	}
	p, s := fyne.CurrentApp().Driver().AbsolutePositionForObject(o), o.Size()
	if t, is := o.(T); is && at.X >= p.X && at.Y >= p.Y && at.X < p.X+s.Width && at.Y < p.Y+s.Height {
		return &t
	}
	return nil
}

// types types into what has the keyboard.
func (u *person) types(s string) {
	u.t.Helper()
	u.do(func() {
		f := u.a.window.Canvas().Focused()
		if f == nil {
			u.t.Errorf("nothing takes %q", s)
			return
		}
		test.Type(f, s)
	})
}

// key presses a key.
func (u *person) key(name fyne.KeyName) {
	u.do(func() {
		c := u.a.window.Canvas()
		if f := c.Focused(); f != nil {
			f.TypedKey(&fyne.KeyEvent{Name: name})
			return
		}
		c.OnTypedKey()(&fyne.KeyEvent{Name: name})
	})
}

// tapBelow gives the keyboard to the field whose label says s.
func (u *person) tapBelow(s string) {
	u.t.Helper()
	u.sees(s)
	u.do(func() {
		t, _ := u.find(s)
		c := u.a.window.Canvas()
		root := c.Content()
		if top := c.Overlays().Top(); top != nil {
			root = top
		}
		if f := topmost[fyne.Focusable](root, t.at.AddXY(0, 32)); f != nil {
			c.Focus(*f)
			return
		}
		u.t.Errorf("there is no field below %q", s)
	})
}

// profileMenu opens the menu of the own avatar.
func (u *person) profileMenu() {
	u.t.Helper()
	u.until("nothing is on top", func() bool { return u.a.main != nil && u.a.window.Canvas().Overlays().Top() == nil })
	u.do(u.a.main.profileMenu)
}

// front gives the window the keyboard, as a person does that looks at it.
func (u *person) front(yes bool) { u.do(func() { u.a.setFront(yes) }) }

// guest is another person with a client of their own on the server inside.
func (u *person) guest(user im.UserID, nick string) *core.Client {
	u.t.Helper()
	ctx := u.t.Context()
	h, err := host.Open(ctx, u.a.profile.ServerDir(), u.serverOptions())
	if err != nil {
		u.t.Fatal(err)
	}
	if err := h.CreateUser(ctx, user, "a password of the tests", nick); err != nil {
		u.t.Fatal(err)
	}
	sig, err := h.UserSig(user) // which costs less than the password
	if err != nil {
		u.t.Fatal(err)
	}
	return u.client(core.Options{Server: h.URL(), User: user, UserSig: sig, Platform: "bot"})
}

// serverOptions are those of the server inside.
func (u *person) serverOptions() (o host.Options) {
	u.do(func() { o.Key, o.Unseal = u.a.keys.Server(), u.a.keys.Unseal() })
	return o
}

// device is another device of an account of the server inside.
func (u *person) device(user im.UserID) *core.Client {
	u.t.Helper()
	h, err := host.Open(u.t.Context(), u.a.profile.ServerDir(), u.serverOptions())
	if err != nil {
		u.t.Fatal(err)
	}
	sig, err := h.UserSig(user)
	if err != nil {
		u.t.Fatal(err)
	}
	return u.client(core.Options{Server: h.URL(), User: user, UserSig: sig, Platform: "bot"})
}

// client connects and waits until it is ready.
func (u *person) client(o core.Options) *core.Client {
	u.t.Helper()
	path, options := filepath.Join(u.t.TempDir(), "history.db"), store.Options{Account: o.User}
	storetest.Sound(u.t, path, options)
	st, _, err := store.Open(path, options)
	if err != nil {
		u.t.Fatal(err)
	}
	o.Store = st
	c, err := core.New(o)
	if err != nil {
		u.t.Fatal(err)
	}
	c.Start(u.t.Context())
	if err := c.WaitReady(u.t.Context()); err != nil {
		u.t.Fatal(err)
	}
	u.guests = append(u.guests, func() {
		if err := c.Close(); err != nil {
			u.t.Error(err)
		}
		if err := st.Close(); err != nil {
			u.t.Error(err)
		}
	})
	return c
}

// ok ends the test at an error.
func (u *person) ok(err error) {
	u.t.Helper()
	if err != nil {
		u.t.Fatal(err)
	}
}

// say sends a text of a guest and waits until the server has it.
func (u *person) say(c *core.Client, t im.ConversationType, to, text string) {
	u.t.Helper()
	m, err := c.SendMessage(u.t.Context(), c.CreateTextMessage(t, to, text), im.SendOptions{})
	u.ok(err)
	_, err = c.WaitSent(u.t.Context(), m.ID)
	u.ok(err)
}
