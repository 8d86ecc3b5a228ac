package app

import (
	"sync"
	"time"

	"magpie/app/core"
)

// frame is how long events are gathered before they are applied together: one
// frame at 60 Hz.
const frame = 16 * time.Millisecond

// pump takes the events of a subscription and hands them to apply in batches,
// at most one a frame, through do (loop.Do). It ends when the subscription does;
// done is closed then.
func pump(sub *core.Subscription, do func(func()), apply func([]core.Event)) (done <-chan struct{}) {
	end := make(chan struct{})
	var (
		mu      sync.Mutex
		waiting []core.Event
	)
	flush := func() {
		mu.Lock()
		batch := waiting
		waiting = nil
		mu.Unlock()
		if len(batch) > 0 {
			apply(batch)
		}
	}
	go func() {
		defer close(end)
		timer := time.NewTimer(0)
		<-timer.C
		armed := false
		for {
			select {
			case e, ok := <-sub.Events():
				if !ok {
					do(flush)
					return
				}
				mu.Lock()
				waiting = append(waiting, e)
				mu.Unlock()
				if !armed {
					armed = true
					timer.Reset(frame)
				}
			case <-timer.C:
				armed = false
				do(flush)
			}
		}
	}()
	return end
}
