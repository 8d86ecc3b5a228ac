//go:build !linux

package store

func mapPages(address, length uintptr) error   { return nil }
func unmapPages(address, length uintptr) error { return nil }
