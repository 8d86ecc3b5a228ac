//go:build linux || freebsd || openbsd || netbsd || dragonfly

package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names of the service; https://specifications.freedesktop.org/notification-spec.
const (
	busName   = "org.freedesktop.Notifications"
	busPath   = dbus.ObjectPath("/org/freedesktop/Notifications")
	busPrefix = busName + "."

	// propertiesInterface tells of the properties of services, inhibitedProperty is the
	// one of a desktop that shows no notifications for a while (KDE).
	propertiesInterface = "org.freedesktop.DBus.Properties"
	inhibitedProperty   = "Inhibited"

	actionOpen  = "default"
	actionReply = "inline-reply"
)

// callPatience is how long the service may take for one call. A service that hangs
// holds up notifications, never the program.
const callPatience = 3 * time.Second

// queued is how many calls wait for a slow service before some are left out.
const queued = 256

// desktop is the service over D-Bus.
type desktop struct {
	conn    *dbus.Conn
	object  dbus.BusObject
	entry   string
	acted   func(Action)
	replies bool // the service has a field to answer in
	markup  bool // the body is a kind of HTML
	actions bool

	inhibited atomic.Bool

	work    chan func(context.Context)
	signals chan *dbus.Signal
	ctx     context.Context
	cancel  context.CancelFunc
	done    sync.WaitGroup

	// ids and keys are those of the notes that are shown; tokens those that came for
	// a note before its action.
	mu     sync.Mutex
	ids    map[string]uint32
	keys   map[uint32]string
	tokens map[uint32]string
}

// New connects to the desktop's service; entry is the name of the program's desktop
// file without its ending. acted is called, on a goroutine of its own, for what a
// person does. The error is that of a session without D-Bus, or without a service
// for notifications.
func New(ctx context.Context, entry string, acted func(Action)) (Service, error) {
	conn, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("notify: no session bus: %w", err)
	}
	d := &desktop{
		conn: conn, object: conn.Object(busName, busPath), entry: entry, acted: acted,
		work: make(chan func(context.Context), queued), signals: make(chan *dbus.Signal, queued),
		ids: map[string]uint32{}, keys: map[uint32]string{}, tokens: map[uint32]string{},
	}
	d.ctx, d.cancel = context.WithCancel(context.Background())
	if err := d.begin(ctx); err != nil {
		d.cancel()
		return nil, errors.Join(err, conn.Close())
	}
	d.done.Go(d.run)
	d.done.Go(d.listen)
	return d, nil
}

// begin asks what the service can do and listens to it.
func (d *desktop) begin(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	var can []string
	if err := d.object.CallWithContext(ctx, busPrefix+"GetCapabilities", 0).Store(&can); err != nil {
		return fmt.Errorf("notify: the desktop shows no notifications: %w", err)
	}
	d.actions = slices.Contains(can, "actions")
	d.replies = d.actions && slices.Contains(can, actionReply)
	d.markup = slices.Contains(can, "body-markup")
	if err := d.conn.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(busPath), dbus.WithMatchInterface(busName)); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	if err := d.conn.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(busPath), dbus.WithMatchInterface(propertiesInterface), dbus.WithMatchArg(0, busName)); err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	d.conn.Signal(d.signals)
	var inhibited dbus.Variant // most desktops have no such property
	if err := d.object.CallWithContext(ctx, propertiesInterface+".Get", 0, busName, inhibitedProperty).Store(&inhibited); err == nil {
		d.inhibit(inhibited)
	}
	return nil
}

// inhibit takes in what the desktop says of itself.
func (d *desktop) inhibit(v dbus.Variant) {
	if yes, is := v.Value().(bool); is {
		d.inhibited.Store(yes)
	}
}

// Inhibited implements Service.
func (d *desktop) Inhibited() bool { return d.inhibited.Load() }

// run makes the calls, one after the other.
func (d *desktop) run() {
	for {
		select {
		case f := <-d.work:
			ctx, cancel := context.WithTimeout(d.ctx, callPatience)
			f(ctx)
			cancel()
		case <-d.ctx.Done():
			return
		}
	}
}

func (d *desktop) queue(f func(context.Context)) {
	select {
	case d.work <- f:
	default: // the service hangs: what is old is of no use when it goes on
	}
}

// Show implements Service.
func (d *desktop) Show(n Note) {
	d.queue(func(ctx context.Context) {
		body := n.Body
		if d.markup {
			body = escape.Replace(body)
		}
		actions := []string{}
		if d.actions && n.Open != "" {
			actions = append(actions, actionOpen, n.Open)
		}
		if d.replies && n.Reply != "" {
			actions = append(actions, actionReply, n.Reply)
		}
		hints := map[string]dbus.Variant{
			"desktop-entry": dbus.MakeVariant(d.entry),
			"category":      dbus.MakeVariant("im.received"),
		}
		if n.Silent || d.Inhibited() {
			hints["suppress-sound"] = dbus.MakeVariant(true)
		} else {
			hints["sound-name"] = dbus.MakeVariant("message-new-instant")
		}
		d.mu.Lock()
		before := d.ids[n.Key]
		d.mu.Unlock()
		var id uint32
		err := d.object.CallWithContext(ctx, busPrefix+"Notify", 0,
			"Magpie", before, d.entry, n.Title, body, actions, hints, int32(-1)).Store(&id)
		if err != nil {
			return // it is gone, or does not answer: the window shows the message anyway
		}
		d.mu.Lock()
		delete(d.keys, before)
		d.ids[n.Key], d.keys[id] = id, n.Key
		d.mu.Unlock()
	})
}

// escape makes a text one without markup.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Withdraw implements Service.
func (d *desktop) Withdraw(key string) {
	d.queue(func(ctx context.Context) { d.withdraw(ctx, key) })
}

func (d *desktop) withdraw(ctx context.Context, key string) {
	d.mu.Lock()
	id, shown := d.ids[key]
	d.mu.Unlock()
	if shown {
		d.object.CallWithContext(ctx, busPrefix+"CloseNotification", 0, id)
		d.forget(id)
	}
}

func (d *desktop) forget(id uint32) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if key, known := d.keys[id]; known {
		delete(d.keys, id)
		if d.ids[key] == id {
			delete(d.ids, key)
		}
	}
	delete(d.tokens, id)
}

// listen hears of what a person does.
func (d *desktop) listen() {
	for {
		select {
		case s, ok := <-d.signals:
			if !ok {
				return
			}
			d.heard(s)
		case <-d.ctx.Done():
			return
		}
	}
}

// heard takes one signal. All that comes over the bus is looked at before use:
// other programs hear and send there too.
func (d *desktop) heard(s *dbus.Signal) {
	if s == nil || len(s.Body) < 2 {
		return
	}
	if s.Name == propertiesInterface+".PropertiesChanged" {
		if changed, is := s.Body[1].(map[string]dbus.Variant); is && s.Body[0] == busName {
			d.inhibit(changed[inhibitedProperty])
		}
		return
	}
	id, ok := s.Body[0].(uint32)
	if !ok {
		return
	}
	d.mu.Lock()
	key, known := d.keys[id]
	d.mu.Unlock()
	if !known {
		return
	}
	words, _ := s.Body[1].(string)
	switch s.Name {
	case busPrefix + "ActivationToken":
		d.mu.Lock()
		d.tokens[id] = words
		d.mu.Unlock()
	case busPrefix + "ActionInvoked":
		if words == actionOpen {
			d.mu.Lock()
			token := d.tokens[id]
			d.mu.Unlock()
			d.acted(Action{Key: key, Token: token})
		}
	case busPrefix + "NotificationReplied":
		if strings.TrimSpace(words) != "" {
			d.acted(Action{Key: key, Reply: words})
		}
	case busPrefix + "NotificationClosed":
		d.forget(id)
	}
}

// Close implements Service.
func (d *desktop) Close() error {
	d.mu.Lock()
	var left []string
	for key := range d.ids {
		left = append(left, key)
	}
	d.mu.Unlock()
	d.cancel()
	d.done.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), callPatience)
	defer cancel()
	for _, key := range left {
		d.withdraw(ctx, key)
	}
	return d.conn.Close()
}
