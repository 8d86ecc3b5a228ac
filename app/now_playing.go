package app

import (
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
)

// now_playing.go shows, above the messages of another conversation, what is played.

func (m *mainScreen) newNowPlaying() *widgets.PlayingBar {
	tr, a := m.tr, m.app
	b := widgets.NewPlayingBar(widgets.PlayingWords{
		Play:  tr.T("playing.play"),
		Pause: tr.T("playing.pause"),
		Close: tr.T("playing.close"),
	})
	b.OnToggle = func() {
		if a.playing != nil {
			a.playing.toggle()
		}
	}
	b.OnClose = a.player.stop
	b.OnGoTo = func() {
		p := a.playing
		if p == nil {
			return
		}
		if p.s != m.s {
			a.switchTo(p.s.account)
		}
		if a.main != nil && a.main.s == p.s {
			a.main.openChat(p.msg.ConversationID)
			if p.msg.Sequence > 0 {
				a.main.canvas.JumpToHit(p.msg.Sequence)
			}
		}
	}
	b.Hide()
	return b
}

// plays reports whether something is played that is not of the open conversation.
func (m *mainScreen) plays() bool {
	p := m.app.playing
	return p != nil && (p.s != m.s || p.msg.ConversationID != m.conversation())
}

// showNowPlaying brings the bar up to date.
func (m *mainScreen) showNowPlaying() {
	if !m.plays() {
		if m.nowPlaying.Visible() {
			m.content.Refresh()
		}
		return
	}
	p, words := m.app.playing, mediaWords{m.tr}
	place := m.tr.F("playing.place", i18n.Args{"At": words.length(p.at), "Length": words.length(p.length)})
	m.nowPlaying.Set(p.who(), place, p.paused)
	if !m.nowPlaying.Visible() {
		m.content.Refresh()
	}
}

// who is whose voice it is.
func (p *playing) who() string {
	if p.msg.From == p.s.account.User {
		return p.a.tr.T("list.you")
	}
	return first(p.msg.NameCard, p.msg.Nick, string(p.msg.From))
}

// stopPlaying ends what is played if it is a message that is gone.
func (m *mainScreen) stopPlaying(id im.MessageID) {
	if p := m.app.playing; p != nil && p.s == m.s && p.msg.ID == id {
		m.app.player.stop()
	}
}
