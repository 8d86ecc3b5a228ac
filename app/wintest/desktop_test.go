//go:build wintest

package wintest

import (
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"magpie/app/profile"
	"magpie/internal/bustest"
)

// desk is a desktop on a bus of its own: it shows notifications and a tray, and says
// whether it is dark.
type desk struct {
	t    *testing.T
	conn *dbus.Conn

	mu    sync.Mutex
	notes map[uint32][2]string // title and body
	next  uint32
	items []string // in the tray, by their names on the bus
	dark  bool
}

const (
	notesName   = "org.freedesktop.Notifications"
	notesPath   = dbus.ObjectPath("/org/freedesktop/Notifications")
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = dbus.ObjectPath("/StatusNotifierWatcher")
	itemPath    = dbus.ObjectPath("/StatusNotifierItem")
	menuPath    = dbus.ObjectPath("/StatusNotifierItem/menu")
	portalName  = "org.freedesktop.portal.Desktop"
	portalPath  = dbus.ObjectPath("/org/freedesktop/portal/desktop")
	portalLooks = "org.freedesktop.portal.Settings"
	looksGroup  = "org.freedesktop.appearance"
	looksKey    = "color-scheme"
	properties  = "org.freedesktop.DBus.Properties"
)

// startDesk starts one; the programs that are opened from then on find it.
func startDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, conn: bustest.Connect(t, bustest.Start(t)), notes: map[uint32][2]string{}}
	for _, e := range []struct {
		object any
		path   dbus.ObjectPath
		face   string
		name   string
	}{
		{(*noteService)(d), notesPath, notesName, notesName},
		{(*watcher)(d), watcherPath, properties, ""},
		{(*watcher)(d), watcherPath, watcherName, watcherName},
		{(*portal)(d), portalPath, portalLooks, portalName},
	} {
		if err := d.conn.Export(e.object, e.path, e.face); err != nil {
			t.Fatal(err)
		}
		if e.name != "" {
			if _, err := d.conn.RequestName(e.name, dbus.NameFlagDoNotQueue); err != nil {
				t.Fatal(err)
			}
		}
	}
	return d
}

// noteService is org.freedesktop.Notifications.
type noteService desk

func (s *noteService) GetCapabilities() ([]string, *dbus.Error) {
	return []string{"actions", "body"}, nil
}

func (s *noteService) Notify(_ string, replaces uint32, _, title, body string, _ []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := replaces
	if id == 0 {
		s.next++
		id = s.next
	}
	s.notes[id] = [2]string{title, body}
	return id, nil
}

func (s *noteService) CloseNotification(id uint32) *dbus.Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.notes, id)
	return nil
}

// watcher is org.kde.StatusNotifierWatcher.
type watcher desk

func (w *watcher) RegisterStatusNotifierItem(name string) *dbus.Error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.items = append(w.items, name)
	return nil
}

func (w *watcher) Get(string, string) (dbus.Variant, *dbus.Error) { return dbus.MakeVariant(true), nil }

// portal is org.freedesktop.portal.Settings.
type portal desk

func (p *portal) scheme() dbus.Variant {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dark {
		return dbus.MakeVariant(uint32(1))
	}
	return dbus.MakeVariant(uint32(2))
}

func (p *portal) Read(string, string) (dbus.Variant, *dbus.Error) {
	return dbus.MakeVariant(p.scheme()), nil
}

func (p *portal) ReadOne(string, string) (dbus.Variant, *dbus.Error) { return p.scheme(), nil }

// setDark changes the looks of the desktop.
func (d *desk) setDark(yes bool) {
	d.t.Helper()
	d.mu.Lock()
	d.dark = yes
	d.mu.Unlock()
	if err := d.conn.Emit(portalPath, portalLooks+".SettingChanged", looksGroup, looksKey, (*portal)(d).scheme()); err != nil {
		d.t.Fatal(err)
	}
}

// note is the number of the notification with a title and a body, 0 for none.
func (d *desk) note(title, body string) uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, n := range d.notes {
		if n[0] == title && strings.Contains(n[1], body) {
			return id
		}
	}
	return 0
}

// clickNote clicks a notification.
func (d *desk) clickNote(id uint32) {
	d.t.Helper()
	if err := d.conn.Emit(notesPath, notesName+".ActionInvoked", id, "default"); err != nil {
		d.t.Fatal(err)
	}
}

// item is the name of the program in the tray that came last, "" for none.
func (d *desk) item() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.items) == 0 {
		return ""
	}
	return d.items[len(d.items)-1]
}

// tooltip is that of the icon.
func (d *desk) tooltip() string {
	var v dbus.Variant
	if d.conn.Object(d.item(), itemPath).Call(properties+".Get", 0, "org.kde.StatusNotifierItem", "ToolTip").Store(&v) != nil {
		return ""
	}
	var tip struct {
		Icon  string
		Icons []struct {
			Width, Height int32
			Data          []byte
		}
		Title, Text string
	}
	if dbus.Store([]any{v.Value()}, &tip) != nil {
		return ""
	}
	return tip.Text
}

// choose chooses a line of the menu of the icon.
func (d *desk) choose(label string) {
	d.t.Helper()
	var lines []struct {
		ID         int32
		Properties map[string]dbus.Variant
	}
	menu := d.conn.Object(d.item(), menuPath)
	if err := menu.Call("com.canonical.dbusmenu.GetGroupProperties", 0, []int32{}, []string{}).Store(&lines); err != nil {
		d.t.Fatal(err)
	}
	for _, l := range lines {
		if l.Properties["label"].Value() == label {
			if err := menu.Call("com.canonical.dbusmenu.Event", 0, l.ID, "clicked", dbus.MakeVariant(""), uint32(0)).Err; err != nil {
				d.t.Fatal(err)
			}
			return
		}
	}
	d.t.Fatalf("the tray does not offer %q but %v", label, lines)
}

// onScreen reports whether the window is shown.
func (w *window) onScreen() bool {
	out, err := exec.Command("xdotool", "search", "--onlyvisible", "--pid", strconv.Itoa(w.cmd.Process.Pid)).Output()
	return err == nil && slices.Contains(strings.Fields(string(out)), w.id)
}

// ground is the colour at the lower left corner of the window, below the list.
func (w *window) ground() [3]byte {
	w.t.Helper()
	id, err := strconv.ParseUint(w.id, 10, 32)
	if err != nil {
		w.t.Fatal(err)
	}
	conn := connectX(w.t)
	defer conn.Close()
	g, err := xproto.GetGeometry(conn, xproto.Drawable(id)).Reply()
	if err != nil {
		w.t.Fatal(err)
	}
	reply, err := xproto.GetImage(conn, xproto.ImageFormatZPixmap, xproto.Drawable(id), 8, int16(g.Height)-8, 1, 1, 0xffffffff).Reply()
	if err != nil {
		w.t.Fatal(err)
	}
	return [3]byte(reply.Data[:3])
}

// frame is which frame the window asks its manager for.
func (w *window) frame() string {
	out, err := exec.CommandContext(w.t.Context(), "xprop", "-id", w.id, "-notype", "_GTK_THEME_VARIANT").Output()
	if err != nil {
		w.t.Fatal(err)
	}
	_, variant, _ := strings.Cut(strings.TrimSpace(string(out)), " = ")
	return strings.Trim(variant, `"`)
}

func connectX(t testing.TB) *xgb.Conn {
	t.Helper()
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConn()
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// A window that is closed into the tray goes on: what comes is notified, and the click
// opens the chat; a second start with a link raises it too. The looks of the desktop
// are followed while it runs.
func TestTheDesktopAroundAWindow(t *testing.T) {
	d := startDesk(t)
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	p, err := profile.Open(data, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Save(profile.Settings{CloseToTray: true}); err != nil {
		t.Fatal(err)
	}
	w := open(t, "--data", data)
	w.signIn(server.addr, "ann")
	w.eventually("the program is in the tray", func() bool { return d.item() != "" && d.tooltip() == "Nothing unread" })

	bright := func() bool { g := w.ground(); return int(g[0])+int(g[1])+int(g[2]) > 3*128 }
	w.eventually("the window is light", bright)
	d.setDark(true)
	w.eventually("the window is dark", func() bool { return !bright() })
	w.eventually("its frame is, too", func() bool { return w.frame() == "dark" })
	d.setDark(false)
	w.eventually("the window is light again", bright)

	w.key("alt+F4")
	w.eventually("the window is gone, and it is said where", func() bool { return !w.onScreen() && d.note("Magpie is still running", "tray") != 0 })
	says(t, server.other("ben"), "ann", 1, 1)
	w.eventually("the message is notified", func() bool { return d.note("ben", "number 1") != 0 })
	w.eventually("the tray has it", func() bool { return d.tooltip() == "1 unread message" })
	d.clickNote(d.note("ben", "number 1"))
	w.eventually("the window is back", w.onScreen)
	w.seesInMessages("number 1")
	w.activate()
	w.eventually("what is read is not notified any more", func() bool { return d.note("ben", "number 1") == 0 && d.tooltip() == "Nothing unread" })

	d.choose("Hide the window")
	w.eventually("the window is gone", func() bool { return !w.onScreen() })
	second := exec.CommandContext(t.Context(), os.Getenv("MAGPIE_BINARY"), "--data", data, "magpie://chat/C2Cann")
	second.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+w.runtime)
	if out, err := second.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	w.eventually("the link brings it", w.onScreen)
	w.seesInMessages("Notes to self")
	d.choose("Hide the window")
	w.eventually("the window is gone", func() bool { return !w.onScreen() })
	d.choose("Quit")
	w.endsWithin(10 * time.Second)
}

// geometry is where the content of the window is, and how large.
func (w *window) geometry() image.Rectangle {
	w.t.Helper()
	out, err := exec.CommandContext(w.t.Context(), "xdotool", "getwindowgeometry", "--shell", w.id).Output()
	if err != nil {
		w.t.Fatal(err)
	}
	v := map[string]int{}
	for _, line := range strings.Fields(string(out)) {
		name, value, _ := strings.Cut(line, "=")
		v[name], _ = strconv.Atoi(value) // all but the id are numbers
	}
	return image.Rect(v["X"], v["Y"], v["X"]+v["WIDTH"], v["Y"]+v["HEIGHT"])
}

// maximise asks the window manager for the largest window.
func (w *window) maximise() {
	w.t.Helper()
	conn := connectX(w.t)
	defer conn.Close()
	atom := func(name string) uint32 {
		reply, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			w.t.Fatal(err)
		}
		return uint32(reply.Atom)
	}
	id, err := strconv.ParseUint(w.id, 10, 32)
	if err != nil {
		w.t.Fatal(err)
	}
	event := xproto.ClientMessageEvent{Format: 32, Window: xproto.Window(id), Type: xproto.Atom(atom("_NET_WM_STATE")),
		Data: xproto.ClientMessageDataUnionData32New([]uint32{1, atom("_NET_WM_STATE_MAXIMIZED_VERT"), atom("_NET_WM_STATE_MAXIMIZED_HORZ"), 1, 0})}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	if err := xproto.SendEventChecked(conn, false, root, xproto.EventMaskSubstructureRedirect|xproto.EventMaskSubstructureNotify, string(event.Bytes())).Check(); err != nil {
		w.t.Fatal(err)
	}
}

// closes closes the window as a person does.
func (w *window) closes() {
	w.t.Helper()
	w.key("alt+F4")
	w.endsWithin(patience)
}

// A window comes back where it was and as large, maximised if it was, and where it can
// be seen if its screen is gone.
func TestAWindowComesBackWhereItWas(t *testing.T) {
	data := t.TempDir()
	w := open(t, "--data", data)
	w.sees("Sign in")
	w.xdotool("windowsize", "--sync", w.id, "700", "560")
	w.xdotool("windowmove", "--sync", w.id, "140", "160")
	var was image.Rectangle
	w.eventually("it stands still", func() bool {
		now := w.geometry()
		same := now == was && now.Dx() == 700 && now.Min.X >= 140 && now.Min.Y >= 160
		was = now
		return same
	})
	w.closes()

	w = open(t, "--data", data)
	w.sees("Sign in")
	w.eventually(fmt.Sprint("it is again at ", was), func() bool { return w.geometry() == was })
	w.maximise()
	w.eventually("it is large", func() bool { return w.geometry().Dx() > 1200 })
	large := w.geometry()
	w.closes()

	w = open(t, "--data", data)
	w.eventually("it is maximised again", func() bool { return w.geometry() == large })
	w.closes()
	p, err := profile.Open(data, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Update(time.Now(), func(s *profile.Settings) {
		if s.Place == nil || !s.Place.Maximised || s.Width != 700 || s.Height != 560 {
			t.Errorf("%+v, %v × %v", s.Place, s.Width, s.Height)
		}
		s.Place = &profile.Place{X: 5000, Y: 100}
	}); err != nil {
		t.Fatal(err)
	}
	w = open(t, "--data", data)
	w.eventually("it is on the screen that there is", func() bool { return w.geometry().In(image.Rect(0, 0, 1280, 800)) && w.geometry().Dx() == 700 })
	w.closes()
}
