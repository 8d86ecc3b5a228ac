package store

import (
	"errors"
	"fmt"

	"magpie/im"
)

// reader goes through the buckets of a file page by page and hands on every
// value whose checksum is right. The scope of messages and ranges is their
// conversation. What it is given is only valid during the call.
type reader struct {
	w      *walker
	form   *form
	record func(k kind, scope im.ConversationID, key, value []byte)
	// sequence is told the counter of each top bucket; nil if nobody asks.
	sequence func(bucket string, n uint64)
	// reach is told how much of the histories was read; nil if nobody asks.
	reach *reach
}

// top reads one bucket of the root.
func (r *reader) top(e element) {
	if r.sequence != nil {
		if _, n, _, err := bucketRoot(e.value); err == nil {
			r.sequence(string(e.key), n)
		}
	}
	var k kind
	switch string(e.key) {
	case string(bucketMeta):
		r.w.bucket(e.value, func(e element) {
			switch {
			case string(e.key) == string(keySchema):
				r.sealed(kindSchema, plain.sealer(kindSchema, ""), "", e)
			case string(e.key) == string(keySealed):
				r.marker(e)
			default:
				r.value(kindMeta, e)
			}
		})
		return
	case string(bucketSealed):
		r.w.bucket(e.value, r.marker)
		return
	case string(bucketMsg):
		r.nested(kindMessage, e)
		return
	case string(bucketGap):
		r.nested(kindRange, e)
		return
	case string(bucketRecall):
		r.nested(kindRecall, e)
		return
	case string(bucketMedia):
		r.nested(kindMedia, e)
		return
	case string(bucketOwn):
		k = kindMeta
	case string(bucketConv):
		k = kindConv
	case string(bucketMsgByID):
		k = kindOldPlace
	case string(bucketPlace):
		k = kindPlace
	case string(bucketConvNo):
		k = kindNumber
	case string(bucketOutbox):
		k = kindOutbox
	case string(bucketDraft):
		k = kindDraft
	case string(bucketMember):
		k = kindMember
	case string(bucketProfile):
		k = kindProfile
	case string(bucketGroup):
		k = kindGroup
	default:
		// conv_by_time has no values; a bucket that we do not know only has pages.
		r.w.bucket(e.value, func(element) {})
		return
	}
	sum := r.form.sealer(k, "")
	r.w.bucket(e.value, func(e element) { r.sealed(k, sum, "", e) })
}

// nested reads a bucket with one bucket for each conversation.
func (r *reader) nested(k kind, e element) {
	before, within := r.w.problems, 0 // of all, and of what the conversations have
	r.w.bucket(e.value, func(conv element) {
		if !conv.bucket {
			r.w.problem(fmt.Errorf("%.64q is not a bucket: %w", conv.key, errPage))
			return
		}
		scope, err := r.form.id(conv.key)
		if err != nil {
			r.w.problem(fmt.Errorf("bucket %.64q: %w", conv.key, err))
			return
		}
		sum := r.form.sealer(k, scope)
		from := r.w.problems
		r.w.bucket(conv.value, func(e element) { r.sealed(k, sum, im.ConversationID(scope), e) })
		within += r.w.problems - from
		if k == kindMessage && r.reach != nil {
			r.reach.whole[im.ConversationID(scope)] = r.w.problems == from
		}
	})
	if k == kindMessage && r.reach != nil {
		r.reach.all = r.w.problems == before+within
	}
}

func (r *reader) value(k kind, e element) { r.sealed(k, r.form.sealer(k, ""), "", e) }

// marker reads what says that a file is sealed.
func (r *reader) marker(e element) {
	m, err := decodeMarker(e.value)
	if err == nil && (r.form == plain || m != r.form.marker) {
		err = errVersion
	}
	if err != nil || e.bucket {
		r.w.problem(fmt.Errorf("value of %.64q: %w", e.key, errors.Join(err, errPage)))
	}
}

func (r *reader) sealed(k kind, sum *sealer, scope im.ConversationID, e element) {
	_, err := sum.open(e.key, e.value)
	if err == nil {
		err = r.form.decodes(k, sum, scope, e.key, e.value)
	}
	if e.bucket {
		err = errPage
	}
	if err != nil {
		r.w.problem(fmt.Errorf("value of %.64q: %w", e.key, err))
		return
	}
	r.record(k, scope, e.key, e.value)
}

// decodes reads a value of which the checksum is right as those do who use it: what
// they could not read would be met again and again, and never be repaired.
func (f *form) decodes(k kind, sum *sealer, scope im.ConversationID, key, value []byte) (err error) {
	switch k {
	case kindMessage, kindRecall:
		_, err = openMessage(sum, scope, key, value)
	case kindConv:
		_, err = f.decodeConversation(key, value)
	case kindOutbox:
		_, err = f.decodeOutbox(key, value)
	case kindDraft, kindMeta:
		_, _, err = f.decodeStamped(k, key, value)
	case kindRange:
		_, err = decodeRange(sum, key, value)
	case kindMedia:
		_, err = openMedia(sum, scope, key, value)
	case kindPlace:
		_, _, err = decodePlace(sum, key, value)
	case kindProfile:
		err = f.openRecord(k, key, value, new(im.Profile))
	case kindGroup:
		err = f.openRecord(k, key, value, new(im.Group))
	case kindMember:
		err = f.openRecord(k, key, value, new(im.GroupMember))
	}
	return err
}
