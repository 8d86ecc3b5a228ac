package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"

	"magpie/im"
	"magpie/internal/seal"
)

// bus is the NATS server inside this process, with JetStream on the disk, and
// the one connection to it. It listens on no port.
type bus struct {
	server *natsserver.Server
	nc     *nats.Conn
	js     jetstream.JetStream
	opt    *Options
	disk   diskGuard
	// dropped is called when pushes were lost because they were not taken up
	// fast enough.
	dropped func()
}

const (
	// busTimeout bounds one request to JetStream.
	busTimeout = 5 * time.Second
	// readBatch is how many messages one request for history brings.
	readBatch = 256
	// startPatience is how long the log may take to start.
	startPatience = 30 * time.Second
	// lastForMax is how many subjects one request for last messages may name;
	// JetStream refuses more than 1,024 results.
	lastForMax = 1000
)

func openBus(ctx context.Context, dir string, key *seal.Key, o *Options) (_ *bus, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("server: make %s: %w", dir, err)
	}
	b := &bus{opt: o, disk: diskGuard{dir: dir, reserve: o.ReserveBytes, now: o.Now}}
	limit := o.MaxStoreBytes
	if limit <= 0 {
		if limit, err = b.disk.budget(); err != nil {
			return nil, err
		}
	}
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	err = b.start(logOptions(dir, key, limit), nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond), nats.ErrorHandler(b.asyncError))
	if err != nil {
		return nil, err
	}
	return b, b.makeStreams(ctx)
}

func (b *bus) asyncError(_ *nats.Conn, _ *nats.Subscription, err error) {
	b.opt.Logf("bus: %v", err)
	if errors.Is(err, nats.ErrSlowConsumer) && b.dropped != nil {
		b.dropped()
	}
}

// makeStreams creates what is missing. Streams that exist are left alone but
// for what may be changed.
func (b *bus) makeStreams(ctx context.Context) error {
	if err := b.adoptPartitions(ctx); err != nil {
		return err
	}
	configs := make([]jetstream.StreamConfig, 0, b.opt.Partitions+8)
	// The first partition comes last: once it is there, all are.
	for p := b.opt.Partitions - 1; p >= 0; p-- {
		configs = append(configs, jetstream.StreamConfig{
			Name:        logStream(p),
			Subjects:    []string{"m." + twoDigits(p) + ".>"},
			Storage:     jetstream.FileStorage,
			AllowDirect: true,
			Duplicates:  b.opt.DedupeWindow,
			DenyPurge:   true,
			// A message is at most im.MaxMessageBytes, up to six times that once
			// escaped, and its headers.
			MaxMsgSize: 96 << 10,
		})
	}
	for _, name := range []string{tableHeads, tablePreviews, tableRecalls, tableInbox, tableGroups, tableMembers, tableProfiles, tableAccounts, tableInvites, tableApplications, tableBlocks, tableBlobDue, tableBlobRefs} {
		c := jetstream.StreamConfig{
			Name:              "KV_" + name,
			Subjects:          []string{"$KV." + name + ".>"},
			Storage:           jetstream.FileStorage,
			AllowDirect:       true,
			MaxMsgsPerSubject: 1,
			Duplicates:        time.Second,
			MaxMsgSize:        512 << 10,
		}
		if name == tablePreviews {
			c.MaxMsgsPerSubject = -1 // what is superseded is overwritten, not just forgotten
		}
		if name == tableHeads {
			c.PersistMode = jetstream.AsyncPersistMode // derived from the log, so no fsync of its own
		}
		configs = append(configs, c)
	}
	for _, c := range configs {
		_, err := b.js.Stream(ctx, c.Name)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			err = b.makeStream(ctx, c)
		}
		if err != nil {
			return fmt.Errorf("server: open stream %s: %w", c.Name, storeError(err))
		}
	}
	return nil
}

// makeStream finishes what it has begun, also if ctx ends meanwhile: NATS (2.15.2) leaves
// goroutines behind of a stream whose server ends while it is made.
func (b *bus) makeStream(ctx context.Context, c jetstream.StreamConfig) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), busTimeout)
	defer cancel()
	_, err := b.js.CreateStream(ctx, c)
	return err
}

// adoptPartitions keeps to the number of partitions that the folder was made
// with: where a conversation is follows from it.
func (b *bus) adoptPartitions(ctx context.Context) error {
	n := 0
	for ; n < 100; n++ {
		_, err := b.js.Stream(ctx, logStream(n))
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			break
		}
		if err != nil {
			return fmt.Errorf("server: open stream %s: %w", logStream(n), err)
		}
	}
	if n > 0 && n != b.opt.Partitions {
		b.opt.Logf("log: the folder has %d partitions, the option of %d is passed over", n, b.opt.Partitions)
		b.opt.Partitions = n
	}
	return nil
}

func logStream(partition int) string { return "M_" + twoDigits(partition) }

// close flushes and ends the connection, then the server.
func (b *bus) close() {
	if b.nc != nil {
		_ = b.nc.FlushTimeout(busTimeout)
		b.nc.Close()
	}
	if b.server != nil {
		b.server.Shutdown()
		b.server.WaitForShutdown()
	}
}

// errNoMessage: there is no such message or record.
var errNoMessage = errors.New("server: no such record")

// last reads the last message of a subject from the stream's leader, which
// sees every acknowledged write; direct reads need not.
func (b *bus) last(ctx context.Context, stream, subject string) (*jetstream.RawStreamMsg, error) {
	return b.get(ctx, stream, map[string]any{"last_by_subj": subject})
}

// lastDirect reads the last message of a subject from any replica: cheaper
// than last, and in a cluster perhaps not the newest.
func (b *bus) lastDirect(ctx context.Context, stream, subject string) (*jetstream.RawStreamMsg, error) {
	ctx, cancel := context.WithTimeout(ctx, busTimeout)
	defer cancel()
	m, err := b.nc.RequestWithContext(ctx, "$JS.API.DIRECT.GET."+stream+"."+subject, nil)
	if err != nil {
		return nil, fmt.Errorf("server: read %s: %w", stream, err)
	}
	switch status := m.Header.Get("Status"); status {
	case "":
		return &jetstream.RawStreamMsg{Subject: m.Header.Get(jetstream.SubjectHeader), Header: m.Header, Data: m.Data}, nil
	case "404":
		return nil, errNoMessage
	default:
		return nil, fmt.Errorf("server: read %s: status %s %s", stream, status, m.Header.Get("Description"))
	}
}

// at reads the message with sequence seq from the stream's leader.
func (b *bus) at(ctx context.Context, stream string, seq uint64) (*jetstream.RawStreamMsg, error) {
	return b.get(ctx, stream, map[string]any{"seq": seq})
}

func (b *bus) get(ctx context.Context, stream string, request map[string]any) (*jetstream.RawStreamMsg, error) {
	ctx, cancel := context.WithTimeout(ctx, busTimeout)
	defer cancel()
	q, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	reply, err := b.nc.RequestWithContext(ctx, "$JS.API.STREAM.MSG.GET."+stream, q)
	if err != nil {
		return nil, fmt.Errorf("server: read %s: %w", stream, err)
	}
	var answer struct {
		Error   *jetstream.APIError `json:"error"`
		Message *struct {
			Subject  string    `json:"subject"`
			Sequence uint64    `json:"seq"`
			Header   []byte    `json:"hdrs"`
			Data     []byte    `json:"data"`
			Time     time.Time `json:"time"`
		} `json:"message"`
	}
	if err := json.Unmarshal(reply.Data, &answer); err != nil {
		return nil, fmt.Errorf("server: read %s: %w", stream, err)
	}
	switch {
	case answer.Error != nil && answer.Error.ErrorCode == jetstream.JSErrCodeMessageNotFound:
		return nil, errNoMessage
	case answer.Error != nil:
		return nil, fmt.Errorf("server: read %s: %w", stream, answer.Error)
	case answer.Message == nil:
		return nil, errNoMessage
	}
	m := &jetstream.RawStreamMsg{Subject: answer.Message.Subject, Sequence: answer.Message.Sequence, Data: answer.Message.Data, Time: answer.Message.Time}
	if len(answer.Message.Header) > 0 {
		if m.Header, err = nats.DecodeHeadersMsg(answer.Message.Header); err != nil {
			return nil, fmt.Errorf("server: read headers in %s: %w", stream, err)
		}
	}
	return m, nil
}

// erase overwrites the message with sequence seq on the disk. That there is none
// is no error.
func (b *bus) erase(ctx context.Context, stream string, seq uint64) error {
	_, err := b.at(ctx, stream, seq)
	if errors.Is(err, errNoMessage) {
		return nil
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, busTimeout)
	defer cancel()
	reply, err := b.nc.RequestWithContext(ctx, "$JS.API.STREAM.MSG.DELETE."+stream, fmt.Appendf(nil, `{"seq":%d}`, seq))
	if err != nil {
		return fmt.Errorf("server: erase in %s: %w", stream, err)
	}
	var answer struct {
		Error   *jetstream.APIError `json:"error"`
		Success bool                `json:"success"`
	}
	if err := json.Unmarshal(reply.Data, &answer); err != nil {
		return fmt.Errorf("server: erase in %s: %w", stream, err)
	}
	if answer.Error != nil {
		if _, err := b.at(ctx, stream, seq); errors.Is(err, errNoMessage) { // another gateway was faster
			return nil
		}
		return fmt.Errorf("server: erase in %s: %w", stream, answer.Error)
	}
	if !answer.Success {
		return fmt.Errorf("server: message %d of %s was not erased", seq, stream)
	}
	return nil
}

// batch reads up to max messages of subject (wildcards allowed) from stream
// sequence seq on, in order, until each says stop.
func (b *bus) batch(ctx context.Context, stream, subject string, seq uint64, max int, each func(*jetstream.RawStreamMsg) (more bool)) error {
	ctx, cancel := context.WithTimeout(ctx, 2*busTimeout)
	defer cancel()
	rows, err := jetstreamext.GetBatch(ctx, b.js, stream, max, jetstreamext.GetBatchSubject(subject), jetstreamext.GetBatchSeq(seq))
	if err != nil {
		return fmt.Errorf("server: read %s: %w", stream, err)
	}
	for m, err := range rows {
		if errors.Is(err, jetstreamext.ErrNoMessages) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("server: read %s: %w", stream, err)
		}
		if !each(m) {
			return nil
		}
	}
	return b.complete(ctx, stream)
}

// complete tells a batch that ended from one that was cut short, which the
// iterator does not.
func (b *bus) complete(ctx context.Context, stream string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("server: read %s: %w", stream, err)
	}
	if b.nc.IsClosed() {
		return fmt.Errorf("server: read %s: %w", stream, nats.ErrConnectionClosed)
	}
	return nil
}

// lastFor reads the last message of each subject; subjects without one are
// passed over.
func (b *bus) lastFor(ctx context.Context, stream string, subjects []string, each func(*jetstream.RawStreamMsg)) error {
	for len(subjects) > 0 {
		n := min(len(subjects), lastForMax)
		if err := b.lastForChunk(ctx, stream, subjects[:n], each); err != nil {
			return err
		}
		subjects = subjects[n:]
	}
	return nil
}

func (b *bus) lastForChunk(ctx context.Context, stream string, subjects []string, each func(*jetstream.RawStreamMsg)) error {
	ctx, cancel := context.WithTimeout(ctx, 2*busTimeout)
	defer cancel()
	rows, err := jetstreamext.GetLastMsgsFor(ctx, b.js, stream, subjects)
	if err != nil {
		return fmt.Errorf("server: read %s: %w", stream, err)
	}
	for m, err := range rows {
		if errors.Is(err, jetstreamext.ErrNoMessages) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("server: read %s: %w", stream, err)
		}
		each(m)
	}
	return b.complete(ctx, stream)
}

// bounds returns the first and last sequence of a stream.
func (b *bus) bounds(ctx context.Context, stream string) (first, last uint64, err error) {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return 0, 0, fmt.Errorf("server: stream %s: %w", stream, err)
	}
	state := s.CachedInfo().State
	return state.FirstSeq, state.LastSeq, nil
}

// JetStream error codes that are decided on here.
const (
	jsWrongLast      = jetstream.ErrorCode(10071)
	jsInProcess      = jetstream.ErrorCode(10158)
	jsNoResources    = jetstream.ErrorCode(10023)
	jsNoStorage      = jetstream.ErrorCode(10047)
	jsStoreFailed    = jetstream.ErrorCode(10077)
	jsStreamTooLarge = jetstream.ErrorCode(10122)
)

func jsCode(err error) jetstream.ErrorCode {
	var api *jetstream.APIError
	if errors.As(err, &api) {
		return api.ErrorCode
	}
	var js jetstream.JetStreamError
	if errors.As(err, &js) && js.APIError() != nil {
		return js.APIError().ErrorCode
	}
	return 0
}

// storeError gives what a person should hear its code: the disk is full.
// Everything else passes.
func storeError(err error) error {
	switch jsCode(err) {
	case jsNoResources, jsNoStorage, jsStoreFailed, jsStreamTooLarge:
		return im.Errorf(im.CodeDiskFull, "the server cannot store it: %v", err)
	}
	return err
}
