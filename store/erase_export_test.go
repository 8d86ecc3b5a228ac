package store

import (
	"magpie/im"
)

// Reading runs f in a read transaction, with a way to read a conversation in it.
func Reading(s *Store, f func(page func() ([]im.Message, error)) error, conv im.ConversationID) error {
	return s.view(func(tx *txn) error {
		return f(func() ([]im.Message, error) {
			var list []im.Message
			b := tx.conversation(bucketMsg, conv)
			sum := s.form.sealer(kindMessage, string(conv))
			err := b.ForEach(func(k, v []byte) error {
				m, err := openMessage(sum, conv, k, v)
				list = append(list, m)
				return err
			})
			return list, err
		})
	})
}

// Erasings returns the outcome of every attempt to erase, of which the first
// follows a recall at once. It is called before anything is written.
func Erasings(s *Store) <-chan error {
	tries := make(chan error, 1)
	s.eraser.delay = 0
	s.eraser.tried = func(err error) {
		select {
		case tries <- err:
		default: // nobody looks at them any more
		}
	}
	return tries
}

// ErrReaders is what an attempt says that has to wait for readers.
var ErrReaders = errReaders

// FreeMB is how much of the file nothing needs.
func FreeMB(s *Store) float64 {
	f, err := s.pages()
	if err != nil {
		return -1
	}
	runs, err := f.unneeded()
	if err != nil {
		return -1
	}
	n := uint64(0)
	for _, r := range runs {
		n += r.To - r.From + 1
	}
	return float64(n) * float64(f.pageSize) / (1 << 20)
}

// FreeShare is how much of the file nothing needs, 0 to 1.
func FreeShare(s *Store) (float64, error) {
	f, err := s.pages()
	if err != nil {
		return 0, err
	}
	m, _ := f.newest()
	free, err := f.freeIDs(m.freelist)
	return float64(len(free)) / float64(m.high), err
}

// HoldEraser keeps what is deleted from now on in the file, as a crash would.
func HoldEraser(s *Store) { s.long.Add(1) }
