// Package standard makes the standard corpus: a history as large as one wants
// that looks like years of chat, the same in every run with the same seed. All
// benchmarks of storage and search use it, and tests that need much history.
//
// It is written in the order in which a client would have got it: live messages
// of all conversations mixed, and between them pages of older history, newest
// page first. What it says are words drawn from the project's own lists with the
// frequencies of a language (few words make most of the text, most words are
// rare), so that an index of it has the shape of an index of real chat.
//
// It never opens a store: [Plan.Batches] gives what is to be ingested, and
// [Write] ingests it.
package standard
