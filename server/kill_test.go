package server

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"magpie/im"
	"magpie/im/wire"
)

// daemon is a real magpied that can be killed and started again on one folder.
type daemon struct {
	t    testing.TB
	bin  string
	data string
	cmd  *exec.Cmd
	url  atomic.Value
}

func newDaemon(t testing.TB) *daemon {
	t.Helper()
	d := &daemon{t: t, bin: filepath.Join(t.TempDir(), "magpied"), data: t.TempDir()}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", d.bin, "magpie/server/magpied")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build magpied: %v\n%s", err, out)
	}
	t.Cleanup(d.kill)
	d.start()
	return d
}

func (d *daemon) start() {
	d.cmd = exec.Command(d.bin, "--data", d.data, "--listen", "127.0.0.1:0", "--echo")
	d.cmd.Stderr = os.Stderr
	out, err := d.cmd.StdoutPipe()
	if err == nil {
		err = d.cmd.Start()
	}
	if err != nil {
		d.t.Fatal(err)
	}
	var ready struct{ URL string }
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &ready)
	}
	if err != nil {
		d.t.Fatalf("magpied did not start: %v", err)
	}
	d.url.Store(ready.URL)
}

// kill is SIGKILL: no goodbye, no flush.
func (d *daemon) kill() {
	if d.cmd != nil {
		_ = d.cmd.Process.Kill()
		_ = d.cmd.Wait()
		d.cmd = nil
	}
}

// session is a sender that outlives kills: it connects again and sends what
// was not acknowledged with the same id and base.
type session struct {
	user im.UserID
	sig  string
	d    *daemon
	ws   *websocket.Conn
	i    uint64
}

func (s *session) call(frame func(wire.Head) any, kind string, into any) error {
	if s.ws == nil {
		ws, resp, err := websocket.DefaultDialer.Dial(s.d.url.Load().(string), nil)
		if err != nil {
			return err
		}
		resp.Body.Close()
		s.ws = ws
		h := wire.Hello{V: 1, User: s.user, Device: "k", UserSig: s.sig}
		if err := s.exchange(func(head wire.Head) any { h.Head = head; return h }, wire.THello, nil); err != nil {
			return err
		}
	}
	return s.exchange(frame, kind, into)
}

func (s *session) exchange(frame func(wire.Head) any, kind string, into any) error {
	s.i++
	fail := func(err error) error { s.ws.Close(); s.ws = nil; return err }
	b, err := wire.Encode(frame(wire.Head{T: kind, I: s.i}))
	if err != nil {
		return err
	}
	if err := s.ws.WriteMessage(websocket.TextMessage, b); err != nil {
		return fail(err)
	}
	for {
		_, message, err := s.ws.ReadMessage()
		if err != nil {
			return fail(err)
		}
		for line := range wire.Lines(message) {
			head, err := wire.Peek(line)
			if err != nil {
				return err
			}
			if head.I != s.i {
				continue
			}
			if head.T == wire.TError {
				e, err := wire.Decode[wire.Err](line)
				return errors.Join(err, e.Error)
			}
			if into == nil {
				return nil
			}
			return json.Unmarshal(line, into)
		}
	}
}

// The server is killed again and again while several people write to each
// other: every acknowledged message is there once, under the number that was
// acknowledged, without holes, and the echo has answered each once.
func TestKilledServerLosesNothing(t *testing.T) {
	d := newDaemon(t)
	keys, err := ReadKeys(Folder{Data: d.data})
	if err != nil {
		t.Fatal(err)
	}
	users := []im.UserID{"u0", "u1", "u2"}
	sessions := make([]*session, len(users))
	for i, u := range users {
		sig, err := keys.UserSig(u, time.Hour, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		sessions[i] = &session{user: u, sig: sig, d: d}
		if err := sessions[i].call(func(h wire.Head) any { return wire.Conversations{Head: h} }, wire.TConversations, nil); err != nil {
			t.Fatal(err)
		}
	}
	length := 6 * time.Second
	if testing.Short() {
		length = 2 * time.Second
	}
	var stop atomic.Bool
	acked := make([]map[im.ConversationID]map[im.MessageID]uint64, len(users))
	retries := make([]int, len(users))
	var wg sync.WaitGroup
	for i, s := range sessions {
		acked[i] = map[im.ConversationID]map[im.MessageID]uint64{}
		wg.Go(func() {
			base := map[im.ConversationID]uint64{}
			for k := 0; !stop.Load(); k++ {
				conv := im.C2C([]im.UserID{users[(i+1)%3], users[(i+2)%3], echoUser}[k%3])
				m := im.Message{ID: im.MessageID(fmt.Sprintf("%s-k-%06d", s.user, k)), ConversationID: conv, Type: im.MsgText, Payload: im.TextPayload{Text: fmt.Sprint(s.user, " ", k)}}
				for {
					var sent wire.Sent
					err := s.call(func(h wire.Head) any { return wire.Send{Head: h, Message: m, Base: base[conv]} }, wire.TSend, &sent)
					if err == nil {
						if acked[i][conv] == nil {
							acked[i][conv] = map[im.MessageID]uint64{}
						}
						acked[i][conv][m.ID] = sent.Sequence
						base[conv] = sent.Sequence
						break
					}
					retries[i]++
					// A limit of the user's rate, or the server is down: soon again.
					waitShort()
				}
			}
		})
	}
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	kills := 0
	for end := time.Now().Add(length); time.Now().Before(end); kills++ {
		timer := time.NewTimer(time.Duration(200+random.IntN(900)) * time.Millisecond)
		<-timer.C
		d.kill()
		d.start()
	}
	stop.Store(true)
	wg.Wait()
	total := 0
	for i, s := range sessions {
		for conv, ids := range acked[i] {
			total += len(ids)
			checkHistory(t, s, conv, ids)
		}
		if s.ws != nil {
			s.ws.Close()
		}
	}
	if total < 50 || kills < 2 {
		t.Errorf("only %d messages and %d kills: the test does not test", total, kills)
	}
	t.Logf("%d acknowledged messages, %d kills, %d retries", total, kills, retries[0]+retries[1]+retries[2])
}

// waitShort lets a moment go by between attempts to reach a dead server.
func waitShort() { <-time.NewTimer(5 * time.Millisecond).C }

// checkHistory reads a conversation forwards and compares it with what was
// acknowledged.
func checkHistory(t *testing.T, s *session, conv im.ConversationID, ids map[im.MessageID]uint64) {
	t.Helper()
	count := map[im.MessageID]int{}
	answers := map[string]int{}
	var after uint64
	deadline := time.Now().Add(patience)
	for {
		var p wire.Page
		if err := s.call(func(h wire.Head) any { return wire.Pull{Head: h, Conversation: conv, Forward: true, After: after} }, wire.TPull, &p); err != nil {
			t.Fatal(err)
		}
		for _, m := range p.Messages {
			if m.Sequence != after+1 {
				t.Fatalf("%s of %s: number %d follows %d", conv, s.user, m.Sequence, after)
			}
			after = m.Sequence
			count[m.ID]++
			if n, ok := ids[m.ID]; ok && n != m.Sequence {
				t.Errorf("%s was acknowledged as %d and is %d", m.ID, n, m.Sequence)
			}
			if m.From == echoUser {
				answers[m.Payload.(im.TextPayload).Text]++
			}
		}
		if p.IsCompleted && (conv != im.C2C(echoUser) || len(answers) >= len(ids)) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s of %s: %d answers to %d questions", conv, s.user, len(answers), len(ids))
		}
	}
	for id := range ids {
		if count[id] != 1 {
			t.Errorf("%s is there %d times", id, count[id])
		}
	}
	for id, n := range count {
		if n != 1 {
			t.Errorf("%s is there %d times", id, n)
		}
	}
	for text, n := range answers {
		if n != 1 {
			t.Errorf("%q was answered %d times", text, n)
		}
	}
	// The head agrees with the log.
	var info wire.ConversationInfo
	if err := s.call(func(h wire.Head) any { return wire.ConversationGet{Head: h, Conversation: conv} }, wire.TConversation, &info); err != nil {
		t.Fatal(err)
	}
	var others uint64
	for id := range count {
		if !id.MadeBy(s.user) {
			others++
		}
	}
	if info.Row.Last != after || info.Row.UnreadCount != others {
		t.Errorf("%s of %s: head %d unread %d, want %d %d", conv, s.user, info.Row.Last, info.Row.UnreadCount, after, others)
	}
}
