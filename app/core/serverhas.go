package core

import (
	"context"
	"sync"
	"time"

	"magpie/im"
)

// answerFor is how long an answer of the server about a file is believed.
const answerFor = 10 * time.Minute

// questionsAtOnce bounds the questions about files that are open.
const questionsAtOnce = 8

// fileAnswers are what the server said lately of files: whether it has them and lets
// this account fetch them again.
type fileAnswers struct {
	mu sync.Mutex
	of map[string]fileAnswer // by hash
}

type fileAnswer struct {
	has bool
	at  time.Time
}

func (a *fileAnswers) get(hash string, now time.Time) (has, known bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	got, ok := a.of[hash]
	return got.has, ok && now.Sub(got.at) < answerFor
}

func (a *fileAnswers) put(hash string, has bool, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of == nil {
		a.of = make(map[string]fileAnswer)
	}
	a.of[hash] = fileAnswer{has, now}
}

// askServer asks the server which of the files it has: one small request for each that
// was not answered lately. Those it could not be asked about, as without a connection,
// are not in the answer. The error is ctx's alone.
func (c *Client) askServer(ctx context.Context, hashes []string, onProgress func(done, total int)) (map[string]bool, error) {
	var mu sync.Mutex
	answers := make(map[string]bool, len(hashes))
	done, cut := 0, false
	tell := func() {
		done++
		if onProgress != nil {
			onProgress(done, len(hashes))
		}
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, questionsAtOnce)
	for _, hash := range hashes {
		if ctx.Err() != nil {
			break
		}
		if has, known := c.answers.get(hash, c.o.Now()); known {
			mu.Lock()
			answers[hash] = has
			tell()
			mu.Unlock()
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			mu.Lock()
			skip := cut
			mu.Unlock()
			var has bool
			err := error(im.Errorf(im.CodeNetworkDown, "not connected"))
			if !skip {
				has, err = c.fileServer.has(ctx, hash)
			}
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				answers[hash] = has
				c.answers.put(hash, has, c.o.Now())
			case onNetwork(err):
				cut = true // nobody answers the others either
			}
			tell()
		})
	}
	wg.Wait()
	return answers, ctx.Err()
}
