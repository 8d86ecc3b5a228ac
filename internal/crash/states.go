package crash

import "math/rand/v2"

// sector is what a disk writes whole: a write that is cut off has some of its
// sectors and not others.
const sector = 512

// Killed is the folder that a process leaves that is killed after n operations:
// the system goes on and keeps every one of them.
func (l *Log) Killed(n int) *Folder {
	f := l.Before.clone()
	for i := range l.Ops[:n] {
		f.apply(&l.Ops[i])
	}
	return f
}

func (f *Folder) apply(o *Op) {
	f.content(o, o.Data)
	f.entry(o)
}

// Each calls look with what is left after a kill, and then after cuts of the power, at
// each of the moments; rounds is how often it is cut there. cut says which it is, for
// words and for what only a kill keeps.
func (l *Log) Each(moments []int, random *rand.Rand, rounds int, look func(n int, f *Folder, cut bool)) {
	l.KilledEach(moments, func(n int, f *Folder) { look(n, f, false) })
	for range rounds {
		for _, n := range moments {
			look(n, l.PowerCut(n, random), true)
		}
	}
}

// KilledEach calls look with the folder after each of the moments, which ascend.
// It is one walk; the folder is only valid during the call.
func (l *Log) KilledEach(moments []int, look func(n int, f *Folder)) {
	f, at := l.Before.clone(), 0
	for _, n := range moments {
		for ; at < n; at++ {
			f.apply(&l.Ops[at])
		}
		look(n, f)
	}
}

// PowerCut is a folder that a power cut after n operations could leave. What a
// sync made durable is there. Of the other writes to a file some are there, some
// are not and some are there in part, as the disk pleased; names are as they
// were at some moment since their folder was synced last, because file systems
// write them down in order, and a file that was synced has at least one name.
// random decides.
func (l *Log) PowerCut(n int, random *rand.Rand) *Folder {
	durable := make([]bool, n)
	names := 0 // operations before this one whose names are durable
	for i := range l.Ops[:n] {
		s := &l.Ops[i]
		if s.Kind != Sync {
			continue
		}
		for j := range l.Ops[:s.Begun] {
			o := &l.Ops[j]
			if o.File == s.File && s.File >= 0 && (o.Kind == Write || o.Kind == Truncate || o.Kind == Create) {
				durable[j] = true
				if o.Kind == Create {
					names = max(names, j+1)
				}
			}
		}
		if s.File < 0 {
			names = max(names, s.Begun)
		}
	}
	names += random.IntN(n - names + 1)
	f := l.Before.clone()
	for i := range l.Ops[:n] {
		o := &l.Ops[i]
		if i < names {
			f.entry(o)
		}
		switch {
		case durable[i] || o.Kind == Create:
			f.content(o, o.Data)
		case o.Kind == Write:
			f.torn(o, random)
		case o.Kind == Truncate && random.IntN(2) == 0:
			f.content(o, nil)
		}
	}
	return f
}

// torn applies a write of which nobody knows what reached the disk.
func (f *Folder) torn(o *Op, random *rand.Rand) {
	switch random.IntN(4) {
	case 0: // nothing
	case 1:
		f.content(o, o.Data)
	case 2: // the beginning
		f.content(o, o.Data[:random.IntN(len(o.Data)/sector+1)*sector])
	default: // some sectors
		for at := 0; at < len(o.Data); at += sector {
			if random.IntN(2) == 0 {
				part := Op{Kind: Write, File: o.File, Offset: o.Offset + int64(at)}
				f.content(&part, o.Data[at:min(at+sector, len(o.Data))])
			}
		}
	}
}
