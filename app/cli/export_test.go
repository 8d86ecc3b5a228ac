package cli

// SafeName is safeName, for tests.
func SafeName(s string) string { return safeName(s) }
