package app

import (
	"context"
	"errors"
	"time"

	"magpie/app/voicedraft"
	"magpie/im"
	"magpie/internal/seal"
	"magpie/media/record"
	"magpie/widgets"
	"magpie/widgets/loop"
)

// voiceNote is the voice note in the composer of a conversation: one being recorded,
// or one that is complete and waits to be sent.
type voiceNote struct {
	a    *application
	s    *session
	conv im.ConversationID
	// take is its recording, nil for a note that was found on the disk; over is set
	// once that has ended and note is complete.
	take   *take
	over   bool
	note   record.Note
	levels []byte
	// held: recording while the button is held. left: its conversation is.
	held, left bool
	// wish is what a person has decided about it, settle does that with the complete
	// note or refuses.
	wish   wish
	settle func(record.Note, error) bool
	// listening is the sound of what was recorded up to now while it is played,
	// heardAt and heardOf where that is.
	listening        *hearing
	heardAt, heardOf time.Duration
}

// wish is what becomes of a note.
type wish int

const (
	toKeep wish = iota // nothing was decided: it stays a draft
	toSend
	toDelete
)

// shortest is the shortest note that is sent: less is a slip of the hand.
const shortest = 500 * time.Millisecond

// sessionNotes are the voice notes of a session that are not messages yet.
type sessionNotes struct {
	folder *voicedraft.Folder
	// gone are those that were sent or deleted, maybe not on the disk yet.
	gone map[string]bool
	// drafts are the conversations that have some.
	drafts map[im.ConversationID]bool
	// resumed: what an earlier process had begun to send is being sent.
	resumed bool
}

func newSessionNotes(folder string, key *seal.Key, unseal bool) sessionNotes {
	return sessionNotes{folder: voicedraft.Open(folder, key, unseal), gone: map[string]bool{}, drafts: map[im.ConversationID]bool{}}
}

// resumeNotes sends what an earlier process had begun to send, once for each
// session, and then finds out which conversations have drafts.
func (a *application) resumeNotes(s *session) {
	if s.notes.resumed {
		return
	}
	s.notes.resumed = true
	a.files.add(func() {
		err := errors.Join(s.notes.folder.Rewrite(), s.notes.folder.Resume(context.Background(), s.client))
		found, failed := s.notes.folder.Conversations()
		loop.Do(func() {
			for _, conv := range found {
				s.notes.drafts[conv] = true
			}
			if a.main != nil && a.main.s == s {
				a.main.list.Refresh()
				a.main.inChat((*chat).findVoice)
				a.main.report(errors.Join(err, failed))
			}
		})
	})
}

// complete takes in the note that there is.
func (n *voiceNote) complete(note record.Note) {
	n.over, n.held, n.note = true, false, note
	n.levels = make([]byte, len(note.Peaks))
	for i, p := range note.Peaks {
		n.levels[i] = loudness(float64(p) / 255)
	}
}

// state is what the recorder in the composer shows it as.
func (n *voiceNote) state() widgets.RecorderState {
	switch {
	case n.over:
		return widgets.RecorderDone
	case n.take.paused.Load():
		return widgets.RecorderPaused
	case n.held:
		return widgets.RecorderHeld
	}
	return widgets.RecorderLocked
}

// length is how much was recorded.
func (n *voiceNote) length() time.Duration {
	if n.over {
		return n.note.Duration()
	}
	return n.take.length
}

// picture is what the recorder shows.
func (n *voiceNote) picture() *widgets.Recording {
	r := &widgets.Recording{State: n.state(), At: n.note.Duration(), Levels: n.levels}
	if !n.over {
		r.At, r.Total, r.Levels = n.take.length, n.take.limit, n.take.levels
	}
	if n.listening != nil {
		r.Listening, r.At, r.Total = true, n.heardAt, n.heardOf
		if n.heardOf > 0 {
			r.Played = float64(n.heardAt) / float64(n.heardOf)
		}
		return r
	}
	r.Notice, r.Warning = n.notice(r.State)
	return r
}

// notice is what the recorder says, and whether it is about time.
func (n *voiceNote) notice(state widgets.RecorderState) (words string, warning bool) {
	tr := n.a.tr
	switch {
	case state == widgets.RecorderPaused:
		return tr.T("recorder.paused"), false
	case n.over && n.take != nil && n.take.byLimit:
		return tr.T("recorder.limit"), true
	case n.over:
		return tr.T("recorder.notSent"), false
	case state == widgets.RecorderLocked && !n.take.live:
		return tr.T("recorder.opening"), false
	case n.take.warned:
		left := n.take.limit - n.take.length
		return tr.N("recorder.left", int((left+time.Second-1)/time.Second), nil), true
	}
	return "", false
}

// decide ends the recording, after which w becomes of the note. It happens also if
// the program ends meanwhile.
func (n *voiceNote) decide(w wish, choice sendChoice) {
	n.wish = w
	n.settle = func(note record.Note, err error) bool {
		switch {
		case w == toDelete && note.Path != "":
			n.erase(note.Path)
		case w == toSend && err == nil && note.Duration() >= shortest:
			n.deliver(note, choice)
		default:
			return false
		}
		return true
	}
	if n.over {
		n.settled(n.settle(n.note, nil))
		return
	}
	n.take.settle.Store(&n.settle)
	n.take.stop()
}

// settled notes that the note is on its way from the disk.
func (n *voiceNote) settled(yes bool) {
	if yes {
		n.s.notes.gone[n.note.Path] = true
	}
}

// erase deletes a note from the disk, deliver makes a message of it: after what the
// person did before. Both may be called beside the user interface.
func (n *voiceNote) erase(path string) {
	a, folder := n.a, n.s.notes.folder
	a.files.add(func() {
		if err := folder.Delete(path); err != nil {
			loop.Do(func() { a.say(a.tr.Error(err)) })
		}
	})
}

func (n *voiceNote) deliver(note record.Note, choice sendChoice) {
	client, folder := n.s.client, n.s.notes.folder
	msg := client.CreateAudioMessage(n.conv.Type(), n.conv.To(), voicedraft.Payload(note))
	choice.on(&msg)
	n.a.files.add(func() {
		if err := folder.Send(context.Background(), client, note, msg, choice.options()); err != nil {
			loop.Do(func() { n.notSent(note, choice, err) })
		}
	})
}

// notSent takes back a note that could not be made a message, with what it answers.
func (n *voiceNote) notSent(note record.Note, choice sendChoice, err error) {
	n.complete(note)
	delete(n.s.notes.gone, note.Path)
	if n.putBack() {
		n.chat().takeBack(choice)
	}
	n.problem(n.a.tr.Error(err))
}

// ended follows the end of the recording: by a wish, by the limit, or by an error,
// whatever the person wanted.
func (n *voiceNote) ended() {
	t := n.take
	n.complete(t.note)
	short := n.note.Duration() < shortest
	switch {
	case t.settled:
		n.settled(true)
	case n.wish == toDelete:
		n.drop()
	case t.err != nil && short:
		n.drop()
		n.problem(soundWords(n.a.tr, "microphone", t.err))
	case t.err != nil:
		n.putBack()
		n.problem(soundWords(n.a.tr, "microphone", t.err) + " " + n.a.tr.T("recorder.keptSoFar"))
	case n.wish == toSend && short, n.note.Samples == 0 && !n.left:
		n.drop()
		n.problem(n.a.tr.T("recorder.tooShort"))
	case n.wish == toSend: // which came when it had just ended by itself
		n.settled(n.settle(n.note, nil))
	case n.note.Samples == 0:
		n.drop()
	case !n.putBack():
		n.problem(n.a.tr.T("recorder.draft"))
	}
}

// drop forgets a note with nothing in it.
func (n *voiceNote) drop() {
	if n.note.Path != "" {
		n.s.notes.gone[n.note.Path] = true
		n.erase(n.note.Path)
	}
	if c := n.chat(); c != nil && c.voice == n {
		c.takeVoice(nil)
	}
}

// putBack shows the note in the composer, and reports whether it could. Otherwise it
// is a draft on the disk and comes when its conversation is opened.
func (n *voiceNote) putBack() bool {
	n.wish = toKeep
	if c := n.chat(); c != nil {
		n.left = false
		c.takeVoice(n)
		return true
	}
	n.s.notes.drafts[n.conv] = true
	if n.a.main != nil && n.a.main.s == n.s {
		n.a.main.list.Refresh()
	}
	return false
}

// chat is the conversation of the note, in whatever screen that is open by now,
// unless another note is in its composer or nothing can be written there.
func (n *voiceNote) chat() *chat {
	m := n.a.main
	if n.a.closing || m == nil || m.s != n.s || m.chat == nil || m.chat.conv != n.conv {
		return nil
	}
	if m.closedWords != "" || m.chat.voice != nil && m.chat.voice != n {
		return nil
	}
	return m.chat
}

// problem tells of the note, above it if it is on the screen.
func (n *voiceNote) problem(words string) {
	if n.a.closing {
		return
	}
	if c := n.chat(); c != nil {
		c.m.composer.SetProblem(words)
		c.m.content.Refresh() // the composer may have another height now
		return
	}
	n.a.say(words)
}
