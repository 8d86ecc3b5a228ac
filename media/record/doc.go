// Package record makes a voice note of samples as they come from a microphone:
// encoded while recording, on disk as it grows, ended at its limit.
//
// It knows no device. A [Recorder] reads 44,100 Hz mono of 16 bits and says what
// happens as events; whatever goes wrong, what was recorded until then is kept.
// What a killed process left, [Recover] brings back.
package record
