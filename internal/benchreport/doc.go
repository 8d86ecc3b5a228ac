// Command benchreport runs the module's benchmarks and gathers their figures in
// one table and one file.
//
//	go run ./internal/benchreport [-only canvas] [-benchtime 1s] [-o bench.json]
//
// A benchmark reports a figure by printing, after its loop, a line of its own
//
//	BENCH <tab> name <tab> value <tab> unit <tab> goal
//
// where the name is "area/what" and the goal "<= 100", ">= 20000", or "-" for a
// figure without one. If a benchmark prints a name more than once, as one that
// is run with growing b.N does, the last line counts.
//
// Benchmarks are found by reading the test files, so nothing has to be listed
// here. Those in files with the build tag "wintest" need a window: they are
// built with the tags of the program and run on a hidden screen.
//
// The exit status is 1 if a benchmark failed or printed what cannot be read, and
// 0 when all ran, whether or not the goals were met: a goal depends on the
// machine, and the table says "NO" where it was missed.
package main
