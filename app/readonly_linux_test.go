package app

import (
	"errors"
	"os"
	"slices"
	"syscall"
	"testing"

	"magpie/app/core"
	"magpie/im"
)

// A data folder that may not be written: the window shows the history under a banner
// that says so, refuses what would write, and works again once it may.
func TestReadOnlyDataFolder(t *testing.T) {
	noLeaks(t)
	data := t.TempDir()
	const conv = im.ConversationID("C2Cecho")
	u := begin(t, data)
	u.start()
	u.do(func() { u.a.main.openChat(conv) })
	s := u.a.session
	if _, err := s.client.SendMessage(t.Context(), s.client.CreateTextMessage(im.ConvC2C, "echo", "kept for reading"), im.SendOptions{}); err != nil {
		t.Fatal(err)
	}
	u.until("the server has it", func() bool {
		r, err := s.client.Search(t.Context(), core.SearchQuery{Text: "reading"})
		return err == nil && r.Total > 0
	})
	u.end()

	if os.Getuid() != 0 {
		t.Skip("only root can make a folder of its own one that it may not write")
	}
	if err := syscall.Mount(data, data, "", syscall.MS_BIND, ""); err != nil {
		if errors.Is(err, syscall.EPERM) {
			t.Skipf("mounting is not permitted here: %v", err)
		}
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(data, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	remount := func(flags uintptr) {
		if err := syscall.Mount("", data, "", syscall.MS_REMOUNT|syscall.MS_BIND|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	u = begin(t, data)
	u.until("the banner", func() bool { return u.a.main != nil && u.a.main.banner.Visible() })
	if !slices.Contains(u.texts(conv), "kept for reading") {
		t.Error("the history is not shown")
	}
	r, err := u.a.session.client.Search(t.Context(), core.SearchQuery{Text: "reading"})
	if err != nil || r.Total == 0 {
		t.Errorf("search: %d, %v", r.Total, err)
	}
	_, err = u.a.session.client.SendMessage(t.Context(), u.a.session.client.CreateTextMessage(im.ConvC2C, "echo", "refused"), im.SendOptions{})
	if im.CodeOf(err) != im.CodeReadOnly {
		t.Errorf("sent: %v", err)
	}
	remount(0)
	u.do(func() { u.a.main.banner.OnAction() })
	u.until("it is connected", func() bool { return u.a.main != nil && u.a.main.connected() && !u.a.main.banner.Visible() })
	u.end()
}
