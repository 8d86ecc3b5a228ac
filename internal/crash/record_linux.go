package crash

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// Record runs the command to its end, or until ctx is done, and returns what it did
// to the files below dir. [ErrNoTrace] where that cannot be seen.
func Record(ctx context.Context, c Command, dir string) (*Log, error) {
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, err
	}
	before, err := ReadFolder(dir)
	if err != nil {
		return nil, err
	}
	t := &tracer{dir: dir, killAfter: c.KillAfter, log: &Log{Before: before}, files: map[inode]int{}, next: len(before.files), threads: map[int]*thread{}}
	for name, n := range before.names {
		id, err := inodeOf(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return nil, err
		}
		t.files[id] = n
	}
	done := make(chan error, 1)
	go func() {
		// Every request must come from the thread that began the process. It ends
		// with this goroutine, because it is not unlocked.
		runtime.LockOSThread()
		done <- t.run(ctx, c)
	}()
	return t.log, <-done
}

// tracer follows one process.
type tracer struct {
	dir string
	log *Log
	// killAfter is Command.KillAfter.
	killAfter int
	pid       int
	memory    *os.File
	files     map[inode]int
	next      int // number of the next file
	threads   map[int]*thread
}

// thread is what a thread is about to do.
type thread struct {
	pending *call
}

type inode struct{ dev, ino uint64 }

func inodeOf(path string) (inode, error) {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return inode{}, &os.PathError{Op: "stat", Path: path, Err: err}
	}
	return inode{uint64(st.Dev), st.Ino}, nil //nolint:unconvert // its type differs between processors
}

func (t *tracer) run(ctx context.Context, c Command) error {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	p, err := os.StartProcess(c.Args[0], c.Args, &os.ProcAttr{
		Env: append(os.Environ(), c.Env...), Files: []*os.File{null, null, os.Stderr},
		Sys: &syscall.SysProcAttr{Ptrace: true},
	})
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.ENOSYS) {
		return fmt.Errorf("%w: %w", ErrNoTrace, err)
	}
	if err != nil {
		return err
	}
	t.pid = p.Pid
	if err := p.Release(); err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = syscall.Kill(t.pid, syscall.SIGKILL) })()
	err = t.follow()
	if err != nil {
		_ = syscall.Kill(t.pid, syscall.SIGKILL)
		t.reap()
	}
	if t.memory != nil {
		_ = t.memory.Close()
	}
	return errors.Join(err, ctx.Err())
}

// reap waits for the end of a process that was killed.
func (t *tracer) reap() {
	for {
		if _, err := syscall.Wait4(-1, nil, unix.WALL|unix.WNOTHREAD, nil); err != nil && !errors.Is(err, syscall.EINTR) {
			return
		}
	}
}

// follow waits for one stop after another until the process is gone.
func (t *tracer) follow() error {
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(t.pid, &ws, 0, nil); err != nil {
		return fmt.Errorf("crash: %w", err)
	}
	if !ws.Stopped() {
		return fmt.Errorf("%w: the process ended before it began (%v)", ErrNoTrace, ws)
	}
	if err := syscall.PtraceSetOptions(t.pid, unix.PTRACE_O_TRACESYSGOOD|unix.PTRACE_O_TRACECLONE|unix.PTRACE_O_EXITKILL); err != nil {
		return fmt.Errorf("%w: %w", ErrNoTrace, err)
	}
	var err error
	if t.memory, err = os.Open(fmt.Sprintf("/proc/%d/mem", t.pid)); err != nil {
		return fmt.Errorf("%w: %w", ErrNoTrace, err)
	}
	t.threads[t.pid] = &thread{}
	if err := resume(t.pid, 0); err != nil {
		return err
	}
	for {
		// The thread's own children only: others of this process wait for theirs.
		tid, err := syscall.Wait4(-1, &ws, unix.WALL|unix.WNOTHREAD, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil:
			return fmt.Errorf("crash: %w", err)
		case ws.Exited() || ws.Signaled():
			delete(t.threads, tid)
			if tid == t.pid {
				t.log.Exit = ws.ExitStatus() // -1 of a killed one
				return nil
			}
			continue
		}
		signal, err := t.stopped(tid, ws)
		if err != nil {
			return err
		}
		if err := resume(tid, signal); err != nil {
			return err
		}
	}
}

// resume lets a thread go on to its next system call. One that was killed
// meanwhile is waited for.
func resume(tid, signal int) error {
	if err := syscall.PtraceSyscall(tid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("crash: %w", err)
	}
	return nil
}

// stopped looks why a thread stopped, and returns the signal that it is to get.
func (t *tracer) stopped(tid int, ws syscall.WaitStatus) (signal int, err error) {
	stop := ws.StopSignal()
	th := t.threads[tid]
	switch {
	case th == nil:
		// A new thread begins with a stop of its own.
		t.threads[tid] = &thread{}
		if stop == syscall.SIGSTOP {
			return 0, nil
		}
		return int(stop), nil
	case stop == syscall.SIGTRAP|0x80:
		return 0, t.systemCall(tid, th)
	case ws.TrapCause() > 0, stop == syscall.SIGTRAP:
		return 0, nil // a thread was made, or a program begun
	}
	return int(stop), nil
}
