package app

import "sync"

// worker runs jobs one after another beside the user interface, in the order in
// which they were handed in: what a person did first is on disk first.
type worker struct {
	mu    sync.Mutex
	more  sync.Cond
	jobs  []func()
	ended bool
	done  chan struct{}
}

func newWorker() *worker {
	w := &worker{done: make(chan struct{})}
	w.more.L = &w.mu
	go w.run()
	return w
}

// add hands in a job. After close it is dropped.
func (w *worker) add(job func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended {
		w.jobs = append(w.jobs, job)
		w.more.Signal()
	}
}

// wait waits until everything that was handed in by now has run.
func (w *worker) wait() {
	w.mu.Lock()
	if w.ended {
		w.mu.Unlock()
		<-w.done
		return
	}
	passed := make(chan struct{})
	w.jobs = append(w.jobs, func() { close(passed) })
	w.more.Signal()
	w.mu.Unlock()
	<-passed
}

// close waits until everything handed in has run.
func (w *worker) close() {
	w.mu.Lock()
	w.ended = true
	w.more.Signal()
	w.mu.Unlock()
	<-w.done
}

func (w *worker) run() {
	defer close(w.done)
	for {
		w.mu.Lock()
		for len(w.jobs) == 0 && !w.ended {
			w.more.Wait()
		}
		jobs := w.jobs
		w.jobs = nil
		w.mu.Unlock()
		if len(jobs) == 0 {
			return
		}
		for _, job := range jobs {
			job()
		}
	}
}
