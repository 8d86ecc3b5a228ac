package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// Module is the path all our own packages begin with.
const Module = "magpie"

// Room is a part of the tree with one set of rules. A package belongs to the
// room with the longest path that contains it.
type Room struct {
	Path string   // below the module's root; "." is main.go
	Ours []string // rooms that it may import, itself always
	Libs []string // of the guarded libraries, those that it may import
}

// The guarded libraries. Everything that is not listed may be imported by all.
const (
	Fyne      = "fyne.io"
	FyneApp   = "fyne.io/fyne/v2/app" // links the window driver, hence cgo and OpenGL
	Bolt      = "go.etcd.io/bbolt"
	NATS      = "github.com/nats-io"
	Synadia   = "github.com/synadia-io"
	WebSocket = "github.com/gorilla/websocket"
	Malgo     = "github.com/gen2brain/malgo"
	Beep      = "github.com/faiface/beep"
	Wazero    = "github.com/tetratelabs/wazero"
	AAC       = "github.com/tphakala"
	MP4       = "github.com/Eyevinn/mp4ff"
	Clipboard = "golang.design/x/clipboard"
	Keyring   = "github.com/zalando/go-keyring"
	Cgo       = "C"
	Net       = "net"
	HTTP      = "net/http"
)

// Guarded lists the guarded libraries, each with all packages below it except
// that net and net/http stand for themselves: net/url and net/netip are data.
func Guarded() []string {
	return []string{Fyne, FyneApp, Bolt, NATS, Synadia, WebSocket, Malgo, Beep, Wazero, AAC, MP4, Clipboard, Keyring, Cgo, Net, HTTP}
}

// Rooms is the table: main → app → {core, widgets} → {store, media, im} and
// server → im.
func Rooms() []Room {
	return []Room{
		{Path: ".", Ours: []string{"app", "app/core", "app/clipboard", "app/vault", "server", "im", "assets", "store"}, Libs: []string{Fyne, FyneApp, Cgo, Net, HTTP}},
		{Path: "app", Ours: []string{"app/core", "app/proxy", "app/thumbs", "app/vault", "widgets", "media", "media/device", "media/sandbox", "store", "server", "im", "assets", "internal/bustest", "internal/crash", "internal/durable", "internal/seal", "internal/soundtest", "internal/testcache"}, Libs: []string{Fyne, FyneApp, Cgo, Net, HTTP}},
		{Path: "app/core", Ours: []string{"store", "media", "media/sandbox", "im", "internal/crash", "internal/durable", "internal/seal"}, Libs: []string{WebSocket, Net, HTTP}},
		{Path: "app/clipboard", Ours: []string{"im"}, Libs: []string{Clipboard}},
		{Path: "app/proxy", Ours: []string{"im"}, Libs: []string{Net, HTTP}},
		{Path: "app/thumbs", Ours: []string{"media", "im"}},
		{Path: "app/vault", Ours: []string{"store", "server", "im", "internal/crash", "internal/durable", "internal/seal"}, Libs: []string{Keyring}},
		{Path: "widgets", Ours: []string{"im", "assets"}, Libs: []string{Fyne}},
		{Path: "media", Ours: []string{"media/sandbox", "im", "internal/testcache"}, Libs: []string{Beep, AAC, MP4}},
		{Path: "media/device", Ours: []string{"media", "im", "internal/soundtest"}, Libs: []string{Malgo, Beep, Cgo}},
		{Path: "media/sandbox", Ours: []string{"internal/testcache"}, Libs: []string{Wazero}},
		{Path: "store", Ours: []string{"im", "internal/crash", "internal/durable", "internal/seal"}, Libs: []string{Bolt}},
		{Path: "im"},
		{Path: "internal/seal"},
		{Path: "internal/durable"},
		{Path: "assets"},
		{Path: "server", Ours: []string{"im", "internal/seal"}, Libs: []string{NATS, Synadia, WebSocket, Net, HTTP}},
		{Path: "internal", Libs: []string{Fyne, FyneApp, Net, HTTP}},
		{Path: "internal/crash"},
		{Path: "internal/imeprobe", Ours: []string{"widgets"}, Libs: []string{Fyne, FyneApp}},
		{Path: "internal/testcache"},
		{Path: "internal/bustest"},
		{Path: "internal/licences", Ours: []string{"assets"}},
		{Path: "internal/soundtest", Ours: []string{"media", "media/device", "media/sandbox", "internal/testcache"}},
		{Path: "scripts"},
		{Path: "packaging"},
	}
}

// RoomOf returns the room that the package in dir, slash-separated below the
// root, belongs to; false if it belongs to none.
func RoomOf(dir string) (Room, bool) {
	var best Room
	found := false
	for _, room := range Rooms() {
		inside := dir == room.Path || room.Path != "." && strings.HasPrefix(dir, room.Path+"/")
		if inside && (!found || len(room.Path) > len(best.Path)) {
			best, found = room, true
		}
	}
	return best, found
}

// Check returns an error if the package in dir may not import path.
func Check(dir, path string) error {
	room, ok := RoomOf(dir)
	if !ok {
		return fmt.Errorf("%s is in no room of the architecture", dir)
	}
	if ours, ok := strings.CutPrefix(path, Module+"/"); ok {
		target, ok := RoomOf(ours)
		if !ok {
			return fmt.Errorf("%s imports %s, which is in no room of the architecture", dir, path)
		}
		if target.Path != room.Path && !slices.Contains(room.Ours, target.Path) {
			return fmt.Errorf("%s may not import %s", name(room), path)
		}
		return nil
	}
	if lib := guard(path); lib != "" && !slices.Contains(room.Libs, lib) {
		return fmt.Errorf("%s may not import %s", name(room), path)
	}
	return nil
}

// guard returns the most exact guarded library that path belongs to, or "".
func guard(path string) string {
	best := ""
	for _, lib := range Guarded() {
		whole := lib == Net || lib == HTTP || lib == Cgo
		if path == lib || !whole && strings.HasPrefix(path, lib+"/") {
			if len(lib) > len(best) {
				best = lib
			}
		}
	}
	return best
}

func name(room Room) string {
	if room.Path == "." {
		return "main"
	}
	return room.Path
}
