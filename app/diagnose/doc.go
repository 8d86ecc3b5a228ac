// Package diagnose makes the report that a person may send to whoever helps them:
// versions, sizes, counts, figures of the connection, and errors by their codes.
//
// It holds nothing that a person wrote or is called by: no id, name, address or path,
// and of errors only the published code. What is in it is put in field by field
// ([Report]); nothing is taken from a log, so that nothing can slip in with one.
//
// Begin with [Collect]; a [Tally] counts while the program runs.
package diagnose
