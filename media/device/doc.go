// Package device opens microphones and speakers.
//
// Sound systems hang: a driver, a server that does not answer, a device that never
// gives a sample. So each call to one has a goroutine and a time limit of its own,
// and what exceeds it is left behind with [ErrTimeout]. A device that stops
// without a word, as one that is unplugged does, is noticed by the samples that do
// not come ([ErrUnplugged]).
//
// This is the one package that needs cgo. Without it everything here is
// [ErrNoBackend].
package device
