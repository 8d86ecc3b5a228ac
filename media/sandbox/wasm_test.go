package sandbox_test

import "encoding/binary"

// A WebAssembly module written by hand: what an attacker would run in the sandbox
// once a file had taken FFmpeg over. It has the WASI functions below, a memory
// that may grow to 4 GiB, and one function.

// The numbers of its functions.
const (
	fdWrite  = 0 // (descriptor, list of pieces, how many, where to put the count) → errno
	procExit = 1 // (code)
	pathOpen = 2 // (folder, flags, path, length, oflags, rights, rights, fdflags, where to put it) → errno
)

// Where things lie in its memory: the list of one piece for fdWrite, a place for
// results, and the data.
const (
	pieceAt  = 0
	resultAt = 8
	dataAt   = 16
)

// module returns the module whose function has the body, over data.
func module(data string, body ...[]byte) func() ([]byte, error) {
	const i32, i64, function, memory = 0x7f, 0x7e, 0x00, 0x02
	types := vector(
		[]byte{0x60, 0, 0},
		[]byte{0x60, 4, i32, i32, i32, i32, 1, i32},
		[]byte{0x60, 1, i32, 0},
		[]byte{0x60, 9, i32, i32, i32, i32, i32, i64, i64, i32, i32, 1, i32},
	)
	imported := func(name string, kind byte) []byte {
		return join(named("wasi_snapshot_preview1"), named(name), []byte{function, kind})
	}
	imports := vector(imported("fd_write", 1), imported("proc_exit", 2), imported("path_open", 3))
	exports := vector(join(named("memory"), []byte{memory, 0}), join(named("_start"), []byte{function, 3}))
	code := join([]byte{0}, join(body...), []byte{0x0b})
	piece := binary.LittleEndian.AppendUint32(nil, dataAt)
	piece = binary.LittleEndian.AppendUint32(piece, uint32(len(data)))
	segment := func(at int, content []byte) []byte {
		return join([]byte{0}, number(at), []byte{0x0b}, size(len(content)), content)
	}
	wasm := join([]byte("\x00asm\x01\x00\x00\x00"),
		section(1, types), section(2, imports),
		section(3, vector([]byte{0})),                             // the function's type
		section(5, vector(join([]byte{1}, size(2), size(65536)))), // pages at first, and at most
		section(7, exports),
		section(10, vector(join(size(len(code)), code))),
		section(11, vector(segment(pieceAt, piece), segment(dataAt, []byte(data)))))
	return func() ([]byte, error) { return wasm, nil }
}

// say writes the data to standard output.
func say() []byte {
	return join(number(1), number(pieceAt), number(1), number(resultAt), call(fdWrite), drop)
}

// exit ends with the number that the instructions leave.
func exit(code ...[]byte) []byte { return join(join(code...), call(procExit)) }

// forever repeats the instructions.
func forever(body ...[]byte) []byte {
	return join([]byte{0x03, 0x40}, join(body...), []byte{0x0c, 0, 0x0b})
}

// when runs the instructions if the number on the stack is not 0.
func when(body ...[]byte) []byte {
	return join([]byte{0x04, 0x40}, join(body...), []byte{0x0b})
}

var (
	drop        = []byte{0x1a}
	equal       = []byte{0x46}
	multiply    = []byte{0x6c}
	memorySize  = []byte{0x3f, 0}
	memoryGrow  = []byte{0x40, 0}
	memoryFill  = []byte{0xfc, 0x0b, 0} // (where, what, how many)
	unreachable = []byte{0x00}
	again       = []byte{0x10, 3} // calls itself
)

func call(function byte) []byte { return []byte{0x10, function} }

// number puts a whole number on the stack.
func number(n int) []byte {
	b := []byte{0x41}
	for {
		low := byte(n & 0x7f)
		n >>= 7
		if n == 0 && low&0x40 == 0 || n == -1 && low&0x40 != 0 {
			return append(b, low)
		}
		b = append(b, low|0x80)
	}
}

// wide puts a 64-bit 0 on the stack.
func wide() []byte { return []byte{0x42, 0} }

func size(n int) []byte { return binary.AppendUvarint(nil, uint64(n)) }

func named(s string) []byte { return join(size(len(s)), []byte(s)) }

func vector(items ...[]byte) []byte { return join(size(len(items)), join(items...)) }

func section(id byte, content []byte) []byte { return join([]byte{id}, size(len(content)), content) }

func join(parts ...[]byte) []byte {
	var all []byte
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}
