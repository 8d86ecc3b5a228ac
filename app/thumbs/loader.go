package thumbs

import (
	"context"
	"fmt"
	"image"
	"sync"

	"magpie/media"
)

// Files are where pictures come from: the client core.
type Files interface {
	// OpenFile opens the content of an address if it is on this disk.
	OpenFile(address string) (media.Content, error)
	// DownloadUpTo brings it there unless it has more than limit bytes.
	DownloadUpTo(ctx context.Context, address string, limit int64, onProgress func(received, total int64)) error
}

// Options make a [Loader].
type Options struct {
	Files Files
	// Changed is told who should ask again. It is called from any goroutine and
	// must not call the loader.
	Changed func(who any)
	// Bytes is how much memory decoded pictures may take; 0 means [DefaultBytes].
	Bytes int64
	// Originals is up to how many bytes an original is fetched where no smaller
	// picture will do; 0 means never. One that is on the disk is used.
	Originals int64
	// Still takes a picture out of a film, Picture decodes one that needs isolation,
	// the longer side at most maxSide pixels; nil means that there are none.
	Still   func(ctx context.Context, f media.Content, maxSide int) (image.Image, error)
	Picture func(ctx context.Context, f media.Content, maxSide int) (image.Image, error)
}

// Limits of a loader.
const (
	// DefaultBytes holds some fifty pictures as bubbles show them, a dozen screens.
	DefaultBytes = 16 << 20
	// maxQueued is how many requests wait: more than rows fit on any screen.
	maxQueued = 96
	// maxKnown is of how many pictures the state is remembered.
	maxKnown = 4096
	// decoders and fetchers work at once.
	decoders = 2
	fetchers = 4
)

// Loader is described in the package's comment. Close it.
type Loader struct {
	o   Options
	ctx context.Context
	end context.CancelFunc
	all sync.WaitGroup

	mu      sync.Mutex
	more    sync.Cond
	closed  bool
	known   map[string]*entry
	recent  recent
	toRead  queue // may be on the disk
	toFetch queue // not on the disk
}

// entry is one picture in one size.
type entry struct {
	key           string
	picture       Picture
	width, height int
	image         image.Image
	blurred       image.Image
	state         State
	offline       bool // it could not be fetched, and may be later
	who           map[any]struct{}
	newer, older  *entry // in recent
}

// New makes a loader, which has a few goroutines until it is closed.
func New(o Options) *Loader {
	if o.Bytes <= 0 {
		o.Bytes = DefaultBytes
	}
	l := &Loader{o: o, known: map[string]*entry{}}
	l.more.L = &l.mu
	l.ctx, l.end = context.WithCancel(context.Background())
	for range decoders {
		l.all.Go(func() { l.work(&l.toRead, l.read) })
	}
	for range fetchers {
		l.all.Go(func() { l.work(&l.toFetch, l.fetch) })
	}
	return l
}

// Close ends the loader and waits for what it does.
func (l *Loader) Close() {
	l.mu.Lock()
	l.closed = true
	l.more.Broadcast()
	l.mu.Unlock()
	l.end()
	l.all.Wait()
}

// Get returns what there is of a picture for width x height pixels, of which it
// has the shape, and brings what is missing. Who is told of a change is any
// comparable value, the same each time.
func (l *Loader) Get(who any, p Picture, width, height int) Thumbnail {
	width, height = max(width, 1), max(height, 1)
	key := fmt.Sprintf("%dx%d %s", width, height, p.id())
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.known[key]
	if e == nil {
		e = &entry{key: key, picture: p, width: width, height: height, blurred: preview(p.Preview, width, height)}
		l.known[key] = e
		l.recent.add(e)
		l.push(&l.toRead, e)
		l.forgetOld(e)
	} else {
		l.recent.use(e)
	}
	if e.state == Coming || e.state == None {
		if e.who == nil {
			e.who = map[any]struct{}{}
		}
		e.who[who] = struct{}{}
	}
	if e.state == Here {
		return Thumbnail{Image: e.image, State: Here}
	}
	return Thumbnail{Image: e.blurred, State: e.state, Blurred: e.blurred != nil}
}

// Retry lets those ask again whose pictures could not be fetched: the connection
// is back.
func (l *Loader) Retry() { l.again(func(e *entry) bool { return e.offline }) }

// Arrived says that a file is on the disk now.
func (l *Loader) Arrived(address string) {
	l.again(func(e *entry) bool { return (e.offline || e.state == None) && e.picture.has(address) })
}

// Forget drops what is known of the files of a picture, which was recalled.
func (l *Loader) Forget(p Picture) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.known {
		for _, s := range p.Sizes {
			if e.picture.has(s.Address) {
				l.drop(e)
			}
		}
		if p.Film != "" && e.picture.has(p.Film) || e.picture.id() == p.id() {
			l.drop(e)
		}
	}
}

// Bytes is how much memory decoded pictures take.
func (l *Loader) Bytes() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recent.bytes
}

// again forgets what is wanted and tells those who waited for it.
func (l *Loader) again(wanted func(*entry) bool) {
	var who []any
	l.mu.Lock()
	for _, e := range l.known {
		if e.state != Coming && wanted(e) {
			for w := range e.who {
				who = append(who, w)
			}
			l.drop(e)
		}
	}
	l.mu.Unlock()
	for _, w := range who {
		l.o.Changed(w)
	}
}

// drop forgets an entry, with mu held. Who works on it ends for nothing.
func (l *Loader) drop(e *entry) {
	if l.known[e.key] == e {
		delete(l.known, e.key)
		l.recent.remove(e)
	}
}

// forgetOld makes room, with mu held, for all but keep.
func (l *Loader) forgetOld(keep *entry) {
	for e := l.recent.oldest; e != nil && (l.recent.bytes > l.o.Bytes || len(l.known) > maxKnown); {
		next := e.newer
		if e != keep {
			l.drop(e)
		}
		e = next
	}
}

// push puts a request before all others, with mu held, and drops the one that
// waits for longest where there are too many.
func (l *Loader) push(q *queue, e *entry) {
	if old := q.push(e); old != nil {
		l.drop(old)
	}
	l.more.Broadcast()
}

// work does what is in a queue until the loader is closed.
func (l *Loader) work(q *queue, do func(*entry)) {
	for {
		l.mu.Lock()
		for !l.closed && len(q.waiting) == 0 {
			l.more.Wait()
		}
		if l.closed {
			l.mu.Unlock()
			return
		}
		e := q.pop()
		wanted := l.known[e.key] == e
		l.mu.Unlock()
		if wanted {
			do(e)
		}
	}
}

// settle notes how a request ended and tells those who wait for it.
func (l *Loader) settle(e *entry, img image.Image, s State, offline bool) {
	l.mu.Lock()
	if l.known[e.key] != e || l.closed {
		l.mu.Unlock()
		return
	}
	l.recent.remove(e)
	e.image, e.state, e.offline = img, s, offline
	if s == Here {
		e.blurred = nil
	}
	l.recent.add(e)
	l.forgetOld(e)
	who := e.who
	if s == Here || s == Broken { // that is how it stays
		e.who = nil
	}
	all := make([]any, 0, len(who))
	for w := range who {
		all = append(all, w)
	}
	l.mu.Unlock()
	for _, w := range all {
		l.o.Changed(w)
	}
}

// Clear forgets everything that does not wait for something: nobody looks.
func (l *Loader) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.known {
		if e.state != Coming {
			l.drop(e)
		}
	}
}
