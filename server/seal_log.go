package server

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"magpie/internal/seal"
)

// logOptions are those of a NATS server on a folder, sealed with key unless that is
// nil.
func logOptions(dir string, key *seal.Key, limit int64) *natsserver.Options {
	o := &natsserver.Options{
		ServerName: "magpie",
		DontListen: true,
		NoSigs:     true,
		NoLog:      true,
		JetStream:  true,
		StoreDir:   dir,
		// fsync before every acknowledgement; derived streams opt out.
		SyncAlways:         true,
		JetStreamMaxMemory: 16 << 20,
		JetStreamMaxStore:  max(limit, 1<<20),
	}
	if key != nil {
		own := key.Derive("log")
		o.JetStreamKey, o.JetStreamCipher = hex.EncodeToString(own[:]), natsserver.AES
	}
	return o
}

// logFolder returns where the log is. One that lies open although there is a key is
// sealed first: a copy is, which takes the place of the first once it has been seen
// to have the same in it. NATS would convert it where it is, and a crash in the
// middle would cost what it was just writing.
func logFolder(ctx context.Context, data string, key *seal.Key, o *Options) (string, error) {
	plain, sealed := folderIn(data, nil, "nats"), folderIn(data, key, "nats")
	if key == nil {
		return plain, nil
	}
	_, err := os.Stat(sealed)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err = os.Stat(plain); errors.Is(err, fs.ErrNotExist) {
			return sealed, nil
		}
		if err == nil {
			err = sealLog(ctx, plain, sealed, key, o)
		}
	}
	if err != nil {
		return "", fmt.Errorf("server: encrypt log: %w", err)
	}
	if err := os.RemoveAll(plain); err != nil {
		return "", fmt.Errorf("server: remove log that is not encrypted: %w", err)
	}
	return sealed, nil
}

func sealLog(ctx context.Context, plain, sealed string, key *seal.Key, o *Options) error {
	disk := diskGuard{dir: plain, reserve: o.ReserveBytes, now: o.Now}
	size, err := folderSize(plain)
	if err == nil {
		err = disk.room(size)
	}
	if err != nil {
		return err
	}
	o.Logf("log: %d MB are being encrypted", size>>20)
	before, err := logState(ctx, plain, nil)
	if err != nil {
		return err
	}
	fresh := sealed + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.MkdirAll(fresh, 0o700); err != nil {
		return err
	}
	if err := os.CopyFS(fresh, os.DirFS(plain)); err != nil {
		return diskError(err)
	}
	if err := sealCopy(ctx, fresh, key, before); err != nil {
		return err
	}
	after, err := logState(ctx, fresh, key)
	if err != nil {
		return err
	}
	for name, s := range before {
		if now, there := after[name]; !there || now.State != s.State {
			return fmt.Errorf("stream %s has %+v and had %+v", name, after[name].State, s.State)
		}
	}
	if err := os.Rename(fresh, sealed); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(sealed))
}

// sealCopy has NATS encrypt a log where it is. NATS (2.15.2) does not find a stream
// again that it has encrypted and that has no message; those are made anew, to go on
// where they were.
func sealCopy(ctx context.Context, dir string, key *seal.Key, before map[string]streamOf) error {
	b := &bus{}
	defer b.close()
	if err := b.start(logOptions(dir, key, 1<<62)); err != nil {
		return err
	}
	for name, s := range before {
		if s.State.Messages > 0 {
			continue
		}
		if err := b.js.DeleteStream(ctx, name); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return fmt.Errorf("stream %s: %w", name, err)
		}
		s.config.FirstSeq = s.State.Last + 1
		if _, err := b.js.CreateStream(ctx, s.config); err != nil {
			return fmt.Errorf("stream %s: %w", name, err)
		}
	}
	return nil
}

// streamOf is a stream: State is what two copies of it have in common.
type streamOf struct {
	config jetstream.StreamConfig
	State  struct {
		Messages, First, Last, Subjects uint64
		Deleted                         int
	}
}

// logState opens a log for the moment and returns what is in it.
func logState(ctx context.Context, dir string, key *seal.Key) (map[string]streamOf, error) {
	b := &bus{}
	defer b.close()
	if err := b.start(logOptions(dir, key, 1<<62)); err != nil {
		return nil, err
	}
	return b.streams(ctx)
}

// streams are those of the log by their names.
func (b *bus) streams(ctx context.Context) (map[string]streamOf, error) {
	all := map[string]streamOf{}
	list := b.js.ListStreams(ctx)
	for info := range list.Info() {
		s := streamOf{config: info.Config}
		s.State.Messages, s.State.Last, s.State.Subjects, s.State.Deleted = info.State.Msgs, info.State.LastSeq, info.State.NumSubjects, info.State.NumDeleted
		if s.State.Messages > 0 {
			s.State.First = info.State.FirstSeq
		}
		all[info.Config.Name] = s
	}
	return all, list.Err()
}

// start starts the NATS server and connects to it.
func (b *bus) start(o *natsserver.Options, more ...nats.Option) (err error) {
	if b.server, err = natsserver.NewServer(o); err != nil {
		return fmt.Errorf("server: configure log: %w", err)
	}
	b.server.Start()
	if !b.server.ReadyForConnections(startPatience) {
		return fmt.Errorf("server: the log did not start within %v", startPatience)
	}
	if b.nc, err = nats.Connect("", append(more, nats.InProcessServer(b.server))...); err != nil {
		return fmt.Errorf("server: connect to log: %w", err)
	}
	if b.js, err = jetstream.New(b.nc); err != nil {
		return fmt.Errorf("server: connect to log: %w", err)
	}
	return nil
}

// folderSize is how many bytes the files in a folder have.
func folderSize(dir string) (size int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		size += info.Size()
		return nil
	})
	return size, err
}
