package core

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if os.Getenv(childFill) != "" {
		os.Exit(fillingChild())
	}
	if dir := os.Getenv(childFiles); dir != "" {
		os.Exit(filesChild(dir))
	}
	if os.Getenv(childStore) != "" {
		os.Exit(child())
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		removeMagpied()
		os.Exit(code)
	}))
}
