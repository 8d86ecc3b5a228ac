// Package crash finds out what a program leaves behind when it dies. It records
// everything that a process does to the files of a folder, in order, with what
// the process said meanwhile, and makes of that record every folder that a kill
// or a power cut at some moment could have left.
//
// Nothing in the program takes part: the process runs under ptrace, so what is
// recorded are its system calls, and a write that somebody adds tomorrow is
// recorded as well. It needs Linux and no privileges. What it cannot follow (a
// file that is mapped for writing, an operation it does not know) is an error,
// never a gap in the record.
//
// Begin with [Record], [Log.Killed] and [Log.PowerCut]. It is imported by tests
// only.
package crash
