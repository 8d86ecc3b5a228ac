package standard

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"magpie/im"
)

// Account is whose history the corpus is.
const Account im.UserID = "wren"

// Messages is how many messages the corpus of the published figures has.
const Messages = 1_000_000

// Big is the conversation that has a fifth of all messages.
const Big = im.ConversationID("GROUP@TGS#0000")

// The corpus begins at Begin and ends at End.
var (
	Begin = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)
	End   = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
)

// Options say which corpus. The zero value is the standard one.
type Options struct {
	// Messages is how many rows there are; 0 means [Messages]. There is a
	// conversation for every thousand of them.
	Messages int
	Seed     uint64
	// ShortTexts leaves out everything but short texts, to measure what one of
	// them costs.
	ShortTexts bool
}

// Plan is who talks where, and how much.
type Plan struct {
	options Options
	convs   []conversation
	zh, en  *lexicon
}

// conversation is one conversation of the plan.
type conversation struct {
	id     im.ConversationID
	people []im.UserID // the account first
	count  uint64      // messages
	// older is how many of them come late, as pages of history.
	older uint64
	// english is the share of texts in English.
	english float64
}

const (
	people   = 5000 // senders altogether
	pageSize = 50   // of history that comes late
)

// NewPlan decides everything but the messages themselves.
func NewPlan(o Options) *Plan {
	if o.Messages <= 0 {
		o.Messages = Messages
	}
	p := &Plan{options: o, zh: chineseLexicon(), en: englishLexicon()}
	r := rand.New(rand.NewPCG(o.Seed, 1))
	n := max(o.Messages/1000, 1)
	counts := shares(o.Messages, n)
	for i := range n {
		c := conversation{count: counts[i]}
		c.older = c.count / 5 / pageSize * pageSize
		c.english = []float64{0.05, 0.2, 0.9}[r.IntN(3)]
		if i == 0 || i%3 == 2 {
			c.id = im.GroupConversation(im.GroupID(fmt.Sprintf("@TGS#%04d", i)))
			c.people = append(c.people, Account)
			for range 3 + r.IntN(60) {
				c.people = append(c.people, person(r.IntN(people)))
			}
		} else {
			peer := person(i * 4) // somebody else each time, however many there are
			c.id, c.people = im.C2C(peer), []im.UserID{Account, peer}
		}
		p.convs = append(p.convs, c)
	}
	return p
}

func person(i int) im.UserID {
	return im.UserID(fmt.Sprintf("%s_%d", givenNames[i%len(givenNames)], i))
}

// shares divides the messages: a fifth in the first conversation, the rest as
// it is with people, few that one always talks to and many now and then.
func shares(messages, n int) []uint64 {
	counts := make([]uint64, n)
	if n == 1 {
		counts[0] = uint64(messages)
		return counts
	}
	first := messages / 5
	weights := make([]float64, n)
	sum := 0.0
	for i := 1; i < n; i++ {
		weights[i] = 1 / math.Sqrt(float64(i)+3)
		sum += weights[i]
	}
	left := messages - first
	for i := 1; i < n; i++ {
		counts[i] = uint64(float64(messages-first) * weights[i] / sum)
		left -= int(counts[i])
	}
	counts[0] = uint64(first + left) // what rounding left
	return counts
}

// Conversations are the ids of all conversations, the big one first.
func (p *Plan) Conversations() []im.ConversationID {
	list := make([]im.ConversationID, 0, len(p.convs))
	for i := range p.convs {
		list = append(list, p.convs[i].id)
	}
	return list
}

// Count is how many messages a conversation has, numbered from 1; 0 for one
// that is not of the plan.
func (p *Plan) Count(id im.ConversationID) uint64 {
	i := slices.IndexFunc(p.convs, func(c conversation) bool { return c.id == id })
	if i < 0 {
		return 0
	}
	return p.convs[i].count
}

// talk is how many messages people exchange before they do something else.
const talk = 8

// at is when message n of a conversation was sent: people talk for some minutes,
// and then not for a while.
func (c *conversation) at(n uint64, r *rand.Rand) int64 {
	talks := int64(c.count/talk + 1)
	pause := End.Sub(Begin).Milliseconds() / talks
	step := min(pause/talk, 40_000)
	// Not everybody begins at the same hour.
	start := pause * int64(len(c.people)*37%100) / 200
	return Begin.UnixMilli() + start + pause*int64(n/talk) + step*int64(n%talk) + r.Int64N(max(step, 1))
}
