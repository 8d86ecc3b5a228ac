package sandbox

// What the tests in package sandbox_test need of the inside: a sandbox over a
// module of theirs, and the reader of the guest's lines.
var (
	NewOver  = newSandbox
	ReadInfo = readInfo
	Unpack   = unpack
)
