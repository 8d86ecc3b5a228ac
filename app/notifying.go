package app

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/app/notify"
	"magpie/im"
	"magpie/widgets/loop"
	"magpie/widgets/textlayout"
)

const (
	// gather is how long messages are gathered before a person is told of them, so
	// that a burst is one notification for each chat.
	gather = 250 * time.Millisecond
	// chatsAtOnce is of how many chats a person is told one by one; more are one
	// notification.
	chatsAtOnce = 4
	// notifiedBytes is how much of a message a notification shows.
	notifiedBytes = 300
	// desktopEntry is the name of the program's desktop file.
	desktopEntry = "org.magpie.chat"
)

// notifying is what the application notifies of. It belongs to the goroutine of the
// user interface.
type notifying struct {
	service notify.Service // nil until there is one
	// why there is none of the desktop's, nil if there is.
	why     error
	waiting map[noteOf]*unreadNews
	timer   *time.Timer
	// shown are the chats whose notifications may be on the screen.
	shown map[string]noteOf
}

// noteOf is a chat of one of the accounts.
type noteOf struct {
	s    *session
	conv im.ConversationID
}

// unreadNews are messages of a chat that nobody was told of yet.
type unreadNews struct {
	count  int
	latest im.Message
}

// allChats is the key of the notification that stands for many chats.
const allChats = "*"

func (n noteOf) key() string {
	return string(n.s.account.User) + "\n" + n.s.account.Server + "\n" + string(n.conv)
}

// beginNotifying looks for the desktop's service.
func (a *application) beginNotifying(ctx context.Context) {
	a.notes = notifying{waiting: map[noteOf]*unreadNews{}, shown: map[string]noteOf{}}
	connect := a.options.Notify
	if connect == nil {
		connect = func(ctx context.Context, acted func(notify.Action)) (notify.Service, error) {
			return notify.New(ctx, desktopEntry, acted)
		}
	}
	go func() {
		service, err := connect(ctx, func(done notify.Action) { loop.Do(func() { a.acted(done) }) })
		loop.Do(func() {
			switch {
			case a.closing:
				if service != nil {
					go func() { _ = service.Close() }()
				}
			case err == nil:
				a.notes.service = service
			case errors.Is(err, notify.ErrUnsupported):
				a.notes.service = toolkitNotes{a.fyne}
			default:
				a.notes.why = err // the settings say so
			}
		})
	}()
}

// toolkitNotes are notifications as Fyne has them: they are shown, and that is all.
type toolkitNotes struct{ app fyne.App }

// Show implements notify.Service.
func (t toolkitNotes) Show(n notify.Note) {
	t.app.SendNotification(fyne.NewNotification(n.Title, n.Body))
}

// Withdraw implements notify.Service.
func (toolkitNotes) Withdraw(string) {}

// Inhibited implements notify.Service.
func (toolkitNotes) Inhibited() bool { return false }

// Close implements notify.Service.
func (toolkitNotes) Close() error { return nil }

// endNotifying takes all notifications away.
func (a *application) endNotifying() {
	if a.notes.timer != nil {
		a.notes.timer.Stop()
	}
	if s := a.notes.service; s != nil {
		a.notes.service = nil
		a.files.add(func() { _ = s.Close() })
	}
}

// hear brings what matters here to the goroutine of the user interface.
func (a *application) hear(s *session, e core.Event) {
	a.count(e)
	switch e.(type) {
	case core.MessageReceived, core.MessageRevoked, core.MessagesDeleted, core.ConversationListUpdated, core.TotalUnreadUpdated:
		loop.Do(func() { a.heardOf(s, e) })
	}
}

// heardOf is told of the events of every account that is open, shown or parked.
func (a *application) heardOf(s *session, e core.Event) {
	switch e := e.(type) {
	case core.MessageReceived:
		a.newsOf(s, e.Messages)
	case core.MessageRevoked:
		for i := range e.Messages {
			of := noteOf{s, e.Messages[i].ConversationID}
			delete(a.notes.waiting, of)
			a.unnotify(of)
		}
	case core.MessagesDeleted:
		of := noteOf{s, e.ConversationID}
		delete(a.notes.waiting, of)
		a.unnotify(of)
	case core.TotalUnreadUpdated:
		a.retitle() // that of an account in the background counts too
	case core.ConversationListUpdated:
		// What waits is looked at when its time comes: a list may be older than it.
		for i := range e.Conversations {
			if c := &e.Conversations[i]; c.UnreadCount == 0 {
				a.unnotify(noteOf{s, c.ConversationID})
			}
		}
	}
}

// newsOf gathers the messages that a person is to be told of.
func (a *application) newsOf(s *session, list []im.Message) {
	looking := a.front && !a.locked() && s == a.session
	if a.settings.NoNotifications || looking || a.notes.service == nil || a.closing {
		return
	}
	_, quiet := a.quietNow()
	for i := range list {
		m := &list[i]
		if !worthANote(m) || quiet && (!a.settings.Quiet.Mentions || !mentionsUser(m, s.account.User)) {
			continue
		}
		of := noteOf{s, m.ConversationID}
		news := a.notes.waiting[of]
		if news == nil {
			news = &unreadNews{}
			a.notes.waiting[of] = news
		}
		news.count++
		news.latest = *m
	}
	if len(a.notes.waiting) > 0 && a.notes.timer == nil {
		a.notes.timer = time.AfterFunc(gather, func() { loop.Do(a.notifyOfNews) })
	}
}

// worthANote reports whether a message is one that somebody wants others to hear of.
func worthANote(m *im.Message) bool {
	if m.Flow != im.FlowIn || m.IsRevoked || m.IsPlaceMessage || m.DisablePush || m.Payload == nil || m.Type == im.MsgGroupTip {
		return false
	}
	p, custom := m.Payload.(im.CustomPayload)
	return !custom || !p.GroupCreated()
}

// notifyOfNews reads of each chat what it is called and whether it is muted, and
// tells the person.
func (a *application) notifyOfNews() {
	waiting := a.notes.waiting
	a.notes.waiting, a.notes.timer = map[noteOf]*unreadNews{}, nil
	type known struct {
		of  noteOf
		row im.Conversation
	}
	beside(a.sessions.ctx, func(ctx context.Context) (rows []known, err error) {
		for of := range waiting {
			row, found, err := of.s.store.Conversation(of.conv)
			if err == nil && found && row.MessageRemindType != im.RemindQuiet && row.MessageRemindType != im.RemindDiscard && row.UnreadCount > 0 {
				rows = append(rows, known{of, of.named(ctx, row.Conversation)})
			}
		}
		return rows, nil
	}, func(rows []known, _ error) {
		if a.notes.service == nil || a.closing || len(rows) == 0 {
			return
		}
		if len(rows) > chatsAtOnce {
			n := 0
			for _, r := range rows {
				n += waiting[r.of].count
			}
			a.showNote(notify.Note{Key: allChats, Title: a.tr.T("app.name"), Body: a.tr.N("notify.many", n, i18n.Args{"Chats": len(rows)})}, rows[0].of)
			return
		}
		slices.SortFunc(rows, func(x, y known) int { return cmp.Compare(waiting[x.of].latest.Time, waiting[y.of].latest.Time) })
		for _, r := range rows {
			a.showNote(a.noteFor(r.of, &r.row, waiting[r.of]), r.of)
		}
	})
}

// namePatience is how long the first notification of a chat waits for its name.
const namePatience = 2 * time.Second

// named is the row of a chat with whom or what it is, which the server is asked for
// where nobody has yet.
func (n noteOf) named(ctx context.Context, row im.Conversation) im.Conversation {
	if row.Remark != "" || row.UserProfile != nil || row.GroupProfile != nil || n.conv.Type() == im.ConvSystem {
		return row
	}
	ctx, cancel := context.WithTimeout(ctx, namePatience)
	defer cancel()
	if full, err := n.s.client.GetConversationProfile(ctx, n.conv); err == nil {
		return full
	}
	return row
}

// noteFor is the notification of a chat. While the window is locked, and for those who
// want it so, it says nothing of who wrote what.
func (a *application) noteFor(of noteOf, row *im.Conversation, news *unreadNews) notify.Note {
	n := notify.Note{Key: of.key(), Title: a.tr.T("app.name"), Body: a.tr.N("notify.news", news.count, nil)}
	if a.locked() || a.settings.NotificationsHide {
		return n
	}
	n.Title = conversationName(a.tr, of.s.account.User, row)
	if of.conv.Type() == im.ConvC2C && row.UserProfile == nil && row.Remark == "" {
		n.Title = first(news.latest.Nick, n.Title) // who it is was not asked yet
	}
	if len(a.settings.Accounts) > 1 {
		n.Title += " · " + string(of.s.account.User)
	}
	words := pushWords(&news.latest, a.tr.Language())
	if of.conv.Type() == im.ConvGroup {
		words = first(news.latest.NameCard, news.latest.Nick, string(news.latest.From)) + ": " + words
	}
	if len(words) > notifiedBytes {
		words = strings.ToValidUTF8(words[:notifiedBytes], "") + "…"
	}
	if news.count > 1 {
		words += "\n" + a.tr.N("notify.more", news.count-1, nil)
	}
	n.Body = words
	if of.conv.Type() != im.ConvSystem {
		n.Reply = a.tr.T("menu.reply")
	}
	return n
}

// pushWords are what a notification says of a message: what its sender chose for that,
// else what is in it. The title stays the name of the chat, as which nobody may pose.
func pushWords(m *im.Message, language im.Language) string {
	switch {
	case m.PushTitle != "" && m.PushText != "":
		return m.PushTitle + "\n" + m.PushText
	case m.PushTitle+m.PushText != "":
		return m.PushTitle + m.PushText
	}
	return im.MessageForShow(m.Payload, language)
}

func (a *application) showNote(n notify.Note, of noteOf) {
	n.Title, n.Body = textlayout.Clean(n.Title), textlayout.Clean(n.Body)
	n.Open, n.Silent = a.tr.T("notify.open"), a.settings.NotificationsSilent
	a.notes.shown[n.Key] = of
	a.notes.service.Show(n)
}

// unnotify takes the notification of a chat away.
func (a *application) unnotify(of noteOf) {
	key := of.key()
	if _, shown := a.notes.shown[key]; shown && a.notes.service != nil {
		delete(a.notes.shown, key)
		a.notes.service.Withdraw(key)
	}
}

// unnotifyAll takes all of them away, as when the window is locked or in front.
func (a *application) unnotifyAll() {
	for _, key := range slices.Collect(maps.Keys(a.notes.shown)) {
		delete(a.notes.shown, key)
		if a.notes.service != nil {
			a.notes.service.Withdraw(key)
		}
	}
}

// acted does what a person wants who clicked a notification, or answered in one.
func (a *application) acted(done notify.Action) {
	if done.Key == trayNote {
		a.raise()
		return
	}
	of, known := a.notes.shown[done.Key]
	if !known || a.closing || !a.isOpen(of.s.account) {
		return
	}
	if done.Reply != "" {
		if !a.locked() {
			a.replyTo(of, done.Reply)
		}
		return
	}
	if done.Key == allChats {
		a.raise()
		return
	}
	a.bringUp(of)
}

// bringUp brings the window to the front with a chat, of whichever account it is.
func (a *application) bringUp(of noteOf) {
	a.raise()
	if a.locked() || a.closing || !a.isOpen(of.s.account) {
		return
	}
	a.switchTo(of.s.account)
	if a.main != nil && a.session == of.s {
		a.main.bringOut(of.conv)
	}
}

// replyTo sends a text to a chat, and what was in it is read.
func (a *application) replyTo(of noteOf, text string) {
	client := of.s.client
	msg := client.CreateTextMessage(of.conv.Type(), of.conv.To(), text)
	of.s.drafts.send(a.files, client, msg, im.SendOptions{}, text, func(err error) {
		loop.Do(func() { a.notSent(of.s, of.conv, err) })
	})
	beside(of.s.ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, client.SetMessageRead(ctx, of.conv) }, func(struct{}, error) {})
}
