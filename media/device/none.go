//go:build !cgo

package device

func listMicrophones() ([]Info, error) { return nil, ErrNoBackend }
func listSpeakers() ([]Info, error)    { return nil, ErrNoBackend }

func captureFrom(string, *microphone) (handle, int, error) { return nil, 0, ErrNoBackend }
func playOn(string, *speaker) (handle, int, error)         { return nil, 0, ErrNoBackend }
