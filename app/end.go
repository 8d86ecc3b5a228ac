package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"magpie/app/profile"
	"magpie/widgets/loop"
)

// endPatience is how long the system's part of the window may take to end after
// everything is on disk. An input method or a display that died with the session
// can hold it for ever.
const endPatience = 5 * time.Second

// stuckPatience is how long the event loop may take, at a signal, to come to the
// request to end. A display that does not answer holds it.
const stuckPatience = 2 * time.Second

// showWindow opens the window. Without a screen Fyne panics; that is no fault of the
// program and is told as what it is.
func (a *application) showWindow() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("there is no screen to open a window on: %v", r)
		}
	}()
	a.window.Show()
	return nil
}

// quit closes the window once everything is on disk. It is called by the event
// loop.
func (a *application) quit() {
	if !a.closing {
		a.leave()
		a.window.Hide()
	}
}

// leave writes everything to disk and then ends the event loop. It asks nothing
// of the system's window: at a signal Fyne ends its loop by itself, so that the
// window may be gone already.
func (a *application) leave() {
	a.leaving.Do(func() {
		a.closing = true
		if a.options.ending != nil {
			a.options.ending()
		}
		a.notePlace()
		width, height, at := a.settings.Width, a.settings.Height, a.settings.Place
		if at == nil { // where it is cannot be asked for
			size := a.window.Canvas().Size()
			width, height = size.Width, size.Height
		}
		conv := a.settings.Conversation
		if a.main != nil {
			conv = a.main.conversation()
			a.main.end()
		}
		a.endNotifying()
		a.endTray()
		a.waitIdle(0)
		a.player.close()
		decoder := make(chan error, 1)
		go func() { decoder <- a.sandbox.Close() }()
		go func() {
			a.takes.all.Wait()
			a.files.close()
			a.saveErr = errors.Join(a.saveChange(func(s *profile.Settings) {
				s.Width, s.Height, s.Place = width, height, at
				s.Conversation = conv
			}), a.sessions.end(), closed(decoder))
			close(a.saved)
			a.cutOff(endPatience)
			select {
			case <-a.over:
			default:
				// Closing the window too would touch what may be gone.
				loop.Do(func() { loop.End(a.fyne.Driver()) })
			}
		}()
	})
}

// decoderPatience is how long the end waits for the isolated decoder, which has
// nothing to save. One that is just being compiled for the first time takes seconds,
// and ends with the process.
const decoderPatience = 250 * time.Millisecond

func closed(decoder <-chan error) error {
	select {
	case err := <-decoder:
		return err
	case <-time.After(decoderPatience):
		return nil
	}
}

// leaveAtSignal is leave, wanted from outside the event loop. It makes sure that
// everything is saved and the process ends also if the loop does not come back.
func (a *application) leaveAtSignal() {
	loop.Do(a.leave)
	select {
	case <-a.saved:
		return
	case <-a.over: // end saves
		return
	case <-time.After(stuckPatience):
	}
	a.leave()
	<-a.saved
}

// cutOff ends the process if it still runs after d.
func (a *application) cutOff(d time.Duration) {
	if a.options.Exit != nil {
		time.AfterFunc(d, func() { a.options.Exit(0) })
	}
}

// end waits, after the event loop, until everything is on disk.
func (a *application) end() error {
	close(a.over)
	a.leave()
	<-a.saved
	return a.saveErr
}

// follow raises the window when it is asked for again, maybe with a link to open, and
// ends with ctx. It returns when the event loop has ended.
func (a *application) follow(ctx context.Context, asked <-chan string) {
	for {
		select {
		case <-a.over:
			return
		case link := <-asked:
			loop.Do(func() {
				a.raise()
				a.openLink(link)
			})
		case <-ctx.Done():
			a.leaveAtSignal()
			return
		}
	}
}
