package crash

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// callInfo is the kernel's struct ptrace_syscall_info, the same on every
// processor: before a call its number and arguments, after it its result.
type callInfo struct {
	op     uint8
	_      [3]uint8
	_      uint32
	_, _   uint64 // instruction and stack pointers
	number uint64 // after the call: the result
	args   [6]uint64
	_      [2]uint64
}

const (
	getCallInfo = 0x420e // PTRACE_GET_SYSCALL_INFO
	atEntry     = 1
	atExit      = 2
	atCwd       = uint64(1<<64 + unix.AT_FDCWD) // as an argument
)

// call is a system call that was begun and changes something in the folder.
type call struct {
	op     Op
	source int // of a copy within the kernel: the file descriptor it reads from
	from   int64
}

func (t *tracer) systemCall(tid int, th *thread) error {
	var info callInfo
	if _, _, e := unix.Syscall6(unix.SYS_PTRACE, getCallInfo, uintptr(tid), unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)), 0, 0); e != 0 {
		if errors.Is(e, syscall.ESRCH) {
			return nil // killed meanwhile
		}
		return fmt.Errorf("%w: %w", ErrNoTrace, e)
	}
	switch info.op {
	case atEntry:
		var err error
		th.pending, err = t.begin(info.number, info.args)
		if th.pending != nil && t.killAfter > 0 && len(t.log.Ops) >= t.killAfter {
			return syscall.Kill(t.pid, syscall.SIGKILL) // the call is not made
		}
		return err
	case atExit:
		c := th.pending
		th.pending = nil
		if c != nil {
			return t.end(c, int64(info.number))
		}
	}
	return nil
}

// begin returns what a call is going to change, nil for nothing.
func (t *tracer) begin(number uint64, a [6]uint64) (*call, error) {
	switch number {
	case unix.SYS_OPENAT:
		return t.open(a)
	case unix.SYS_WRITE:
		if a[0] == 1 {
			data, err := t.read(a[1], a[2])
			t.log.Ops = append(t.log.Ops, Op{Kind: Said, File: -1, Data: data})
			return nil, err
		}
		return t.write(a[0], a[1], a[2], -1)
	case unix.SYS_PWRITE64:
		return t.write(a[0], a[1], a[2], int64(a[3]))
	case unix.SYS_FTRUNCATE:
		return t.change(a[0], Op{Kind: Truncate, Size: int64(a[1])})
	case unix.SYS_FSYNC, unix.SYS_FDATASYNC:
		return t.change(a[0], Op{Kind: Sync, Begun: len(t.log.Ops)})
	case unix.SYS_COPY_FILE_RANGE:
		return t.copied(a)
	case unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2:
		return t.names(Rename, a[0], a[1], a[2], a[3])
	case unix.SYS_LINKAT:
		return t.names(Link, a[0], a[1], a[2], a[3])
	case unix.SYS_UNLINKAT:
		return t.names(Remove, a[0], a[1], a[0], a[1])
	case unix.SYS_MKDIRAT:
		return t.names(Mkdir, a[0], a[1], a[0], a[1])
	case unix.SYS_WRITEV, unix.SYS_PWRITEV, unix.SYS_PWRITEV2, unix.SYS_FALLOCATE, unix.SYS_SENDFILE, unix.SYS_SPLICE, unix.SYS_SYNC_FILE_RANGE:
		at := a[0]
		if number == unix.SYS_SPLICE {
			at = a[2]
		}
		return nil, t.refuse(number, at)
	case unix.SYS_MMAP:
		if a[2]&unix.PROT_WRITE != 0 && a[3]&unix.MAP_SHARED != 0 && a[3]&unix.MAP_ANONYMOUS == 0 {
			return nil, t.refuse(number, a[4])
		}
	case unix.SYS_SYMLINKAT:
		return nil, t.refusePath(number, a[1], a[2])
	case unix.SYS_TRUNCATE:
		return nil, t.refusePath(number, atCwd, a[0])
	}
	for _, path := range legacyPaths(number) {
		if err := t.refusePath(number, atCwd, a[path]); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// refusePath is refuse for a call that takes a path.
func (t *tracer) refusePath(number, dirFD, address uint64) error {
	path, inside, err := t.path(dirFD, address)
	if err == nil && inside {
		err = fmt.Errorf("crash: system call %d on %s is not understood", number, path)
	}
	return err
}

// refuse fails if a call that is not understood is about a file of the folder.
func (t *tracer) refuse(number, fd uint64) error {
	if path, inside := t.pathOf(fd); inside {
		return fmt.Errorf("crash: system call %d on %s is not understood", number, path)
	}
	return nil
}

// end writes down a call that succeeded.
func (t *tracer) end(c *call, result int64) error {
	if result < 0 {
		return nil
	}
	switch c.op.Kind {
	case Write:
		if c.source >= 0 {
			if err := t.fetch(c, result); err != nil {
				return err
			}
		}
		c.op.Data = c.op.Data[:result]
		if result == 0 {
			return nil
		}
	case Create:
		id, err := inodeOf(t.fd(uint64(result)))
		if err != nil {
			return err
		}
		t.files[id] = t.next
		c.op.File = t.next
		t.next++
	}
	t.log.Ops = append(t.log.Ops, c.op)
	return nil
}

// open is a file that is made, or emptied.
func (t *tracer) open(a [6]uint64) (*call, error) {
	flags := int(a[2])
	if flags&(unix.O_CREAT|unix.O_TRUNC) == 0 {
		return nil, nil
	}
	if flags&unix.O_TMPFILE == unix.O_TMPFILE {
		return nil, fmt.Errorf("crash: a file without a name is not understood")
	}
	path, inside, err := t.path(a[0], a[1])
	if err != nil || !inside {
		return nil, err
	}
	id, err := inodeOf(filepath.Join(t.dir, path))
	switch {
	case errors.Is(err, os.ErrNotExist):
		if flags&unix.O_CREAT == 0 {
			return nil, nil
		}
		return &call{op: Op{Kind: Create, Path: path}, source: -1}, nil
	case err != nil:
		return nil, err
	case flags&unix.O_TRUNC == 0 || flags&unix.O_EXCL != 0:
		return nil, nil
	}
	n, known := t.files[id]
	if !known {
		return nil, fmt.Errorf("crash: nobody made %s", path)
	}
	return &call{op: Op{Kind: Truncate, File: n, Path: path}, source: -1}, nil
}

// change is an operation on an open file.
func (t *tracer) change(fd uint64, o Op) (*call, error) {
	path, inside := t.pathOf(fd)
	if !inside {
		return nil, nil
	}
	var st unix.Stat_t
	if err := unix.Stat(t.fd(fd), &st); err != nil {
		return nil, err
	}
	o.Path = path
	if st.Mode&unix.S_IFMT == unix.S_IFDIR {
		o.File = -1
		return &call{op: o, source: -1}, nil
	}
	n, known := t.files[inode{uint64(st.Dev), st.Ino}] //nolint:unconvert // its type differs between processors
	if !known {
		return nil, fmt.Errorf("crash: nobody made %s", path)
	}
	o.File = n
	return &call{op: o, source: -1}, nil
}

// write is one to a file; at -1 means where the file is.
func (t *tracer) write(fd, buffer, size uint64, at int64) (*call, error) {
	c, err := t.change(fd, Op{Kind: Write, Offset: at})
	if c == nil || err != nil {
		return nil, err
	}
	if at < 0 {
		if c.op.Offset, err = t.position(fd); err != nil {
			return nil, err
		}
	}
	c.op.Data, err = t.read(buffer, size)
	return c, err
}

// copied is a copy within the kernel, as of io.Copy between two files.
func (t *tracer) copied(a [6]uint64) (*call, error) {
	c, err := t.change(a[2], Op{Kind: Write})
	if c == nil || err != nil {
		return nil, err
	}
	if a[1] != 0 || a[3] != 0 {
		return nil, fmt.Errorf("crash: a copy to an offset of %s is not understood", c.op.Path)
	}
	c.source = int(a[0])
	if c.op.Offset, err = t.position(a[2]); err != nil {
		return nil, err
	}
	c.from, err = t.position(a[0])
	return c, err
}

// fetch reads what a copy within the kernel copied.
func (t *tracer) fetch(c *call, size int64) error {
	f, err := os.Open(t.fd(uint64(c.source)))
	if err != nil {
		return err
	}
	defer f.Close()
	c.op.Data, err = io.ReadAll(io.NewSectionReader(f, c.from, size))
	return err
}

// names is an operation on one name or two.
func (t *tracer) names(k Kind, fromDir, from, toDir, to uint64) (*call, error) {
	one, inside, err := t.path(fromDir, from)
	if err != nil {
		return nil, err
	}
	two, alsoInside, err := t.path(toDir, to)
	if err != nil || !inside && !alsoInside {
		return nil, err
	}
	if inside != alsoInside {
		return nil, fmt.Errorf("crash: %s from %s to %s leaves the folder", k, one, two)
	}
	return &call{op: Op{Kind: k, File: -1, Path: one, To: two}, source: -1}, nil
}

// path reads a path from memory; inside says that it is below the folder.
func (t *tracer) path(dirFD, address uint64) (path string, inside bool, err error) {
	name, err := t.text(address)
	if err != nil {
		return "", false, err
	}
	if !filepath.IsAbs(name) {
		at := fmt.Sprintf("/proc/%d/cwd", t.pid)
		if int32(dirFD) != unix.AT_FDCWD {
			at = t.fd(dirFD)
		}
		dir, err := os.Readlink(at)
		if err != nil {
			return "", false, err
		}
		name = filepath.Join(dir, name)
	}
	// The folder above may be reached by another way.
	if dir, err := filepath.EvalSymlinks(filepath.Dir(name)); err == nil {
		name = filepath.Join(dir, filepath.Base(name))
	}
	path, inside = t.relative(name)
	return path, inside, nil
}

func (t *tracer) relative(name string) (string, bool) {
	rel, err := filepath.Rel(t.dir, name)
	if err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		return name, false
	}
	return rel, true
}

// pathOf is where an open file is, or was before its name was removed.
func (t *tracer) pathOf(fd uint64) (path string, inside bool) {
	name, err := os.Readlink(t.fd(fd))
	if err != nil {
		return "", false
	}
	return t.relative(strings.TrimSuffix(name, " (deleted)"))
}

func (t *tracer) fd(fd uint64) string { return fmt.Sprintf("/proc/%d/fd/%d", t.pid, int32(fd)) }

// position is where the next write of a file goes.
func (t *tracer) position(fd uint64) (int64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", t.pid, int32(fd)))
	if err != nil {
		return 0, err
	}
	at, flags := int64(-1), int64(0)
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(line, ":")
		switch value = strings.TrimSpace(value); name {
		case "pos":
			at, err = strconv.ParseInt(value, 10, 64)
		case "flags":
			flags, err = strconv.ParseInt(value, 8, 64)
		}
		if err != nil {
			return 0, err
		}
	}
	if flags&unix.O_APPEND != 0 {
		var st unix.Stat_t
		if err := unix.Stat(t.fd(fd), &st); err != nil {
			return 0, err
		}
		at = st.Size
	}
	if at < 0 {
		return 0, fmt.Errorf("crash: file descriptor %d has no position", fd)
	}
	return at, nil
}

// read copies memory of the process.
func (t *tracer) read(address, size uint64) ([]byte, error) {
	data := make([]byte, size)
	if _, err := t.memory.ReadAt(data, int64(address)); err != nil {
		return nil, fmt.Errorf("crash: memory of the process: %w", err)
	}
	return data, nil
}

// text reads a C string of the process.
func (t *tracer) text(address uint64) (string, error) {
	var b [unix.PathMax + 1]byte
	// What is after the string may not be readable; a page at a time always is.
	for n := 0; n < len(b); {
		step := min(len(b)-n, 4096-int((address+uint64(n))%4096))
		if _, err := t.memory.ReadAt(b[n:n+step], int64(address)+int64(n)); err != nil {
			return "", fmt.Errorf("crash: memory of the process: %w", err)
		}
		if i := bytes.IndexByte(b[n:n+step], 0); i >= 0 {
			return string(b[:n+i]), nil
		}
		n += step
	}
	return "", errors.New("crash: a path does not end")
}
