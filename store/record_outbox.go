package store

import (
	"encoding/json"
	"fmt"

	"magpie/im"
)

// outboxOptions say how a row goes out. What is added here is passed over by programs
// that do not know it.
type outboxOptions struct {
	im.SendOptions
	Batch string `json:"batch,omitempty"`
}

// encodeOutbox seals a row for the bucket outbox, where Order is the key.
func (f *form) encodeOutbox(r *OutboxRow) ([]byte, error) {
	e := newEncoder(256)
	e.string(string(r.Message.ConversationID))
	e.uint(r.Base)
	e.uint(uint64(max(r.Tries, 0)))
	if going := (outboxOptions{r.Options, r.Batch}); going == (outboxOptions{}) {
		e.bytes(nil)
	} else {
		raw, err := json.Marshal(going)
		if err != nil {
			return nil, fmt.Errorf("store: options of message %.96q: %w", r.Message.ID, err)
		}
		e.bytes(raw)
	}
	if err := e.message(&r.Message); err != nil {
		return nil, err
	}
	return f.sealer(kindOutbox, "").seal(sequenceKey(r.Order), e.b), nil
}

func (f *form) decodeOutbox(key, value []byte) (OutboxRow, error) {
	order, err := keySequence(key)
	if err != nil {
		return OutboxRow{}, damaged("outbox row", key, err)
	}
	sum := f.lend(kindOutbox)
	defer f.back(sum)
	d, err := sum.open(key, value)
	if err != nil {
		return OutboxRow{}, damaged("outbox row", key, err)
	}
	conv := im.ConversationID(d.string())
	r := OutboxRow{Order: order, Base: d.uint(), Tries: int(d.uint())}
	if raw := d.view(); len(raw) > 0 && d.err == nil {
		var going outboxOptions
		d.err = json.Unmarshal(raw, &going)
		r.Options, r.Batch = going.SendOptions, going.Batch
	}
	r.Message, _ = d.message(conv, 0)
	if err := d.done(); err != nil {
		return OutboxRow{}, damaged("outbox row", key, err)
	}
	return r, nil
}
