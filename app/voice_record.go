package app

import (
	"context"
	"errors"
	"time"

	"magpie/app/i18n"
	"magpie/im"
	"magpie/media/aac"
	"magpie/media/play"
	"magpie/media/record"
	"magpie/widgets"
	"magpie/widgets/loop"
)

// recorderWords are the words of the recorder in the composer.
func (m *mainScreen) recorderWords() widgets.RecorderWords {
	tr := m.tr
	return widgets.RecorderWords{
		Record:        tr.T("recorder.record"),
		Pause:         tr.T("recorder.pause"),
		Resume:        tr.T("recorder.resume"),
		Listen:        tr.T("recorder.listen"),
		StopListening: tr.T("recorder.stopListening"),
		Delete:        tr.T("recorder.delete"),
		Send:          tr.T("composer.send"),
		Held:          []string{tr.T("recorder.held"), tr.T("recorder.heldShort")},
		Cancels:       tr.T("recorder.cancels"),
	}
}

// record does what a person wants of the recorder.
func (c *chat) record(action widgets.RecordAction) {
	if action == widgets.RecordStart {
		c.startVoice()
		return
	}
	n := c.voice
	if n == nil { // it has ended meanwhile
		return
	}
	if action != widgets.RecordListen {
		n.hush()
	}
	switch action {
	case widgets.RecordLock:
		n.held = false
		n.show()
	case widgets.RecordPause, widgets.RecordResume:
		n.pause(action == widgets.RecordPause, nil)
	case widgets.RecordListen:
		n.listen()
	case widgets.RecordDelete:
		if n.length() >= askBefore {
			c.askDiscard(n)
			return
		}
		c.discard(n)
	case widgets.RecordSend:
		c.m.composer.SetProblem("")
		choice := c.takeChoice()
		if choice.reply != nil {
			c.keepAnswer() // the note itself is a draft until it is kept
		}
		c.takeVoice(nil)
		n.decide(toSend, choice)
		c.m.canvas.JumpToNewest()
		c.findVoice()
	}
}

// askBefore is the length from which it is asked before a note is thrown away: nobody says
// that again by pressing once more.
const askBefore = 10 * time.Second

// askDiscard asks whether a note is to be thrown away. It waits meanwhile.
func (c *chat) askDiscard(n *voiceNote) {
	n.pause(true, nil)
	n.show()
	tr := c.m.tr
	c.m.app.ask(question{
		title:  tr.T("recorder.discardTitle"),
		text:   tr.F("recorder.discardText", i18n.Args{"Length": mediaWords{tr}.length(n.length())}),
		yes:    tr.T("recorder.discard"),
		no:     tr.T("recorder.keep"),
		danger: true,
		onYes: func() {
			if c.voice == n {
				c.discard(n)
			}
		},
	})
}

// discard throws a note away.
func (c *chat) discard(n *voiceNote) {
	c.m.composer.SetProblem("")
	c.takeVoice(nil)
	n.decide(toDelete, sendChoice{})
	c.findVoice()
}

// startVoice begins to record; what plays ends.
func (c *chat) startVoice() {
	a, s := c.m.app, c.m.s
	if c.voice != nil {
		return
	}
	a.player.stop()
	c.hideMentions()
	c.m.composer.SetProblem("")
	n := &voiceNote{a: a, s: s, conv: c.conv, held: true}
	n.take = a.takes.begin(s.notes.folder, c.conv, a.now(), a.settings.Microphone, a.voiceLimit())
	n.take.changed, n.take.ended = n.show, n.ended
	c.takeVoice(n)
}

// takeVoice shows a note in the composer, nil for none.
func (c *chat) takeVoice(n *voiceNote) {
	c.voice = n
	if n == nil {
		delete(c.m.s.notes.drafts, c.conv)
		c.m.composer.SetRecording(nil)
	} else {
		n.show()
	}
	c.m.content.Refresh() // the composer may have another height now
}

// show brings the recorder up to date.
func (n *voiceNote) show() {
	if c := n.chat(); c != nil && c.voice == n {
		c.m.composer.SetRecording(n.picture())
	}
}

// leaveVoice ends a recording whose conversation is left: it is a draft from then on.
func (c *chat) leaveVoice() {
	n := c.voice
	if n == nil {
		return
	}
	c.voice = nil
	n.hush()
	n.left = true
	if n.over {
		c.m.s.notes.drafts[c.conv] = true
	} else {
		n.take.stop()
	}
	c.m.composer.SetRecording(nil)
}

// holdVoice pauses a recording that is not seen any longer: nothing is recorded without
// a sign of it.
func (c *chat) holdVoice() {
	if n := c.voice; n != nil && !n.take.paused.Load() {
		n.pause(true, nil)
	}
}

// letGo is told that the window lost the keyboard: the release of a button that is
// held may go to another program.
func (c *chat) letGo() {
	if n := c.voice; n != nil && n.held {
		n.held = false
		n.show()
	}
}

// voiceLimit is how long a note may be.
func (a *application) voiceLimit() time.Duration {
	if s := a.settings.VoiceLimit; s > 0 {
		return min(time.Duration(s)*time.Second, im.MaxAudio)
	}
	return record.DefaultLimit
}

// pause holds the recording or goes on; then, which may be nil, is called beside the
// user interface once that is so.
func (n *voiceNote) pause(paused bool, then func()) {
	if n.over || !n.take.live {
		return
	}
	n.held = false
	n.take.setPaused(paused, then)
	n.show()
}

// listen plays what was recorded up to now, or ends that. A recording pauses.
func (n *voiceNote) listen() {
	if n.listening != nil {
		n.hush()
		return
	}
	h := &hearing{
		moved: func(p play.Position) {
			n.heardAt, n.heardOf = p.At, p.Length
			n.show()
		},
		ended: func(bool) { n.heardOut() },
		failed: func(err error) {
			n.heardOut()
			n.problem(voiceWords(n.a.tr, err))
		},
		stopped: func() { n.heardOut() },
	}
	folder := n.s.notes.folder
	begin := func(path string) {
		var src play.Source
		f, err := folder.OpenNote(path)
		if err == nil {
			src, err = openNote(h.ctx, f, nil)
		}
		loop.Do(func() {
			if err != nil {
				n.a.player.fail(h, err)
				return
			}
			n.a.player.start(h, src, 0, 1)
		})
	}
	if n.over {
		n.a.player.begin(n.s.ctx, h)
		go begin(n.note.Path)
	} else if n.take.length >= shortest {
		n.a.player.begin(n.s.ctx, h)
		path := n.take.path
		n.pause(true, func() { begin(path) })
	} else {
		return
	}
	n.listening, n.heardAt, n.heardOf = h, 0, 0
	n.show()
}

// hush ends listening.
func (n *voiceNote) hush() {
	if n.listening != nil {
		n.a.player.stop()
	}
}

// heardOut follows the end of listening.
func (n *voiceNote) heardOut() {
	n.listening = nil
	n.show()
}

// findVoice looks for a draft of the conversation on the disk and shows the oldest.
// Those that were recorded just now are complete before it looks.
func (c *chat) findVoice() {
	s, before := c.m.s, c.m.app.takes.last
	beside(c.ctx, func(ctx context.Context) ([]record.Note, error) {
		if before != nil {
			<-before.done
		}
		paths, err := s.notes.folder.Drafts(c.conv)
		var found []record.Note
		for _, path := range paths {
			note, failed := s.notes.folder.Recover(ctx, path)
			switch {
			case errors.Is(failed, aac.ErrNotADTS): // not one sample was recorded
				err = errors.Join(err, s.notes.folder.Delete(path))
			case failed != nil:
				err = errors.Join(err, failed)
			default:
				found = append(found, note)
			}
		}
		return found, err
	}, func(found []record.Note, err error) {
		for _, note := range found {
			if s.notes.gone[note.Path] {
				continue
			}
			s.notes.drafts[c.conv] = true
			if c.voice == nil && c.m.closedWords == "" {
				n := &voiceNote{a: c.m.app, s: s, conv: c.conv}
				n.complete(note)
				c.takeVoice(n)
			}
		}
		c.m.report(err)
	})
}
