// Package fulltext is the search index of the store without its file: how text
// becomes terms, how terms are laid out on pages, and how a query is answered
// from them. docs/storage.md describes the layout, docs/decisions.md says why.
//
// Documents are added to a [Tail], which lives in memory. A full tail becomes a
// [Segment], which never changes but for the mark that a document is gone;
// segments are merged into larger ones ([Merge]). Tail and segments answer the
// same [Query].
//
// Promises:
//   - An answer is exact: every document that fits is counted, nothing else is.
//     There is no guess by a hash and nothing to be checked against the text.
//   - Pages are bytes from outside: one that cannot be right is [ErrDamaged],
//     never a panic, and never more memory than it has bytes for.
//   - Nothing here reads a file or knows what a message is. Several may search at once,
//     while nobody changes what they search.
package fulltext
