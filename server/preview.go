package server

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"magpie/im"
)

// previews seals the last messages that heads hold. A head is written anew with
// every message, and what it said before stays in its stream's files until they
// are compacted, out of reach of any erasure. So it is written there only under
// a key of its conversation, and a recall renews that key: whatever earlier heads
// said is unreadable from then on. Keys lie in a stream that drops nothing by
// itself, so that a key that is to go can be overwritten on the disk.
type previews struct {
	table *table

	mu    sync.Mutex
	cache map[convKey]previewKey
}

// previewKey is the key of one conversation.
type previewKey struct {
	Key []byte `json:"k"` // AES-128
	// Recall is the number of the latest recall that it was renewed for.
	Recall uint64 `json:"n,omitempty"`
}

// previewKeysMax bounds how many keys are kept in memory.
const previewKeysMax = 50000

func newPreviews(b *bus) *previews {
	return &previews{table: newTable(b, tablePreviews), cache: map[convKey]previewKey{}}
}

func freshKey(recall uint64) previewKey {
	key := previewKey{Key: make([]byte, 16), Recall: recall}
	rand.Read(key.Key)
	return key
}

// key returns the key of k, made if there is none.
func (p *previews) key(ctx context.Context, k convKey) (previewKey, error) {
	p.mu.Lock()
	key, ok := p.cache[k]
	p.mu.Unlock()
	for !ok {
		revision, err := p.table.get(ctx, string(k), &key)
		if errors.Is(err, errNoMessage) {
			key = freshKey(0)
			_, err = p.table.update(ctx, string(k), key, revision)
			if errors.Is(err, errConflict) { // somebody else made it
				continue
			}
		}
		if err != nil {
			return key, err
		}
		ok = true
		p.keep(k, key)
	}
	return key, nil
}

func (p *previews) keep(k convKey, key previewKey) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.cache) >= previewKeysMax {
		clear(p.cache) // they are read again as they are needed
	}
	p.cache[k] = key
}

// preload reads the keys of many conversations at once.
func (p *previews) preload(ctx context.Context, keys []convKey) error {
	var missing []string
	p.mu.Lock()
	for _, k := range keys {
		if _, ok := p.cache[k]; !ok {
			missing = append(missing, string(k))
		}
	}
	p.mu.Unlock()
	if len(missing) == 0 {
		return nil
	}
	found, err := p.table.many(ctx, missing)
	if err != nil {
		return err
	}
	for k, e := range found {
		key, err := decodeEntry[previewKey](e)
		if err != nil {
			return err
		}
		p.keep(convKey(k), key)
	}
	return nil
}

// renew replaces the key of k for the recall with number n, once, and overwrites
// the keys before on the disk.
func (p *previews) renew(ctx context.Context, k convKey, n uint64) error {
	for {
		var key previewKey
		revision, err := p.table.get(ctx, string(k), &key)
		if err != nil && !errors.Is(err, errNoMessage) {
			return err
		}
		if err != nil || key.Recall < n {
			key = freshKey(n)
			revision, err = p.table.update(ctx, string(k), key, revision)
			if errors.Is(err, errConflict) {
				continue
			}
			if err != nil {
				return err
			}
		}
		p.keep(k, key)
		return p.eraseBefore(ctx, k, revision)
	}
}

// eraseBefore overwrites the keys of k that were written before revision.
func (p *previews) eraseBefore(ctx context.Context, k convKey, revision uint64) error {
	var old []uint64
	err := p.table.bus.batch(ctx, p.table.stream, p.table.prefix+string(k), 1, readBatch, func(m *jetstream.RawStreamMsg) bool {
		if m.Sequence < revision {
			old = append(old, m.Sequence)
		}
		return m.Sequence < revision
	})
	for _, seq := range old {
		if err == nil {
			err = p.table.bus.erase(ctx, p.table.stream, seq)
		}
	}
	return err
}

// seal encrypts a last message of k.
func (p *previews) seal(ctx context.Context, k convKey, last *im.LastMessage) ([]byte, error) {
	key, err := p.key(ctx, k)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(last)
	if err != nil {
		return nil, err
	}
	aead, err := key.aead()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	rand.Read(nonce)
	return aead.Seal(nonce, nonce, plain, []byte(k)), nil
}

// errSealed: the key under which a preview was sealed is gone.
var errSealed = errors.New("server: the preview was sealed under another key")

// open decrypts a last message of k.
func (p *previews) open(ctx context.Context, k convKey, sealed []byte) (*im.LastMessage, error) {
	key, err := p.key(ctx, k)
	if err != nil {
		return nil, err
	}
	aead, err := key.aead()
	if err != nil {
		return nil, err
	}
	if len(sealed) < aead.NonceSize() {
		return nil, errSealed
	}
	plain, err := aead.Open(nil, sealed[:aead.NonceSize()], sealed[aead.NonceSize():], []byte(k))
	if err != nil {
		return nil, errSealed
	}
	last := &im.LastMessage{}
	if err := json.Unmarshal(plain, last); err != nil {
		return nil, fmt.Errorf("server: preview of %s is damaged: %w", k, err)
	}
	return last, nil
}

func (k previewKey) aead() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.Key)
	if err != nil {
		return nil, fmt.Errorf("server: preview key: %w", err)
	}
	return cipher.NewGCM(block)
}
