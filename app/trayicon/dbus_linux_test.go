package trayicon

import (
	"image"
	"image/color"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"go.uber.org/goleak"

	"magpie/internal/bustest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is a desktop with a tray, or without.
type desk struct {
	t          *testing.T
	conn       *dbus.Conn
	hosts      atomic.Bool
	registered chan string
	signals    chan *dbus.Signal
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, conn: bustest.Connect(t, bustest.Start(t)), registered: make(chan string, 10), signals: make(chan *dbus.Signal, 100)}
	if err := d.conn.Export(d, watcherPath, watcherName); err != nil {
		t.Fatal(err)
	}
	hosted := func() map[string]dbus.Variant {
		return map[string]dbus.Variant{"IsStatusNotifierHostRegistered": dbus.MakeVariant(d.hosts.Load())}
	}
	if err := d.conn.Export(properties{watcherName, hosted}, watcherPath, propertiesInterface); err != nil {
		t.Fatal(err)
	}
	if err := d.conn.AddMatchSignal(dbus.WithMatchPathNamespace(itemPath)); err != nil {
		t.Fatal(err)
	}
	d.conn.Signal(d.signals)
	return d
}

// RegisterStatusNotifierItem is what programs call.
func (d *desk) RegisterStatusNotifierItem(name string) *dbus.Error {
	d.registered <- name
	return nil
}

// comes starts the watcher.
func (d *desk) comes() {
	d.t.Helper()
	if _, err := d.conn.RequestName(watcherName, dbus.NameFlagDoNotQueue); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) goes() {
	d.t.Helper()
	if _, err := d.conn.ReleaseName(watcherName); err != nil {
		d.t.Fatal(err)
	}
}

// host says that somebody draws the tray, or does not any more.
func (d *desk) host(yes bool) {
	d.t.Helper()
	d.hosts.Store(yes)
	name := map[bool]string{true: "StatusNotifierHostRegistered", false: "StatusNotifierHostUnregistered"}[yes]
	if err := d.conn.Emit(watcherPath, watcherName+"."+name); err != nil {
		d.t.Fatal(err)
	}
}

func next[T any](t *testing.T, from <-chan T, what string) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s does not come", what)
	}
	return v
}

// until waits for a signal.
func (d *desk) until(name string) *dbus.Signal {
	d.t.Helper()
	for {
		if s := next(d.t, d.signals, name); s.Name == name {
			return s
		}
	}
}

func (d *desk) get(item string, path dbus.ObjectPath, name, property string) any {
	d.t.Helper()
	var v dbus.Variant
	if err := d.conn.Object(item, path).Call(propertiesInterface+".Get", 0, name, property).Store(&v); err != nil {
		d.t.Fatal(property, err)
	}
	return v.Value()
}

// labels are the lines of the menu with their numbers.
func (d *desk) labels(item string) (labels []string, ids []int32) {
	d.t.Helper()
	var revision uint32
	var root layout
	if err := d.conn.Object(item, menuPath).Call(menuInterface+".GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		d.t.Fatal(err)
	}
	for _, child := range root.Children {
		var l layout
		if err := dbus.Store([]any{child.Value()}, &l); err != nil {
			d.t.Fatal(err)
		}
		label, _ := l.Properties["label"].Value().(string)
		if on, _ := l.Properties["toggle-state"].Value().(int32); on == 1 {
			label = "✓ " + label
		}
		if enabled, is := l.Properties["enabled"].Value().(bool); is && !enabled {
			label = "(" + label + ")"
		}
		labels, ids = append(labels, label), append(ids, l.ID)
	}
	return labels, ids
}

func (d *desk) click(item string, id int32) {
	d.t.Helper()
	if err := d.conn.Object(item, menuPath).Call(menuInterface+".Event", 0, id, "clicked", dbus.MakeVariant(int32(0)), uint32(0)).Err; err != nil {
		d.t.Fatal(err)
	}
}

func square(side int, c color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		img.Set(i%side, i/side, c)
	}
	return img
}

func open(t *testing.T) (tr Tray, hosted chan bool, clicks chan struct{}) {
	t.Helper()
	hosted, clicks = make(chan bool, 10), make(chan struct{}, 10)
	tr, err := New(t.Context(), Options{ID: "org.magpie.chat", Activate: func() { clicks <- struct{}{} }, Hosted: func(yes bool) { hosted <- yes }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tr.Close() })
	return tr, hosted, clicks
}

func TestIconAndMenu(t *testing.T) {
	d := newDesk(t)
	d.hosts.Store(true)
	d.comes()
	tr, hosted, clicks := open(t)
	if !next(t, hosted, "the host") {
		t.Error("nobody shows it")
	}
	item := next(t, d.registered, "the icon")

	chosen := make(chan string, 10)
	do := func(s string) func() { return func() { chosen <- s } }
	tr.Show(View{
		Icons: []image.Image{square(2, color.NRGBA{1, 2, 3, 255})}, Title: "Magpie", Tooltip: "3 unread <b>", Attention: true,
		Menu: []Item{{Label: "snake_case", Do: do("a")}, {}, {Label: "Mute", Checked: true, Do: do("b")}, {Label: "3 unread", Disabled: true, Do: do("c")}},
	})
	d.until(menuInterface + ".LayoutUpdated")
	want := [][]any{{int32(2), int32(2), []byte{255, 1, 2, 3, 255, 1, 2, 3, 255, 1, 2, 3, 255, 1, 2, 3}}}
	if got := d.get(item, itemPath, itemInterface, "IconPixmap"); !reflect.DeepEqual(got, want) {
		t.Errorf("the icon is %v", got)
	}
	if got := d.get(item, itemPath, itemInterface, "ToolTip"); !reflect.DeepEqual(got, []any{"", [][]any{}, "Magpie", "3 unread &lt;b&gt;"}) {
		t.Errorf("the tooltip is %#v", got)
	}
	if got := d.get(item, itemPath, itemInterface, "Status"); got != "NeedsAttention" {
		t.Errorf("the status is %v", got)
	}
	labels, ids := d.labels(item)
	if !reflect.DeepEqual(labels, []string{"snake__case", "", "✓ Mute", "(3 unread)"}) {
		t.Fatalf("the menu is %q", labels)
	}
	if err := d.conn.Object(item, itemPath).Call(itemInterface+".Activate", 0, int32(1), int32(2)).Err; err != nil {
		t.Fatal(err)
	}
	next(t, clicks, "the click")
	d.click(item, ids[3]) // only to be read
	d.click(item, ids[0])
	if got := next(t, chosen, "the choice"); got != "a" {
		t.Errorf("chosen is %q", got)
	}

	// Somebody has the menu open while it changes: the line does what it said.
	tr.Show(View{Title: "Magpie", Menu: []Item{{Label: "Other", Do: do("other")}}})
	d.until(menuInterface + ".LayoutUpdated")
	d.click(item, ids[2])
	if got := next(t, chosen, "the choice"); got != "b" {
		t.Errorf("chosen is %q", got)
	}
	d.click(item, 12345)
	var p dbus.Variant
	if err := d.conn.Object(item, menuPath).Call(menuInterface+".GetProperty", 0, int32(12345), "label").Store(&p); err == nil {
		t.Error("a line that is not there has a label")
	}
	// The same lines are no new menu, and do what they do now.
	_, ids = d.labels(item)
	tr.Show(View{Title: "Magpie!", Menu: []Item{{Label: "Other", Do: do("new")}}})
	d.until(itemInterface + ".NewTitle")
	if _, again := d.labels(item); !reflect.DeepEqual(ids, again) {
		t.Errorf("the lines became %v, not %v", again, ids)
	}
	d.click(item, ids[0])
	if got := next(t, chosen, "the choice"); got != "new" {
		t.Errorf("chosen is %q", got)
	}
	if len(chosen) > 0 {
		t.Errorf("chosen is %q too", <-chosen)
	}
}

// Without a tray nobody is told that there is one; one that comes later has the icon,
// and so has the next one after it ended.
func TestTrayComesAndGoes(t *testing.T) {
	d := newDesk(t)
	tr, hosted, _ := open(t)
	if next(t, hosted, "the answer") {
		t.Fatal("there is no tray, and somebody shows it")
	}
	tr.Show(View{Title: "Magpie"})
	d.comes()
	next(t, d.registered, "the icon")
	d.host(true)
	if !next(t, hosted, "the host") {
		t.Error("nobody shows it")
	}
	d.host(false)
	if next(t, hosted, "the end of the host") {
		t.Error("somebody still shows it")
	}
	d.host(true)
	next(t, hosted, "the host again")
	d.goes()
	if next(t, hosted, "the end of the watcher") {
		t.Error("somebody still shows it")
	}
	d.comes()
	item := next(t, d.registered, "the icon again")
	if !next(t, hosted, "the host of the next watcher") {
		t.Error("nobody shows it")
	}
	if got := d.get(item, itemPath, itemInterface, "Id"); got != "org.magpie.chat" {
		t.Errorf("it is %v", got)
	}
}

func TestNoBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
	if _, err := New(t.Context(), Options{}); err == nil {
		t.Error("no bus, and no error")
	}
}
