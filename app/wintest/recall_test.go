//go:build wintest

package wintest

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Ben's program dies as Ann's message stands on his screen, and she takes it back
// while he is away. When he is there again he sees that, and nothing of what she
// wrote is in any file of his, hers or the server's.
func TestRecalledWhileAway(t *testing.T) {
	const secret = "zebracrossing"
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	// Nothing is encrypted here: else it would not be there to be found before.
	plain := exec.CommandContext(t.Context(), os.Getenv("MAGPIE_BINARY"), "vault", "none", "--data", data)
	plain.Env = append(os.Environ(), "MAGPIE_PASSPHRASE=")
	if said, err := plain.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	ann := open(t, "--data", data, "--profile", "ann")
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ben.signIn(server.addr, "ben")
	ann.newChat("ben")
	ann.types(secret)
	ann.key("Return")
	ben.click(secret)
	ben.seesInMessages(secret)
	ann.types("after it")
	ann.key("Return")
	ben.seesInMessages("after it")
	if len(filesWith(t, data, secret)) < 2 || len(filesWith(t, server.dir, secret)) == 0 {
		t.Fatalf("what is looked for is not even there before: %v, %v", filesWith(t, data, secret), filesWith(t, server.dir, secret))
	}
	ben.kill()

	ann.clickSecondary(secret)
	ann.click("Recall")
	ann.seesInMessages("You recalled a message")
	ben = open(t, "--data", data, "--profile", "ben")
	ben.seesInMessages("after it")
	ben.seesInMessages("ann recalled a message")
	ben.gone(secret)
	ben.shoot("back")
	ben.eventually("nothing of it is on a disk", func() bool {
		return len(filesWith(t, data, secret))+len(filesWith(t, server.dir, secret)) == 0
	})
}

// Who is blocked is told that the message did not arrive, and can send it again
// once it may; it is there once.
func TestBlockedAndSentAgain(t *testing.T) {
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	ann := open(t, "--data", data, "--profile", "ann")
	ben := open(t, "--data", data, "--profile", "ben")
	ann.signIn(server.addr, "ann")
	ben.signIn(server.addr, "ben")
	ben.newChat("ann")
	ben.info()
	ben.click("Block")
	cancel := ben.settled("Cancel") // beside the answer of that name
	ben.clickAt(cancel.X-70, cancel.Y+cancel.H/2)
	ben.sees("Unblock")
	ann.newChat("ben")
	ann.types("please answer")
	ann.key("Return")
	ann.seesInMessages("Resend")
	ann.shoot("refused")
	ben.click("Unblock")
	ben.sees("Block")
	ann.click("Resend")
	ben.seesInMessages("please answer")
	ann.gone("Resend")
	n := 0
	for _, text := range ben.texts() {
		if text.X > listWidth && text.Text == "please answer" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the message is there %d times", n)
	}
}

// filesWith returns the files below dir that hold text.
func filesWith(t *testing.T, dir, text string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		if os.IsNotExist(err) { // a file of a moment
			return nil
		}
		if bytes.Contains(b, []byte(text)) {
			found = append(found, path)
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return found
}

// Ann deletes from her computer what she wrote: nothing of it is in any file of hers any
// more, also not after a restart, though the server has it still.
func TestDeletedHereInARealWindow(t *testing.T) {
	const secret = "zebracrossing"
	server := startServer(t, "ann", "ben")
	data := t.TempDir()
	plain := exec.CommandContext(t.Context(), os.Getenv("MAGPIE_BINARY"), "vault", "none", "--data", data)
	plain.Env = append(os.Environ(), "MAGPIE_PASSPHRASE=")
	if said, err := plain.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	ann := open(t, "--data", data, "--profile", "ann")
	ann.signIn(server.addr, "ann")
	ann.newChat("ben")
	for _, line := range []string{"this stays", secret + " one", secret + " two", secret + " three"} {
		ann.types(line)
		ann.key("Return")
		ann.seesInMessages(line)
	}
	if len(filesWith(t, data, secret)) == 0 {
		t.Fatal("what is looked for is not even there before")
	}
	ann.clickSecondary(secret + " one")
	ann.shoot("menu")
	ann.click("Delete here…")
	ann.sees("Delete this message here?")
	ann.shoot("question")
	ann.click("Delete here")
	ann.gone(secret + " one")
	ann.clickSecondary(secret + " two")
	ann.click("Select")
	ann.click(secret + " three")
	ann.sees("2 selected")
	ann.shoot("selected")
	ann.key("Delete")
	ann.sees("Delete 2 messages here?")
	cancel := ann.settled("Cancel") // beside the answer, whose words the bar has too
	ann.clickAt(cancel.X-70, cancel.Y+cancel.H/2)
	ann.gone(secret)
	ann.seesInMessages("this stays")
	ann.eventually("nothing of it is on her disk", func() bool { return len(filesWith(t, data, secret)) == 0 })
	if len(filesWith(t, server.dir, secret)) == 0 {
		t.Error("the server has it no more")
	}
	ann.kill()
	ann = open(t, "--data", data, "--profile", "ann")
	ann.click("this stays")
	ann.seesInMessages("this stays")
	ann.gone(secret)
	ann.shoot("after a restart")
}
