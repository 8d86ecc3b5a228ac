// Package play plays one voice note at a time: pause, exact seeking, 1.5 and 2
// times the speed with the pitch kept, volume.
//
// A sound is decoded by a goroutine of its own, which stays a fraction of a second
// ahead. What a device pulls is only copied from there, so a decoder that is slow
// or hangs is silence, and never keeps the device waiting. The package knows no
// device: an [Output] is one, or a test.
//
// Begin with [Player].
package play
