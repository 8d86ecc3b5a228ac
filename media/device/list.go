package device

import "context"

// Microphones lists what may be recorded from, under a limit of time.
func Microphones(ctx context.Context) ([]Info, error) {
	return within(ctx, openLimit, listMicrophones, func([]Info) {})
}

// Speakers lists what may be played on, under a limit of time.
func Speakers(ctx context.Context) ([]Info, error) {
	return within(ctx, openLimit, listSpeakers, func([]Info) {})
}
