package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/media/probe"
	"magpie/widgets/canvas"
)

// openMedia is a click on a picture, a video or a file.
func (c *chat) openMedia(key canvas.Key) {
	if o, ok := c.media.byKey[key]; ok {
		c.m.open(o)
		return
	}
	c.openMerged(key)
}

// open shows a picture in the viewer; a video or a file is fetched and handed to
// the system's program for it.
func (m *mainScreen) open(o media) {
	if _, ok := o.msg.Payload.(im.ImagePayload); ok {
		m.view(o.msg)
		return
	}
	m.openOutside(o)
}

// openOutside fetches a file and opens it with the system's program. One that
// might run is only ever saved.
func (m *mainScreen) openOutside(o media) {
	if runs(o.name, nil) {
		m.cannotOpen(o)
		return
	}
	m.fetch(o, func() {
		here := m.s.screen == m && m.conversation() == o.msg.ConversationID
		if here {
			m.launch(o)
			return
		}
		// The person is somewhere else by now: nothing jumps at them.
		if s := m.s.screen; s != nil {
			s.app.offer(s.tr.F("media.fetched", i18n.Args{"Name": s.mediaName(o)}), s.tr.T("media.open"), func() { s.launch(o) })
		}
	})
}

// launch opens what is on the disk.
func (m *mainScreen) launch(o media) {
	opened, client := m.s.opened, m.s.client
	_, film := o.msg.Payload.(im.VideoPayload)
	name := m.mediaName(o)
	beside(m.s.ctx, func(ctx context.Context) (string, error) {
		f, err := client.OpenFile(o.address)
		if err != nil {
			return "", err
		}
		defer f.Close() // only read
		ending, err := safeEnding(ctx, f, name, film)
		if err != nil {
			return "", err
		}
		return opened.copy(ctx, o.msg.ID, f, ending)
	}, func(path string, err error) {
		switch {
		case im.CodeOf(err) == im.CodeVideoFormat:
			m.app.say(m.tr.T("media.noVideo"))
		case errors.Is(err, errRuns):
			m.cannotOpen(o)
		case err != nil:
			m.report(err)
		default:
			m.report(m.app.openFile(path))
		}
	})
}

// errRuns: the content of a file might run.
var errRuns = errors.New("the file might run a program")

// safeEnding looks into a file and returns the name to open it by: what is sent as
// a video has to be one, and gets the ending of what it is.
func safeEnding(ctx context.Context, f core.Content, name string, film bool) (string, error) {
	head := make([]byte, headBytes)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("open file: %w", err)
	}
	if runs(name, head[:n]) {
		return "", errRuns
	}
	if !film {
		return name, nil
	}
	info, err := probe.Probe(ctx, f, nil)
	if err != nil {
		return "", err
	}
	if info.Kind != probe.KindVideo {
		return "", im.Errorf(im.CodeVideoFormat, "%s is no video", name)
	}
	return strings.TrimSuffix(name, filepath.Ext(name)) + filmEnding(info.Format), nil
}

// filmEnding is the ending of films of a container.
func filmEnding(format string) string {
	switch format {
	case "mov":
		return ".mov"
	case "matroska":
		return ".mkv"
	case "webm":
		return ".webm"
	}
	return ".mp4"
}

// headBytes is how much of a file is looked at to tell whether it might run.
const headBytes = 512

// runs reports whether opening a file by this name and with this beginning might
// run what somebody sent.
func runs(name string, head []byte) bool {
	for _, magic := range []string{"MZ", "\x7fELF", "#!", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe",
		"[Desktop Entry]", "L\x00\x00\x00\x01\x14\x02\x00", "!<arch>"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	// Windows does not see dots and spaces at the end of a name.
	name = strings.TrimRight(strings.ToLower(name), ". ")
	ending := strings.TrimPrefix(filepath.Ext(name), ".")
	return ending != "" && strings.Contains(runnable, " "+ending+" ")
}

// runnable are the endings of programs, scripts, installers, links, documents with
// macros and pages with scripts, of all systems.
const runnable = " action apk app appimage applescript bat bin cab chm class cmd com command cpl crx csh deb desktop dll dmg docm dotm dylib elf exe fish " +
	"gadget hta htm html inf ins iso jar jnlp js jse ksh lnk mht mhtml msc msh msi msix msp mst osx out pif pkg pl potm ppam ppsm pptm ps1 ps1xml ps2 psc1 psd1 psm1 " +
	"py pyc pyw pyz rb reg rgs rpm run scf scpt scr sct service sh shb shs shtml sldm so sys terminal tool url vb vbe vbs vbscript webloc workflow ws wsc wsf wsh xbap xht xhtml xlam xlsm xltm zsh "

// cannotOpen says why a file is not opened, and offers to save it.
func (m *mainScreen) cannotOpen(o media) {
	m.app.ask(question{
		title: m.tr.T("media.runsTitle"),
		text:  m.tr.F("media.runs", i18n.Args{"Name": m.mediaName(o)}),
		yes:   m.tr.T("media.saveAs"),
		no:    m.tr.T("action.cancel"),
		onYes: func() { m.save(o) },
	})
}

// openFile opens a file or folder with the system's program for it.
func (a *application) openFile(path string) error {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") { // a drive of Windows
		path = "/" + path
	}
	return a.openURL(&url.URL{Scheme: "file", Path: path})
}

// openURL opens an address with the system's program for it.
func (a *application) openURL(u *url.URL) error {
	if a.options.OpenURL != nil {
		return a.options.OpenURL(u)
	}
	return a.fyne.OpenURL(u)
}

// forgetMedia removes what is left of the files of recalled messages outside of
// the client core.
func (m *mainScreen) forgetMedia(messages []im.Message) {
	for i := range messages {
		id := messages[i].ID
		opened := m.s.opened
		m.app.files.add(func() {
			if err := opened.forget(id); err != nil && !os.IsNotExist(err) {
				m.app.log("%v", err)
			}
		})
		m.inChat(func(c *chat) {
			if o, ok := c.media.byKey[canvas.Key(id)]; ok {
				m.s.thumbs.Forget(o.picture)
				m.s.fetches.stop(o.address)
			}
		})
	}
	m.viewing.revoked(messages)
	m.panel.shared.revoked(messages)
}
