package standard

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"

	"magpie/im"
)

// random is that of one message alone, so that a message is the same in
// whatever order they are made.
func (p *Plan) random(conv int, n uint64) *rand.Rand {
	return rand.New(rand.NewPCG(p.options.Seed<<32^uint64(conv), n*0x9e3779b97f4a7c15+3))
}

// Message is message n of a conversation of the plan.
func (p *Plan) Message(conv int, n uint64) im.Message {
	c := &p.convs[conv]
	r := p.random(conv, n)
	at := c.at(n, r)
	from := c.people[0]
	if r.IntN(5) > 0 {
		from = c.people[1+r.IntN(len(c.people)-1)]
	}
	m := im.Message{
		ConversationID: c.id, ConversationType: c.id.Type(), From: from, To: c.id.To(), Flow: im.FlowIn, Time: at,
		Status: im.StatusSuccess, Sequence: n, Random: r.Uint32(),
	}
	var id ulid.ULID
	_ = id.SetTime(uint64(at)) // a date of this century always fits
	for i := 6; i < len(id); i++ {
		id[i] = byte(r.Uint32())
	}
	m.ID = im.MessageID(fmt.Sprintf("%s-pc%d-%s", from, r.IntN(3), id))
	if from == Account {
		m.Flow = im.FlowOut
	} else if c.id.Type() == im.ConvC2C {
		m.To = string(Account)
	} else {
		m.Nick = nicks[len(from)*7%len(nicks)]
	}
	if target, is := p.recalls(conv, n); is {
		return recall(c, &m, target)
	}
	m.Payload = p.payload(c, r, &m)
	m.Type = m.Payload.Type()
	return m
}

// recalls says whether number n is the place of a recall, and of which earlier
// message: about one message of 150 is recalled.
func (p *Plan) recalls(conv int, n uint64) (target uint64, is bool) {
	if p.options.ShortTexts || n < 4 || (n*7+uint64(conv))%151 != 0 {
		return 0, false
	}
	return n - 2, true
}

func recall(c *conversation, place *im.Message, target uint64) im.Message {
	from := place.From
	at := time.UnixMilli(place.Time - 1000)
	place.ID, place.From, place.Type = im.MessageID(fmt.Sprintf("%s-%d", im.SystemUser, place.Sequence)), im.SystemUser, im.MsgText
	place.IsPlaceMessage, place.Revoker = true, from
	place.Revokes = &im.Revocation{Sequence: target, Type: im.MsgText, From: from, Time: at.UnixMilli()}
	return *place
}

func (p *Plan) payload(c *conversation, r *rand.Rand, m *im.Message) im.Payload {
	if p.options.ShortTexts {
		return im.TextPayload{Text: p.text(r, c.english, 1+r.IntN(9))}
	}
	switch k := r.IntN(1000); {
	case k < 45:
		return picture(r)
	case k < 70:
		return im.AudioPayload{UUID: hash(r), URL: hash(r), Size: 4000 + r.Int64N(90_000), Second: 1 + r.IntN(60), Format: "m4a", Peaks: bytes(r, 60)}
	case k < 78:
		return im.VideoPayload{VideoUUID: hash(r), VideoURL: hash(r), VideoFormat: "mp4", VideoSecond: 3 + r.IntN(90), VideoSize: 1 << 20,
			ThumbURL: hash(r), ThumbFormat: "jpg", ThumbWidth: 352, ThumbHeight: 640, ThumbSize: 20_000}
	case k < 88:
		name := p.word(r, c.english) + "_" + p.word(r, c.english) + [...]string{".pdf", ".docx", ".xlsx", ".zip"}[r.IntN(4)]
		return im.FilePayload{UUID: hash(r), FileName: name, FileSize: 1 + r.Int64N(5<<20), FileURL: hash(r)}
	case k < 105:
		return im.FacePayload{Index: r.IntN(40), Data: fmt.Sprintf("tt%02d", r.IntN(40))}
	case k < 108:
		return im.LocationPayload{Description: p.text(r, c.english, 3), Latitude: 31.23, Longitude: 121.47}
	case k < 112:
		return im.CustomPayload{Data: `{"businessID":"link"}`, Description: p.text(r, c.english, 4), Extension: "1"}
	case k < 122 && c.id.Type() == im.ConvGroup:
		from := m.From
		m.From = im.SystemUser
		who := c.people[r.IntN(len(c.people))]
		return im.GroupTipPayload{OperationType: im.TipMemberJoin, OperatorID: from, UserIDList: []im.UserID{who},
			GroupProfile: im.GroupRef{GroupID: c.id.Group(), Type: im.GroupWork}, MemberCount: len(c.people), GroupJoinType: im.JoinedByInvite,
			Names: map[im.UserID]string{from: nicks[len(from)%len(nicks)], who: nicks[len(who)*3%len(nicks)]}}
	}
	words := 1 + r.IntN(10)
	if r.IntN(40) == 0 {
		words = 40 + r.IntN(90)
	}
	return im.TextPayload{Text: p.text(r, c.english, words)}
}

func (p *Plan) word(r *rand.Rand, english float64) string {
	if r.Float64() < english {
		return p.en.draw(r)
	}
	return p.zh.draw(r)
}

// text is a phrase that people say as it is, or some words.
func (p *Plan) text(r *rand.Rand, english float64, words int) string {
	if words < 10 && r.IntN(5) == 0 {
		return phrases[r.IntN(len(phrases))]
	}
	var b strings.Builder
	if r.Float64() < english {
		for i := range words {
			if i > 0 {
				b.WriteString([...]string{" ", " ", " ", " ", " ", " ", ", ", ". "}[r.IntN(8)])
			}
			b.WriteString(p.en.draw(r))
		}
	} else {
		for i := range words {
			if i > 0 && r.IntN(6) == 0 {
				b.WriteString([...]string{"，", "。", "，", " "}[r.IntN(4)])
			}
			if r.IntN(25) == 0 {
				b.WriteString(p.en.draw(r))
			} else {
				b.WriteString(p.zh.draw(r))
			}
		}
	}
	switch r.IntN(30) {
	case 0, 1, 2:
		b.WriteString(emoji[r.IntN(len(emoji))])
	case 3:
		fmt.Fprintf(&b, " https://%s.example.com/%s", p.en.draw(r), p.en.draw(r))
	case 4:
		fmt.Fprintf(&b, " %d", r.IntN(10_000))
	}
	return b.String()
}

func picture(r *rand.Rand) im.Payload {
	p := im.ImagePayload{UUID: hash(r), ImageFormat: im.ImageJPEG}
	for i, side := range [...]int{198, 720, 1440} {
		p.ImageInfoArray = append(p.ImageInfoArray, im.ImageInfo{
			SizeType: [...]im.ImageSizeType{im.ImageThumbnail, im.ImageLarge, im.ImageOriginal}[i], Size: int64(side * 100),
			Width: side, Height: side * 4 / 3, ImageURL: hash(r),
		})
	}
	return p
}

func bytes(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// hash looks like the address of a file.
func hash(r *rand.Rand) string { return hex.EncodeToString(bytes(r, 32)) }
