//go:build linux || freebsd || openbsd || netbsd || dragonfly

package trayicon

import (
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
)

// menu is the object that a tray asks for the menu. It has no menus below: some
// programs that show it lose those.
//
// A menu may be open while it changes. A line keeps its number as long as the lines
// are the same; one that was replaced still does, for one more menu, what it said.
type menu struct {
	mu       sync.Mutex
	revision uint32
	next     int32 // the number of the line that comes next
	items    []Item
	ids      []int32
	before   map[int32]func() // what the lines of the menu before did
}

func newMenu() *menu { return &menu{revision: 1, next: 1} }

// set replaces the lines; changed is whether they look different.
func (m *menu) set(items []Item) (revision uint32, changed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	same := len(items) == len(m.items)
	for i := 0; same && i < len(items); i++ {
		a, b := items[i], m.items[i]
		same = a.Label == b.Label && a.Checked == b.Checked && a.Disabled == b.Disabled
	}
	if same {
		m.items = items
		return m.revision, false
	}
	m.before = map[int32]func(){}
	for i, id := range m.ids {
		m.before[id] = m.items[i].Do
	}
	m.items, m.ids = items, make([]int32, len(items))
	for i := range items {
		m.ids[i] = m.next
		m.next++
	}
	m.revision++
	return m.revision, true
}

// layout is a line on the bus, with those below it.
type layout struct {
	ID         int32
	Properties map[string]dbus.Variant
	Children   []dbus.Variant
}

// line is a line without those below it.
type line struct {
	ID         int32
	Properties map[string]dbus.Variant
}

func (m *menu) properties() map[string]dbus.Variant {
	return map[string]dbus.Variant{
		"Version":       dbus.MakeVariant(uint32(3)),
		"TextDirection": dbus.MakeVariant("ltr"),
		"Status":        dbus.MakeVariant("normal"),
		"IconThemePath": dbus.MakeVariant([]string{}),
	}
}

// describe are the properties of line id; false for one that is not there. 0 is the
// menu itself.
func (m *menu) describe(id int32) (map[string]dbus.Variant, bool) {
	if id == 0 {
		return map[string]dbus.Variant{"children-display": dbus.MakeVariant("submenu")}, true
	}
	for i := range m.ids {
		if m.ids[i] != id {
			continue
		}
		it := &m.items[i]
		if it.Label == "" {
			return map[string]dbus.Variant{"type": dbus.MakeVariant("separator")}, true
		}
		p := map[string]dbus.Variant{"label": dbus.MakeVariant(plainLabel(it.Label)), "enabled": dbus.MakeVariant(!it.Disabled)}
		if it.Checked {
			p["toggle-type"], p["toggle-state"] = dbus.MakeVariant("checkmark"), dbus.MakeVariant(int32(1))
		}
		return p, true
	}
	return map[string]dbus.Variant{}, false
}

// GetLayout implements com.canonical.dbusmenu.
func (m *menu) GetLayout(parent, depth int32, _ []string) (uint32, layout, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	properties, ok := m.describe(parent)
	l := layout{ID: parent, Properties: properties, Children: []dbus.Variant{}}
	if !ok {
		return m.revision, l, unknown()
	}
	if parent == 0 && depth != 0 {
		for _, id := range m.ids {
			properties, _ := m.describe(id)
			l.Children = append(l.Children, dbus.MakeVariant(layout{id, properties, []dbus.Variant{}}))
		}
	}
	return m.revision, l, nil
}

// GetGroupProperties implements com.canonical.dbusmenu.
func (m *menu) GetGroupProperties(ids []int32, _ []string) ([]line, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(ids) == 0 { // all are meant
		ids = append([]int32{0}, m.ids...)
	}
	lines := []line{}
	for _, id := range ids {
		if p, ok := m.describe(id); ok {
			lines = append(lines, line{id, p})
		}
	}
	return lines, nil
}

// GetProperty implements com.canonical.dbusmenu.
func (m *menu) GetProperty(id int32, name string) (dbus.Variant, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	p, _ := m.describe(id)
	v, ok := p[name]
	if !ok {
		return dbus.Variant{}, unknown()
	}
	return v, nil
}

// Event implements com.canonical.dbusmenu.
func (m *menu) Event(id int32, kind string, _ dbus.Variant, _ uint32) *dbus.Error {
	if kind != "clicked" {
		return nil
	}
	if do := m.action(id); do != nil {
		do()
	}
	return nil
}

// action is what line id does, nil for nothing.
func (m *menu) action(id int32) func() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.ids {
		if m.ids[i] == id && !m.items[i].Disabled {
			return m.items[i].Do
		}
	}
	return m.before[id]
}

// event is one of several.
type event struct {
	ID   int32
	Kind string
	Data dbus.Variant
	Time uint32
}

// EventGroup implements com.canonical.dbusmenu.
func (m *menu) EventGroup(events []event) ([]int32, *dbus.Error) {
	for _, e := range events {
		_ = m.Event(e.ID, e.Kind, e.Data, e.Time) // it has no errors
	}
	return []int32{}, nil
}

// AboutToShow implements com.canonical.dbusmenu: the menu is always up to date.
func (m *menu) AboutToShow(int32) (bool, *dbus.Error) { return false, nil }

// AboutToShowGroup implements com.canonical.dbusmenu.
func (m *menu) AboutToShowGroup([]int32) ([]int32, []int32, *dbus.Error) {
	return []int32{}, []int32{}, nil
}

func unknown() *dbus.Error {
	return dbus.NewError("com.canonical.dbusmenu.Error", []any{"no such line of the menu"})
}

// plainLabel is a label without keys: an underscore would mark one.
func plainLabel(s string) string { return strings.ReplaceAll(s, "_", "__") }

// escape makes a text one without markup, which tooltips may have.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
