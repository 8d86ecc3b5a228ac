// Package m4a writes voice notes as M4A and reads M4A and MP4: of a film what
// its header says, of a sound where its access units are.
//
// [Write] makes files that play while they arrive (the header comes first) and
// whose edit list makes their length exact to the sample. [Open] reads
// progressive and fragmented files. It walks the boxes itself and gives only the
// tables it needs to the library; nothing is allocated for a size that a file
// merely claims: headers are bounded by [MaxHeader], access units by
// aac.MaxUnit, their number by aac.MaxUnits, all of them by the file's own size.
package m4a
