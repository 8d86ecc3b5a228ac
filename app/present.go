package app

import (
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/im"
	"magpie/widgets/canvas"
	"magpie/widgets/theme"

	"magpie/app/i18n"
)

// presenter turns messages into what the canvas draws. It belongs to one
// conversation and is used on the goroutine of the user interface only.
type presenter struct {
	tr   *i18n.Translator
	conv im.ConversationID
	me   im.UserID
	// peerRead is how far the other side of a one-to-one conversation has read.
	peerRead uint64
	// connected says whether waiting messages are on their way.
	connected bool
	// holesFailed says of holes why they could not be filled.
	holesFailed map[canvas.Key]string
	// self is what this account is called to others.
	self string
	// named puts names above bubbles also where only one person speaks.
	named bool
	// originals are the messages that others answer, nil where none is looked for;
	// quotes are the messages shown by those that they answer.
	originals *originals
	quotes    map[im.MessageID]map[im.MessageID]bool
	// names are the nicks of members that messages do not carry, called all names
	// by which members may be mentioned.
	names  map[im.UserID]string
	called map[im.UserID][]string
	// avatars are the addresses of members' avatars, of those that have one.
	avatars map[im.UserID]string
	// pictures are those of stickers and avatars.
	pictures *pictures
	// picture is the avatar of a conversation of the list, for what names it.
	picture func(im.ConversationID) fyne.Resource
	// recallable tells whether the text of a recalled message is at hand.
	recallable func(im.MessageID) bool
	// here tells whether a file is on this disk; shown is told of the media that
	// is handed to the canvas. Either may be nil.
	here  func(address string) bool
	shown func(media)
}

// item is m as the canvas shows it.
func (p *presenter) item(m *im.Message) canvas.Item {
	it := canvas.Item{
		Key:      canvas.Key(m.ID),
		Sequence: m.Sequence,
		Own:      m.From == p.me && m.Type != im.MsgGroupTip,
		Time:     time.UnixMilli(m.Time),
		Author:   p.author(m),
	}
	if m.Sequence == 0 {
		it.Order = uint64(m.Time)
	}
	lang := p.tr.Language()
	switch payload := m.Payload.(type) {
	case im.TextPayload:
		it.Text = payload.Text
		it.Mentions = p.mentions(m)
	case im.FacePayload:
		it.Kind = canvas.KindSticker
		it.Picture, it.Text = p.pictures.sticker(payload, p.tr)
	case im.CustomPayload:
		p.custom(&it, payload)
	case im.AudioPayload:
		p.voice(&it, m, payload)
	case im.GroupTipPayload:
		it.Kind = canvas.KindNotice
		it.Text = payload.Words(lang)
	case im.ImagePayload, im.VideoPayload, im.FilePayload:
		p.media(&it, m)
	case im.MergerPayload:
		p.merged(&it, payload)
	case im.GroupNoticePayload:
		p.notice(m, payload, &it)
		return it
	default:
		it.Kind = canvas.KindOther
		it.Text = im.MessageForShow(payload, lang)
	}
	if m.IsRevoked {
		it.Kind = canvas.KindNotice
		it.Text = p.recalled(m)
		if p.editable(m) {
			it.Action = p.tr.T("chat.editAgain")
		}
	}
	if m.IsPlaceMessage {
		it.Kind = canvas.KindNotice
		it.Text = p.tr.T("chat.gone")
	}
	if it.Text == "" {
		it.Text = p.tr.T("chat.unknownMessage")
	}
	if it.Kind != canvas.KindNotice {
		it.Quote = p.quote(m)
	}
	if it.Own {
		it.State, it.Reason = p.state(m)
		return it
	}
	it.Sender = p.sender(m)
	return it
}

func (p *presenter) state(m *im.Message) (canvas.State, string) {
	switch {
	case m.Status == im.StatusFail:
		if m.Error == nil {
			return canvas.StateFailed, ""
		}
		return canvas.StateFailed, m.Error.Message(p.tr.Language())
	case m.Sequence == 0 && p.connected:
		return canvas.StateSending, ""
	case m.Sequence == 0:
		return canvas.StateWaiting, ""
	case p.conv.Type() == im.ConvC2C && m.Sequence <= p.peerRead:
		return canvas.StateRead, ""
	}
	return canvas.StateSent, ""
}

func (p *presenter) sender(m *im.Message) canvas.Sender {
	name := p.name(m)
	s := canvas.Sender{
		ID:      string(m.From),
		Initial: theme.Initial(name),
		Color:   theme.AvatarColor(string(m.From)),
		Picture: p.pictures.avatar(p.face(m)),
	}
	if p.named || p.conv.Type() == im.ConvGroup {
		s.Name = name
	}
	return s
}

func (p *presenter) name(m *im.Message) string {
	for _, n := range []string{m.NameCard, m.Nick, p.names[m.From]} {
		if n != "" {
			return n
		}
	}
	return string(m.From)
}

// hole is a range that is not on disk.
func (p *presenter) hole(h core.Hole) canvas.Item {
	it := canvas.Item{Key: holeKey(h.From), Kind: canvas.KindHole, Sequence: h.From, Until: h.To}
	p.holeState(&it)
	return it
}

// holeState says what is to become of a hole.
func (p *presenter) holeState(it *canvas.Item) {
	it.Loading, it.Reason = p.connected, ""
	if reason, failed := p.holesFailed[it.Key]; failed && p.connected {
		it.Loading, it.Reason = false, reason
	}
}

// holeKey cannot be the id of a message, which has no space.
func holeKey(from uint64) canvas.Key {
	return canvas.Key("hole " + strconv.FormatUint(from, 10))
}
