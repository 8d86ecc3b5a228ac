package core

import "sync"

// Subscription is one reader's queue of events. It holds everything that
// happened since [Client.Subscribe] and was not taken yet, however much. All
// subscriptions get the same values: what events hold is to be read only.
type Subscription struct {
	hub  *hub
	ch   chan Event
	done chan struct{}

	mu    sync.Mutex
	queue []Event
	more  chan struct{} // capacity 1: the queue is not empty or hub is closed
	ended bool          // no further event will be queued
}

// Events is where the events come from, in order. It is closed by
// [Subscription.Close], and by [Client.Close] once everything was taken.
func (s *Subscription) Events() <-chan Event { return s.ch }

// Close ends the subscription and drops what was not taken. It may be called
// more than once.
func (s *Subscription) Close() {
	s.hub.remove(s)
}

func (s *Subscription) push(e Event) {
	s.mu.Lock()
	if !s.ended {
		s.queue = append(s.queue, e)
	}
	s.mu.Unlock()
	s.signal()
}

func (s *Subscription) end() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.signal()
}

func (s *Subscription) signal() {
	select {
	case s.more <- struct{}{}:
	default:
	}
}

func (s *Subscription) run() {
	defer close(s.ch)
	for {
		s.mu.Lock()
		queue, ended := s.queue, s.ended
		s.queue = nil
		s.mu.Unlock()
		for _, e := range queue {
			select {
			case s.ch <- e:
			case <-s.done:
				return
			}
		}
		if len(queue) > 0 {
			continue
		}
		if ended {
			return
		}
		select {
		case <-s.more:
		case <-s.done:
			return
		}
	}
}

// hub hands every event to every subscription.
type hub struct {
	mu     sync.Mutex
	subs   map[*Subscription]struct{}
	closed bool
}

func (h *hub) subscribe() *Subscription {
	s := &Subscription{hub: h, ch: make(chan Event), done: make(chan struct{}), more: make(chan struct{}, 1)}
	h.mu.Lock()
	if h.closed {
		s.ended = true
	} else {
		h.subs[s] = struct{}{}
	}
	h.mu.Unlock()
	go s.run()
	return s
}

func (h *hub) remove(s *Subscription) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, s)
	select {
	case <-s.done:
	default:
		close(s.done)
	}
}

// emit queues e for everyone. The lock makes the order the same for all.
func (h *hub) emit(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		s.push(e)
	}
}

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.subs {
		s.end()
	}
}
