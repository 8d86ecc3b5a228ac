package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// ensureDisplay starts a hidden X server if this is a system with X and there is
// no display, and makes it the one of this process. stop ends it.
func ensureDisplay(ctx context.Context, log io.Writer) (stop func(), err error) {
	switch runtime.GOOS {
	case "darwin", "windows":
		return func() {}, nil
	}
	if os.Getenv("DISPLAY") != "" {
		return func() {}, nil
	}
	path, err := exec.LookPath("Xvfb")
	if err != nil {
		return nil, errors.New("there is no display and no Xvfb; install Xvfb (Debian: xvfb, Fedora: xorg-x11-server-Xvfb, Arch: xorg-server-xvfb) or set DISPLAY")
	}
	fmt.Fprintln(log, "magpie: there is no display; a hidden one is used")
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer read.Close()
	cmd := exec.CommandContext(ctx, path, "-displayfd", "3", "-screen", "0", "3840x2160x24", "+extension", "GLX", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{write}
	if err := cmd.Start(); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	stop = func() {
		_ = cmd.Process.Kill() // it has nothing to save
		_ = cmd.Wait()
	}
	if err := write.Close(); err != nil {
		stop()
		return nil, err
	}
	if err := read.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		stop()
		return nil, err
	}
	number, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		stop()
		return nil, fmt.Errorf("the hidden display did not start: %w", err)
	}
	return stop, os.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
}
