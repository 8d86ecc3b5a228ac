package server

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// Of a server whose making is given up at any moment, as when the window is closed, nothing
// goes on in the background.
func TestOpenIsGivenUp(t *testing.T) {
	before := goleak.IgnoreCurrent()
	for i := range 40 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*4*time.Millisecond)
		s, err := Open(ctx, Options{Data: t.TempDir(), Logf: t.Logf})
		cancel()
		if err == nil {
			err = s.Close(t.Context())
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	goleak.VerifyNone(t, before)
}
