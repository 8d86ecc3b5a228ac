package app

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/outgoing"
	"magpie/app/vault"
	"magpie/im"
	"magpie/widgets"
)

// Nothing that anybody said, wrote, sent or recorded can be read in any file of the
// data folder, nor in the name of one: neither while the program runs nor after it
// was killed in the middle of it. In a folder that is not encrypted all of it can,
// which shows that it is looked for where it is.
func TestNothingCanBeRead(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program four times")
	}
	for _, ending := range []string{"talking", "offline"} {
		for _, sealed := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, sealed %v", ending, sealed), func(t *testing.T) {
				t.Parallel()
				d := newDiary(t, ending, sealed)
				d.look("while it runs")
				d.kill()
				d.look("after it was killed")
				d.again()
				d.look("after the next day")
			})
		}
	}
}

// A folder from before there was encryption is encrypted when that is turned on: after
// the next start nothing can be read of what could.
func TestNothingCanBeReadAfterTurningItOn(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the program twice")
	}
	d := newDiary(t, "offline", false)
	d.kill()
	d.look("before")
	v, err := vault.Load(d.data, folderOfKeys(d.secrets))
	if err == nil {
		err = v.UseKeyring(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	d.sealed = true
	d.again()
	d.look("after turning it on")
	d.again()
}

// diary is a process that does a day's work on a data folder.
type diary struct {
	t    *testing.T
	data string
	// secrets is the folder of the key store.
	secrets string
	sealed  bool
	env     []string
	cmd     *exec.Cmd
	marks   []mark
}

// mark is something that was said or sent.
type mark struct {
	name string
	b    []byte
}

const (
	atRestData   = "MAGPIE_TEST_AT_REST"
	atRestEnding = "MAGPIE_TEST_AT_REST_ENDING"
	atRestKeys   = "MAGPIE_TEST_AT_REST_KEYS"
)

func newDiary(t *testing.T, ending string, sealed bool) *diary {
	t.Helper()
	d := &diary{t: t, data: t.TempDir(), secrets: t.TempDir(), sealed: sealed}
	if !sealed {
		v, err := vault.Load(d.data, folderOfKeys(d.secrets))
		if err == nil {
			err = v.UseNone(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	d.env = append(os.Environ(), atRestData+"="+d.data, atRestEnding+"="+ending, atRestKeys+"="+d.secrets, "TMPDIR="+t.TempDir(), "XDG_CACHE_HOME="+t.TempDir())
	d.cmd = exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestADay$", "-test.count=1")
	d.cmd.Env = d.env
	var log bytes.Buffer
	d.cmd.Stderr = &log
	out, err := d.cmd.StdoutPipe()
	if err == nil {
		err = d.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.kill)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	var said strings.Builder
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		switch {
		case fields[0] == "MARK" && len(fields) == 3:
			b, err := hex.DecodeString(fields[2])
			if err != nil {
				t.Fatal(err)
			}
			d.marks = append(d.marks, mark{fields[1], b})
		case fields[0] == "READY":
			return d
		}
		said.WriteString(lines.Text() + "\n")
	}
	t.Fatalf("it did not get so far:\n%s%s", said.String(), log.String())
	return nil
}

// kill is kill -9, wherever it is.
func (d *diary) kill() {
	_ = d.cmd.Process.Kill() // it may be dead already
	_ = d.cmd.Wait()         // reports the kill
}

// again starts the program anew: all is there.
func (d *diary) again() {
	d.t.Helper()
	cmd := exec.CommandContext(d.t.Context(), os.Args[0], "-test.run=^TestTheNextDay$", "-test.count=1", "-test.v")
	cmd.Env = d.env
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: TestTheNextDay")) {
		d.t.Errorf("%v\n%s", err, out)
	}
}

// look looks for the marks in every byte of every file, and in the names.
func (d *diary) look(when string) {
	d.t.Helper()
	found := map[string]string{} // where, by the name of the mark
	files := 0
	err := filepath.WalkDir(d.data, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // it went while it was to be looked at
			return nil
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(d.data, path)
		if err != nil {
			return err
		}
		var b []byte
		if e.Type().IsRegular() {
			files++
			if b, err = os.ReadFile(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		for _, m := range d.marks {
			if bytes.Contains(b, m.b) || bytes.Contains([]byte(name), m.b) {
				found[m.name] = name
			}
		}
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	if files < 20 || len(d.marks) < 30 {
		d.t.Fatalf("%d files and %d marks: that is no day's work", files, len(d.marks))
	}
	for _, m := range d.marks {
		switch where, is := found[m.name]; {
		case is && d.sealed:
			d.t.Errorf("%s, %s can be read in %s", when, m.name, where)
		case !is && !d.sealed && !strings.HasPrefix(m.name, "never"):
			d.t.Errorf("%s, %s is nowhere: this test would not find it", when, m.name)
		}
	}
}

// folderOfKeys is a key store that outlives the process: a folder outside of the data.
type folderOfKeys string

func (f folderOfKeys) path(name string) string {
	return filepath.Join(string(f), hex.EncodeToString([]byte(name)))
}

func (f folderOfKeys) Get(_ context.Context, name string) (string, error) {
	b, err := os.ReadFile(f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		err = vault.ErrNoSecret
	}
	return string(b), err
}

func (f folderOfKeys) Set(_ context.Context, name, secret string) error {
	return os.WriteFile(f.path(name), []byte(secret), 0o600)
}

func (f folderOfKeys) Delete(_ context.Context, name string) error { return os.Remove(f.path(name)) }

// grain are n bytes that nothing makes smaller.
func grain(seed byte, n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8(sha256.Sum256([]byte{seed})).Read(b)
	return b
}

// grainPicture is a PNG of that.
func grainPicture(t testing.TB) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 200, 150))
	copy(img.Pix, grain(1, len(img.Pix)))
	for i := 3; i < len(img.Pix); i += 4 {
		img.Pix[i] = 255
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// day is what the process does.
type day struct {
	*person
	ada *core.Client
}

// mark tells the other process what to look for.
func (d day) mark(name string, b []byte) { fmt.Printf("MARK\t%s\t%x\n", name, b) }

func (d day) markText(name, text string) string {
	d.mark(name, []byte(text))
	return text
}

// markFile marks some pieces of a file, and its hash.
func (d day) markFile(name string, b []byte) []byte {
	for i := range 4 {
		at := i * (len(b) - 32) / 3
		d.mark(fmt.Sprintf("%s at %d", name, at), b[at:at+32])
	}
	sum := sha256.Sum256(b)
	d.mark(name+", its hash", []byte(hex.EncodeToString(sum[:])))
	return b
}

// TestADay is the process of the tests above, and no test by itself.
func TestADay(t *testing.T) {
	data := os.Getenv(atRestData)
	if data == "" {
		t.Skip("is run by TestNothingCanBeRead")
	}
	u := beginWith(t, data, func(o *Options) { o.KeyStore = folderOfKeys(os.Getenv(atRestKeys)) })
	u.start()
	d := day{person: u}
	d.ada = u.guest("ada", d.markText("a nick", "Ada Quillfeather"))
	d.talk()
	d.sendMedia()
	d.leaveUnfinished()
	if os.Getenv(atRestEnding) == "offline" {
		d.goOffline()
	}
	d.record()
	fmt.Println("READY")
	for i := 0; ; i++ { // until it is killed
		if os.Getenv(atRestEnding) == "offline" {
			select {}
		}
		u.says(d.ada, "C2Cwren", fmt.Sprintf("marmalade at noon, for the %dth time", i))
	}
}

// TestTheNextDay is the process after it, and no test by itself.
func TestTheNextDay(t *testing.T) {
	data := os.Getenv(atRestData)
	if data == "" {
		t.Skip("is run by TestNothingCanBeRead")
	}
	u := beginWith(t, data, func(o *Options) { o.KeyStore = folderOfKeys(os.Getenv(atRestKeys)) })
	u.until("the main screen", func() bool { return u.a.main != nil && u.a.main.connected() })
	var s *session
	u.do(func() { s = u.a.session })
	u.open("C2Cada")
	u.sees("quince jelly suits me better")
	p, err := s.client.History(t.Context(), "C2Cada", historyAll)
	u.ok(err)
	pictures := 0
	for _, m := range p.Messages {
		o, _ := mediaOf(&m)
		switch m.Payload.(type) {
		case im.FilePayload:
			if got := u.content(s, o.address); !bytes.Equal(got, grain(2, 300_000)) {
				t.Errorf("the file has %d bytes", len(got))
			}
		case im.ImagePayload:
			pictures++
			if got := u.content(s, o.address); !bytes.Equal(got, grainPicture(t)) {
				t.Errorf("the picture has %d bytes", len(got))
			}
		}
	}
	if len(p.Messages) < 5 || pictures != 1 {
		t.Errorf("%d messages, %d pictures", len(p.Messages), pictures)
	}
	u.until("the draft", func() bool { return u.a.main.composer.Text() == "parsley, not yet said" })
	u.open(echo)
	if got := u.tray(echo); len(got) != 1 || got[0] != "sloe accounts.bin" {
		t.Errorf("the tray has %q", got)
	}
	if u.a.keys.Account("") != nil && !u.a.keys.Unseal() {
		u.until("no file lies open", func() bool { return !openFiles(t, data) })
	}
	u.open("C2Cwren")
	u.until("the voice note", func() bool { return u.a.main.composer.Recording() != nil })
	u.records(widgets.RecorderDone, time.Second)
	u.end()
}

// openFiles reports whether there are files that were sent or received, in a client's
// cache or a server's, and are not sealed: those are called by their hash.
func openFiles(t *testing.T, data string) (found bool) {
	err := filepath.WalkDir(data, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && e.IsDir() && e.Name() == "sealed" {
			return fs.SkipDir
		}
		found = found || err == nil && im.ValidBlobHash(e.Name())
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return found
}

// talk is what people write, and read again.
func (d day) talk() {
	d.says(d.ada, "C2Cwren", d.markText("a text", "marmalade at noon"))
	d.says(d.ada, "C2Cwren", d.markText("a Chinese text", "中午吃橘子酱"))
	d.open("C2Cada")
	own := d.markText("an own text", "quince jelly suits me better")
	d.do(func() { d.a.main.chat.send(own) })
	d.sees(own)
	d.makeGroup(d.markText("a group's name", "Walnut Assembly"), "Public group")
	words := d.markText("a text in a group", "we meet below the medlar tree")
	d.do(func() { d.a.main.chat.send(words) })
	d.sees(words)

	gone := d.says(d.ada, "C2Cwren", d.markText("never kept: a recalled text", "forget the damson at once"))
	d.open("C2Cada")
	d.sees("forget the damson at once")
	d.ok(d.ada.RevokeMessage(d.t.Context(), gone.ID))
	d.misses("forget the damson at once")

	d.do(d.a.main.find)
	d.types(d.markText("never written: what is searched for", "jelly suit"))
	d.sees("in Ada Quillfeather")
	d.typesOver("橘子")
	d.sees("中午吃橘子酱")
	d.key(fyne.KeyEscape)
}

// sendMedia is what they send each other.
func (d day) sendMedia() {
	file := d.markFile("a file", grain(2, 300_000))
	d.send(d.ada, "wren", d.markText("a file's name", "ledger of damsons 李子账.bin"), file, outgoing.KindFile)
	picture := d.markFile("a picture", grainPicture(d.t))
	d.send(d.ada, "wren", "p.png", picture, outgoing.KindAuto)
	d.open("C2Cada")
	d.sees("ledger of damsons")
	var s *session
	d.do(func() { s = d.a.session })
	p, err := s.client.History(d.t.Context(), "C2Cada", historyAll)
	d.ok(err)
	for _, m := range p.Messages {
		if o, is := mediaOf(&m); is && o.address != "" {
			d.ok(s.client.Download(d.t.Context(), o.address, nil))
		}
	}
	own := d.markFile("an own file", grain(3, 200_000))
	d.open(echo)
	d.drops(d.file(d.markText("an own file's name", "quince inventory.bin"), own))
	d.tray(echo)
	d.do(func() { d.a.main.chat.send("") })
	d.delivered(echo, 1)
}

// leaveUnfinished is what they have begun.
func (d day) leaveUnfinished() {
	d.write("C2Cada", d.markText("a draft", "parsley, not yet said"))
	d.open(echo)
	waiting := d.markFile("a file that waits", grain(4, 100_000))
	d.drops(d.file(d.markText("its name", "sloe accounts.bin"), waiting))
	d.tray(echo)
	d.a.files.wait()
}

// goOffline leaves something in the outbox.
func (d day) goOffline() {
	d.offline()
	d.open("C2Cada")
	words := d.markText("a text in the outbox", "persimmons on the way")
	d.do(func() { d.a.main.chat.send(words) })
	d.a.files.wait()
	d.open(echo)
}

// record begins a voice note.
func (d day) record() {
	d.open("C2Cwren")
	d.clickMicrophone()
	d.records(widgets.RecorderLocked, 1500*time.Millisecond)
	var path string
	var s *session
	d.do(func() { path, s = d.a.main.chat.voice.take.path, d.a.session })
	f, err := s.notes.folder.OpenNote(path)
	d.ok(err)
	b := make([]byte, 3000)
	_, err = f.ReadAt(b, 0)
	d.ok(errors.Join(err, f.Close()))
	for i := range 3 {
		d.mark(fmt.Sprintf("a voice note at %d", 500+800*i), b[500+800*i:][:32])
	}
}
