package app

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/canvas"
	"magpie/widgets/loop"
)

// mainScreen is the screen with the conversation list on the left and the open
// conversation on the right.
type mainScreen struct {
	app *application
	s   *session
	tr  *i18n.Translator
	me  im.UserID
	ctx context.Context
	// leave ends ctx and with it everything that was asked for here.
	leave  context.CancelFunc
	sub    *core.Subscription
	pumped <-chan struct{}
	times  timeWords

	content *columns
	side    *widgets.SideHeader
	filter  *widgets.ListFilter
	list    *widgets.ConversationList
	header  *widgets.ChatHeader
	banner  *widgets.Banner
	// nowPlaying says what is played of another conversation.
	nowPlaying *widgets.PlayingBar
	canvas     *canvas.Canvas
	composer   *widgets.Composer
	// attachButtons are those left of the field.
	attachButtons []*widgets.IconButton
	// emoji is what the button in the composer opens.
	emoji *panel
	// closed stands where the composer is while nothing can be written;
	// closedWords say why, "" for the composer.
	closed      *widgets.ClosedBar
	choose      *widgets.ChooseBar // stands there while messages are chosen
	closedWords string
	panel       *infoPanel
	pictures    *pictures
	// finding is the search while it is open, else nil.
	finding *finder
	// forwarding asks to whom to send on while it does, else nil.
	forwarding *forwarder
	// viewing is the viewer while it is open, else nil.
	viewing *viewing
	// settings is the page over the window while it is open, else nil.
	settings *settingsPage
	// hosting is the sheet that lets others join while it is open, else nil.
	hosting *hosting

	// myName is what this account is called to others.
	myName string
	rows   []im.Conversation
	// shown are those of rows that the filter lets through.
	shown *filtered
	// loading: the whole list is being read; reload: it is to be read again
	// then. told is what the last event since then said of its first part.
	loading, reload bool
	told            []im.Conversation
	// others are conversations that were looked at and are not in the list.
	others map[im.ConversationID]im.Conversation
	// answers are what was learnt of single ones, newer than events may be.
	answers map[im.ConversationID]answer
	// removing are those that are about to leave the list.
	removing map[im.ConversationID]*removing
	chat     *chat
	// openingAt is the sequence at which the next conversation is opened, 0 for
	// where it was read up to.
	openingAt uint64
	// online is who of those watched is connected; groupUsers the members of
	// the open group.
	online     map[im.UserID]im.UserStatus
	watched    map[im.UserID]bool
	typers     typers
	groupUsers []im.UserID

	state   core.StateChanged
	lost    time.Time // when the connection went, zero while there is one or if nobody knows
	kicked  im.KickReason
	refused *im.Error
	tick    *time.Ticker
	// waiting is how many own messages are not sent yet.
	waiting int
}

func newMainScreen(a *application, s *session) *mainScreen {
	m := &mainScreen{
		app:      a,
		s:        s,
		tr:       a.tr,
		me:       s.account.User,
		times:    timeWords{a.tr, a.now},
		others:   map[im.ConversationID]im.Conversation{},
		answers:  map[im.ConversationID]answer{},
		removing: map[im.ConversationID]*removing{},
		online:   map[im.UserID]im.UserStatus{},
		watched:  map[im.UserID]bool{},
		typers:   typers{},

		pictures: a.pictures,
	}
	m.ctx, m.leave = context.WithCancel(s.ctx)
	m.side = widgets.NewSideHeader(m.searchWords(false), m.tr.T("list.new"))
	m.side.SetTips(m.tr.T("list.me"), tipKeys("shortcut.newChat", false))
	m.side.OnNew = m.newMenu
	m.side.OnSearch = m.find
	m.side.OnProfile = m.profileMenu
	m.filter = newListFilter(m)
	m.shown = &filtered{m: m}
	m.list = widgets.NewConversationList(m.shown)
	m.list.SetEmpty(m.tr.T(emptyWords(m.filter.Value())))
	m.list.SetLoading(true)
	m.list.OnSelected = m.openChat
	m.list.OnMenu = m.conversationMenu
	m.list.OnTyped = m.findTyped
	m.list.OnUp = func() { m.app.canvas.Focus(m.filter) }
	m.filter.OnDown = m.list.Focus
	m.header = widgets.NewChatHeader(m.tr.T("chat.back"))
	m.header.OnBack = func() { m.showColumn(columnList) }
	m.header.OnTitle = m.toggleInfo
	m.banner = widgets.NewBanner()
	m.banner.Hide()
	m.nowPlaying = m.newNowPlaying()
	m.canvas = canvas.New(canvas.Options{
		Words: m.canvasWords(),
		Now:   a.now,

		Thumbnails: m.thumbnail,
		Intents: canvas.Intents{
			OnSeen:   func(k canvas.Key, n uint64) { m.inChat(func(c *chat) { c.seen(k, n) }) },
			OnResend: func(k canvas.Key) { m.inChat(func(c *chat) { c.resend(k) }) },
			OnMenu: func(k canvas.Key, at fyne.Position, selected string) {
				m.inChat(func(c *chat) { c.menu(k, at, selected) })
			},
			OnAction:      func(k canvas.Key) { m.inChat(func(c *chat) { c.editAgain(im.MessageID(k)) }) },
			OnQuote:       func(k canvas.Key) { m.inChat(func(c *chat) { c.openQuote(k) }) },
			OnChosen:      m.chosen,
			OnEndChoosing: func() { m.inChat(func(c *chat) { c.endChoosing() }) },
			OnDelete:      func() { m.inChat((*chat).deleteChosen) },
			OnLink:        m.openLink,
			OnOverLink:    m.overLink,
			OnHole:        func(w canvas.HoleWanted) { m.inChat(func(c *chat) { c.fill(w) }) },
			OnRetry:       func(k canvas.Key) { m.inChat(func(c *chat) { c.fillAgain(k) }) },
			OnDate:        m.askDate,
			OnTyped:       m.typedRune,
			OnKey:         m.typedKey,
			OnLeave:       m.leaveMessages,
			OnButton:      func(k canvas.Key, id string) { m.inChat(func(c *chat) { c.button(k, id) }) },
			OnAvatar:      m.openAvatar,
			OnOpen:        func(k canvas.Key) { m.inChat(func(c *chat) { c.openMedia(k) }) },
			OnTransfer: func(k canvas.Key, action canvas.TransferAction) {
				m.inChat(func(c *chat) { c.transfer(k, action) })
			},
			OnPlay:      func(k canvas.Key) { m.inChat(func(c *chat) { c.togglePlay(k) }) },
			OnNearVoice: func(k canvas.Key) { m.inChat(func(c *chat) { c.nearVoice(k) }) },
			OnSeek:      func(k canvas.Key, at float64) { m.inChat(func(c *chat) { c.seek(k, at) }) },
			OnSpeed:     func(canvas.Key) { a.nextSpeed() },
			OnShortcut: func(s fyne.Shortcut) {
				if window, ok := a.window.Canvas().(fyne.Shortcutable); ok {
					window.TypedShortcut(s)
				}
			},
		},
	})
	m.composer = widgets.NewComposer(m.tr.T("composer.send"))
	m.composer.SetEnterSends(!a.settings.EnterBreaksLine)
	m.showSendKeys()
	m.composer.SetLimit(im.MaxMessageBytes, func(used, limit int) string {
		if used > limit {
			return m.tr.F("composer.tooLong", i18n.Args{"Used": used, "Limit": limit})
		}
		return m.tr.F("composer.length", i18n.Args{"Used": used, "Limit": limit})
	})
	m.closed = widgets.NewClosedBar()
	m.choose = m.newChooseBar()
	m.panel = newInfoPanel(m)
	m.content = newColumns(m)
	m.followComposer()
	m.followAttachments()
	m.showNoChat()
	return m
}

// searchWords are those in the field above the list. A narrow window is often one
// without a keyboard, and has no room for its keys.
func (m *mainScreen) searchWords(narrow bool) string {
	if narrow {
		return m.tr.T("list.findNarrow")
	}
	return m.tr.F("list.find", i18n.Args{"Keys": tipKeys("shortcut.find", false)})
}

// begin reads the list from the disk and then follows what happens.
func (m *mainScreen) begin() {
	m.s.screen = m
	m.sub = m.s.client.Subscribe()
	m.pumped = pump(m.sub, loop.Do, m.apply)
	m.state.State = m.s.client.State()
	m.kicked, m.refused = m.s.heard.why()
	m.setFront(m.app.front)
	m.showMe()
	m.side.SetQuiet(m.app.quiet)
	m.showState()
	m.countWaiting()
	m.tellUnread()
	m.tick = time.NewTicker(time.Second)
	go m.ticking(m.ctx, m.tick)
	m.loadList(func() {
		m.openLast()
		m.app.showTray()
		m.app.openLinkLater()
	})
	client := m.s.client
	beside(m.ctx, func(context.Context) (uint64, error) { return client.TotalUnread() }, func(n uint64, err error) {
		if err == nil {
			m.app.setTitle(n)
		}
	})
}

// inherit takes over what an earlier screen of the session was told in events.
func (m *mainScreen) inherit(from *mainScreen) {
	if from.state.State == m.state.State {
		m.state = from.state // with the reason and the time of the next attempt
	}
	m.kicked, m.refused, m.waiting, m.lost = from.kicked, from.refused, from.waiting, from.lost
	m.shown.kept = from.shown.kept
	m.showState()
}

// openLast goes back to the conversation that was open when the program ended.
func (m *mainScreen) openLast() {
	if conv := m.app.settings.Conversation; m.chat == nil && m.index(conv) >= 0 && !m.content.narrow {
		m.openChat(conv)
	}
}

// end leaves the screen; the session goes on.
func (m *mainScreen) end() {
	m.closeSettings()
	m.closeViewer()
	m.closeChat()
	m.removeAll()
	if m.s.screen == m { // another may show the session already
		m.s.screen = nil
		m.s.thumbs.Clear()
	}
	m.tick.Stop()
	m.leave()
	m.sub.Close()
}

// ticking keeps the countdown of the banner and the words for times true, and what a
// kill must not take.
func (m *mainScreen) ticking(ctx context.Context, tick *time.Ticker) {
	words := newPassing(m.times, time.Now())
	for {
		select {
		case <-ctx.Done():
			return
		case at := <-tick.C:
			m.app.zone.look()
			moved := words.moved(at)
			loop.Do(func() {
				if ctx.Err() != nil {
					return
				}
				if m.banner.Visible() {
					m.showState()
				}
				m.app.showQuiet()
				m.showClosed() // being muted ends by itself
				m.showTyping(m.typers.expire(m.app.now()))
				m.inChat((*chat).settleReading)
				if moved {
					m.canvas.SetWords(m.canvasWords())
					m.list.Refresh()
				}
			})
		}
	}
}

// conversation is the one that is open, "" for none.
func (m *mainScreen) conversation() im.ConversationID {
	if m.chat == nil {
		return ""
	}
	return m.chat.conv
}

func (m *mainScreen) inChat(do func(*chat)) {
	if m.chat != nil {
		do(m.chat)
	}
}

func (m *mainScreen) connected() bool {
	return m.state.State == core.Ready || m.state.State == core.Syncing
}

func (m *mainScreen) setFront(front bool) {
	if !front {
		m.lookAway()
		m.inChat((*chat).letGo)
	}
	m.activate()
	m.inChat((*chat).unmark)
}

// looking reports whether the conversation is before a person's eyes.
func (m *mainScreen) looking() bool { return m.app.front && !m.app.locked() && !m.content.covered() }

// activate follows whether the conversation is before a person's eyes. Nothing is
// recorded for one that is covered.
func (m *mainScreen) activate() {
	m.canvas.SetActive(m.looking())
	if m.content.covered() {
		m.inChat((*chat).holdVoice)
	}
}

// lookAway begins to count anew what comes from now on.
func (m *mainScreen) lookAway() { m.inChat(func(c *chat) { c.missed = 0 }) }

// report tells a person of an error; there is none if err is nil.
func (m *mainScreen) report(err error) {
	if err != nil {
		m.app.tally.Met(err, m.app.now())
		m.app.say(m.tr.Error(err))
	}
}

// reportQuietly passes over what the offline banner says already.
func (m *mainScreen) reportQuietly(err error) {
	switch im.CodeOf(err) {
	case im.CodeNetworkDown, im.CodeNetworkTimeout, im.CodeServerUnreachable, im.CodeLoggedOut, im.CodeReadOnly:
		return
	}
	m.report(err)
}

// step opens the conversation above or below.
func (m *mainScreen) step(by int) { m.list.Step(by) }

// typedKey gets keys that nothing else used.
func (m *mainScreen) typedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		if m.panel.shows() {
			m.panel.close()
		} else if m.content.narrow && m.chat != nil {
			m.showColumn(columnList)
		}
	case fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyHome, fyne.KeyEnd:
		m.canvas.TypedKey(e)
	}
}

// switchToMessages gives the messages the keyboard, or takes it back to writing.
func (m *mainScreen) switchToMessages() {
	switch {
	case m.chat == nil || !m.canvas.Visible():
	case m.app.canvas.Focused() == fyne.Focusable(m.canvas):
		m.leaveMessages()
	default:
		m.app.canvas.Focus(m.canvas)
	}
}

// leaveMessages is for somebody who goes from the messages back to writing; where
// nothing can be written, the key goes on to what it closes.
func (m *mainScreen) leaveMessages() {
	if m.content.foot() == m.composer {
		m.composer.Focus()
		return
	}
	m.typedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
}

// typedRune lets a person begin to write wherever the keyboard is.
func (m *mainScreen) typedRune(r rune) {
	if m.chat != nil && m.content.foot() == m.composer {
		m.composer.TypeRune(r)
	}
}

// canvasWords are the words of the canvas in the language in use.
func (m *mainScreen) canvasWords() canvas.Words {
	empty := m.tr.T("chat.empty")
	if m.chat != nil {
		switch m.chat.conv {
		case im.SystemConversation:
			empty = m.tr.T("chat.emptySystem")
		case im.C2C(m.me):
			empty = m.tr.T("chat.emptySelf")
		case im.C2C(echoUser):
			if m.s.account.Local {
				empty = m.tr.T("chat.emptyEcho")
			}
		}
		if g := m.chat.standing().group; g != nil && !g.Type.Stored() {
			empty = m.tr.T("chat.emptyRoom")
		}
	}
	media := mediaWords{m.tr}
	return canvas.Words{
		Empty:   empty,
		Waiting: m.tr.T("message.waiting"),
		Failed:  m.tr.T("message.failed"),
		NotSent: m.tr.T("message.notSent"),
		NotSentBecause: func(reason string) string {
			return m.tr.F("message.notSentBecause", i18n.Args{"Reason": reason})
		},
		Resend:      m.tr.T("message.resend"),
		HoleLoading: func(n uint64) string { return m.tr.N("chat.holeLoading", int(min(n, 1<<30)), nil) },
		HoleOffline: func(n uint64) string { return m.tr.N("chat.holeOffline", int(min(n, 1<<30)), nil) },
		HoleFailed:  func(reason string) string { return m.tr.F("chat.holeFailed", i18n.Args{"Reason": reason}) },
		TryAgain:    m.tr.T("chat.tryAgain"),
		Unread:      func(n int) string { return m.tr.N("chat.unread", n, nil) },
		Said:        m.times.said,
		Clock:       m.times.clock,
		Day:         m.times.day,
		Length:      media.length,
		Speed:       media.speed,
		Bytes:       media.bytes,
		Progress:    media.progress,
		Paused:      media.paused,
	}
}

// echoUser is the account of the server inside that answers with the same words.
const echoUser im.UserID = "echo"
