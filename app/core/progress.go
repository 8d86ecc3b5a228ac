package core

import (
	"sync"
	"time"
)

// progressEvery is the least time between two reports of progress.
const progressEvery = 50 * time.Millisecond

// throttle passes reports on at most every progressEvery, and the last.
func throttle(report func(done, total int64)) func(done, total int64) {
	var mu sync.Mutex
	var last time.Time
	told := int64(-1)
	return func(done, total int64) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		if done == told || done < total && now.Sub(last) < progressEvery {
			return
		}
		last, told = now, done
		report(done, total)
	}
}
