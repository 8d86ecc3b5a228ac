// Command glfwime makes the copy of GLFW that Magpie's Linux builds link, with
// one condition added, so that keys which an input method has consumed do not
// reach the window a second time.
//
//	go run ./internal/glfwime [-out build]
//
// On X11 an input method takes key presses through XFilterEvent. GLFW keeps the
// characters of a filtered press from the window but still reports its key, so
// the Backspace that corrects a syllable also deletes committed text, and the
// Enter that commits a candidate also sends the message. The added condition
// holds the key back too. It stands in the same test that decides whether a
// press is a duplicate, and before the time of the press is noted: a press that
// the input method hands back unused arrives again with the same time and must
// then count as new.
//
// The module is taken from the module cache in exactly the version that go.mod
// pins, copied to OUT/glfw-patched, changed there, and a go.mod and go.sum are
// written to OUT with a replace directive that leads to it, for the go command's
// -modfile flag. Nothing of GLFW is kept in the repository, and without the flag
// everything builds as before.
//
// It ends with an error, and leaves nothing behind that a build could use, when
// the place of the change is not found exactly once: then GLFW has changed there
// and somebody has to look whether the fault is still in it.
package main
