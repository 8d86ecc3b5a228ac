package app

import (
	"bytes"
	"image"
	"image/png"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"magpie/app/trayicon"
)

// toolkitTray is the tray as Fyne has it, on systems where [trayicon.New] has none. It
// starts goroutines with every menu that never end, so the menu has only lines that
// change when a person does something; the icon has the number. Its methods belong to
// the goroutine of the user interface.
type toolkitTray struct {
	app   desktop.App
	icon  image.Image
	lines []trayicon.Item
}

// newToolkitTray is nil where Fyne has no tray.
func newToolkitTray(app fyne.App) trayicon.Tray {
	if d, ok := app.(desktop.App); ok {
		return &toolkitTray{app: d}
	}
	return nil
}

// Show implements trayicon.Tray. The first call is the one before the event loop runs, or
// there is no tray.
func (t *toolkitTray) Show(v trayicon.View) {
	lines := slices.DeleteFunc(slices.Clone(v.Menu), func(i trayicon.Item) bool { return i.Passing })
	same := slices.EqualFunc(lines, t.lines, func(a, b trayicon.Item) bool {
		return a.Label == b.Label && a.Checked == b.Checked && a.Disabled == b.Disabled
	})
	if !same {
		t.showMenu(v.Title, lines)
	}
	if n := len(v.Icons); n > 0 && v.Icons[n-1] != t.icon {
		t.icon = v.Icons[n-1]
		var b bytes.Buffer
		if err := png.Encode(&b, t.icon); err == nil { // it always is, in memory
			t.app.SetSystemTrayIcon(fyne.NewStaticResource("tray.png", b.Bytes()))
		}
	}
}

// showMenu sets the lines.
func (t *toolkitTray) showMenu(title string, lines []trayicon.Item) {
	t.lines = lines
	menu := fyne.NewMenu(title)
	for i, line := range lines {
		item := fyne.NewMenuItem(line.Label, line.Do)
		if line.Label == "" {
			item = fyne.NewMenuItemSeparator()
		}
		item.Checked, item.Disabled = line.Checked, line.Disabled
		item.IsQuit = i == len(lines)-1 // or Fyne adds one that asks nobody
		menu.Items = append(menu.Items, item)
	}
	t.app.SetSystemTrayMenu(menu)
}

// Close implements trayicon.Tray: the icon goes with the event loop.
func (t *toolkitTray) Close() error { return nil }
