// Package colour makes right what a picture says of its colours: one that was made
// for another screen than the usual one (Display P3 of phones, Adobe RGB of cameras)
// carries an ICC profile, without which its colours are pale or glaring.
//
// Begin at [Read]. It never fails a picture: one whose profile is of no use is shown as
// it is. A profile is outside bytes; what it may cost is bounded by [MaxProfile].
package colour
