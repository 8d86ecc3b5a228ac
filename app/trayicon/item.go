//go:build linux || freebsd || openbsd || netbsd || dragonfly

package trayicon

import (
	"bytes"
	"image"
	"sync"

	"github.com/godbus/dbus/v5"
)

// item is the object that a tray asks for the icon.
type item struct {
	id       string
	activate func()

	mu        sync.Mutex
	icons     []pixmap
	title     string
	tooltip   string
	attention bool
}

// pixmap is a picture on the bus: rows of alpha, red, green and blue.
type pixmap struct {
	Width, Height int32
	Data          []byte
}

// tip is a tooltip on the bus.
type tip struct {
	Icon        string
	Icons       []pixmap
	Title, Text string
}

// signal is one that says what changed.
type signal struct {
	name string
	body []any
}

// set takes in a view and returns what changed by it.
func (i *item) set(v *View) (changed []signal) {
	icons := make([]pixmap, 0, len(v.Icons))
	for _, img := range v.Icons {
		icons = append(icons, toPixmap(img))
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if !samePixmaps(i.icons, icons) {
		i.icons = icons
		changed = append(changed, signal{name: "NewIcon"})
	}
	if i.title != v.Title {
		i.title = v.Title
		changed = append(changed, signal{name: "NewTitle"})
	}
	if i.tooltip != v.Tooltip {
		i.tooltip = v.Tooltip
		changed = append(changed, signal{name: "NewToolTip"})
	}
	if i.attention != v.Attention {
		i.attention = v.Attention
		changed = append(changed, signal{"NewStatus", []any{status(v.Attention)}})
	}
	return changed
}

func status(attention bool) string {
	if attention {
		return "NeedsAttention"
	}
	return "Active"
}

func (i *item) properties() map[string]dbus.Variant {
	i.mu.Lock()
	defer i.mu.Unlock()
	icons := i.icons
	if icons == nil {
		icons = []pixmap{}
	}
	return map[string]dbus.Variant{
		"Category":            dbus.MakeVariant("Communications"),
		"Id":                  dbus.MakeVariant(i.id),
		"Title":               dbus.MakeVariant(i.title),
		"Status":              dbus.MakeVariant(status(i.attention)),
		"WindowId":            dbus.MakeVariant(int32(0)),
		"IconName":            dbus.MakeVariant(""),
		"IconThemePath":       dbus.MakeVariant(""),
		"IconPixmap":          dbus.MakeVariant(icons),
		"OverlayIconName":     dbus.MakeVariant(""),
		"OverlayIconPixmap":   dbus.MakeVariant([]pixmap{}),
		"AttentionIconName":   dbus.MakeVariant(""),
		"AttentionIconPixmap": dbus.MakeVariant(icons),
		"AttentionMovieName":  dbus.MakeVariant(""),
		"ToolTip":             dbus.MakeVariant(tip{Icons: []pixmap{}, Title: i.title, Text: escape(i.tooltip)}),
		"ItemIsMenu":          dbus.MakeVariant(false),
		"Menu":                dbus.MakeVariant(menuPath),
	}
}

// Activate implements org.kde.StatusNotifierItem: a click.
func (i *item) Activate(_, _ int32) *dbus.Error {
	i.activate()
	return nil
}

// SecondaryActivate implements org.kde.StatusNotifierItem: a click of the middle button.
func (i *item) SecondaryActivate(_, _ int32) *dbus.Error { return i.Activate(0, 0) }

// ContextMenu implements org.kde.StatusNotifierItem. The tray shows the menu itself.
func (i *item) ContextMenu(_, _ int32) *dbus.Error { return nil }

// Scroll implements org.kde.StatusNotifierItem.
func (i *item) Scroll(int32, string) *dbus.Error { return nil }

func toPixmap(img image.Image) pixmap {
	b := img.Bounds()
	p := pixmap{int32(b.Dx()), int32(b.Dy()), make([]byte, 0, 4*b.Dx()*b.Dy())}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, b, a := img.At(x, y).RGBA()
			p.Data = append(p.Data, byte(a>>8), byte(r>>8), byte(g>>8), byte(b>>8))
		}
	}
	return p
}

func samePixmaps(a, b []pixmap) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Width != b[i].Width || !bytes.Equal(a[i].Data, b[i].Data) {
			return false
		}
	}
	return true
}
