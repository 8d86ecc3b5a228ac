//go:build linux || freebsd || openbsd || netbsd || dragonfly

package trayicon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names of the two sides; https://www.freedesktop.org/wiki/Specifications/StatusNotifierItem.
const (
	itemInterface = "org.kde.StatusNotifierItem"
	itemPath      = dbus.ObjectPath("/StatusNotifierItem")
	menuPath      = dbus.ObjectPath("/StatusNotifierItem/menu")
	menuInterface = "com.canonical.dbusmenu"

	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = dbus.ObjectPath("/StatusNotifierWatcher")

	busInterface        = "org.freedesktop.DBus"
	propertiesInterface = busInterface + ".Properties"
)

// Supported reports whether this system has a tray that this package speaks to.
const Supported = true

// callPatience is how long the watcher may take for an answer.
const callPatience = 3 * time.Second

// desktop is the tray over D-Bus.
type desktop struct {
	conn *dbus.Conn
	name string // on the bus
	o    Options
	item *item
	menu *menu

	signals chan *dbus.Signal
	wake    chan struct{}
	ctx     context.Context
	cancel  context.CancelFunc
	done    sync.WaitGroup

	mu   sync.Mutex
	next *View // to be shown, nil for nothing new

	// hosted is what Hosted was told last, nil for nothing yet. It belongs to listen.
	hosted *bool
}

// New puts the program into the tray. It succeeds without one too: a tray may come
// later, and Hosted tells. The error is that of a session without D-Bus.
func New(ctx context.Context, o Options) (Tray, error) {
	conn, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("trayicon: no session bus: %w", err)
	}
	d := &desktop{
		conn: conn, o: o, name: fmt.Sprintf("%s-%d-1", itemInterface, os.Getpid()),
		item: &item{id: o.ID, activate: o.Activate}, menu: newMenu(),
		signals: make(chan *dbus.Signal, 64), wake: make(chan struct{}, 1),
	}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	if err := d.begin(ctx); err != nil {
		d.cancel()
		return nil, errors.Join(fmt.Errorf("trayicon: %w", err), conn.Close())
	}
	d.done.Go(d.run)
	d.done.Go(d.listen)
	return d, nil
}

// begin offers the icon and its menu, and listens to who comes to show them.
func (d *desktop) begin(ctx context.Context) error {
	for _, e := range []struct {
		object any
		path   dbus.ObjectPath
		name   string
	}{
		{d.item, itemPath, itemInterface},
		{properties{itemInterface, d.item.properties}, itemPath, propertiesInterface},
		{d.menu, menuPath, menuInterface},
		{properties{menuInterface, d.menu.properties}, menuPath, propertiesInterface},
	} {
		if err := d.conn.Export(e.object, e.path, e.name); err != nil {
			return err
		}
	}
	// A sandbox may forbid names; the path alone is understood too.
	if reply, err := d.conn.RequestName(d.name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		d.name = string(itemPath)
	}
	if err := d.conn.AddMatchSignalContext(ctx, dbus.WithMatchSender(busInterface), dbus.WithMatchInterface(busInterface),
		dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, watcherName)); err != nil {
		return err
	}
	if err := d.conn.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(watcherPath), dbus.WithMatchInterface(watcherName)); err != nil {
		return err
	}
	d.conn.Signal(d.signals)
	return nil
}

// listen registers the icon with every watcher that comes, and tells of its host.
func (d *desktop) listen() {
	d.register()
	for {
		select {
		case s, ok := <-d.signals:
			if !ok {
				return
			}
			if s == nil {
				continue
			}
			switch s.Name {
			case busInterface + ".NameOwnerChanged":
				d.register()
			case watcherName + ".StatusNotifierHostRegistered", watcherName + ".StatusNotifierHostUnregistered":
				d.lookForHost()
			}
		case <-d.ctx.Done():
			return
		}
	}
}

func (d *desktop) register() {
	ctx, cancel := context.WithTimeout(d.ctx, callPatience)
	defer cancel()
	// Nothing is started for it; where there is no watcher, there is no tray.
	d.conn.Object(watcherName, watcherPath).CallWithContext(ctx, watcherName+".RegisterStatusNotifierItem", dbus.FlagNoAutoStart, d.name)
	d.lookForHost()
}

// lookForHost asks the watcher whether anybody draws the tray.
func (d *desktop) lookForHost() {
	ctx, cancel := context.WithTimeout(d.ctx, callPatience)
	defer cancel()
	var v dbus.Variant
	err := d.conn.Object(watcherName, watcherPath).CallWithContext(ctx, propertiesInterface+".Get", dbus.FlagNoAutoStart,
		watcherName, "IsStatusNotifierHostRegistered").Store(&v)
	yes, is := v.Value().(bool)
	yes = err == nil && is && yes
	if d.ctx.Err() != nil || d.hosted != nil && *d.hosted == yes {
		return
	}
	d.hosted = &yes
	d.o.Hosted(yes)
}

// Show implements Tray.
func (d *desktop) Show(v View) {
	d.mu.Lock()
	d.next = &v
	d.mu.Unlock()
	select {
	case d.wake <- struct{}{}:
	default: // it is about to look
	}
}

// run shows what Show was given.
func (d *desktop) run() {
	for {
		select {
		case <-d.wake:
		case <-d.ctx.Done():
			return
		}
		d.mu.Lock()
		v := d.next
		d.next = nil
		d.mu.Unlock()
		if v == nil {
			continue
		}
		for _, signal := range d.item.set(v) {
			_ = d.conn.Emit(itemPath, itemInterface+"."+signal.name, signal.body...) // fails when the bus is gone, and the tray with it
		}
		if revision, changed := d.menu.set(v.Menu); changed {
			_ = d.conn.Emit(menuPath, menuInterface+".LayoutUpdated", revision, int32(0))
		}
	}
}

// Close implements Tray.
func (d *desktop) Close() error {
	d.cancel()
	d.done.Wait()
	return d.conn.Close()
}

// properties answers org.freedesktop.DBus.Properties for one interface.
type properties struct {
	name string
	all  func() map[string]dbus.Variant
}

// Get implements org.freedesktop.DBus.Properties.
func (p properties) Get(name, property string) (dbus.Variant, *dbus.Error) {
	v, ok := p.all()[property]
	if name != p.name || !ok {
		return dbus.Variant{}, dbus.NewError(busInterface+".Error.UnknownProperty", []any{name + "." + property})
	}
	return v, nil
}

// GetAll implements org.freedesktop.DBus.Properties.
func (p properties) GetAll(name string) (map[string]dbus.Variant, *dbus.Error) {
	if name != p.name {
		return map[string]dbus.Variant{}, nil
	}
	return p.all(), nil
}

// Set implements org.freedesktop.DBus.Properties; there is nothing to set.
func (p properties) Set(name, property string, _ dbus.Variant) *dbus.Error {
	return dbus.NewError(busInterface+".Error.PropertyReadOnly", []any{name + "." + property})
}
