package server

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"magpie/im"
	"magpie/im/wire"
)

// raw sends bytes as they are and returns the code that comes back, and
// whether the connection was ended.
func (c *client) raw(b []byte) (im.Code, bool) {
	c.t.Helper()
	if err := c.write(b); err != nil {
		c.t.Logf("write: %v", err)
	}
	deadline := time.After(patience)
	for {
		select {
		case line := <-c.pushes:
			e, err := wire.Decode[wire.Err](line)
			if err != nil || e.T != wire.TError {
				continue
			}
			if e.I != 0 {
				return e.Error.Code, false
			}
			select {
			case <-c.gone:
				return e.Error.Code, true
			case <-deadline:
				c.t.Fatal("an error without number did not end the connection")
			}
		case <-c.gone:
			select {
			case line := <-c.pushes:
				if e, err := wire.Decode[wire.Err](line); err == nil && e.T == wire.TError {
					return e.Error.Code, true
				}
			default:
			}
			return 0, true
		case <-deadline:
			c.t.Fatalf("no answer to %.100q", b)
		}
	}
}

// Every bad frame is answered to the one who sent it, with the right code; the
// others see nothing and nothing is lost.
func TestBadFrames(t *testing.T) {
	s := open(t, nil)
	bob := connect(t, s, "bob", "b")
	carol := connect(t, s, "carol", "c")
	bob.say("C2Ccarol", "private")
	carol.message("private")
	if _, err := bob.createGroup(im.Group{GroupID: "closed", Name: "x", Type: im.GroupWork}, "carol"); err != nil {
		t.Fatal(err)
	}
	send := func(id, conv, kind, payload, more string) string {
		return fmt.Sprintf(`{"t":"send","i":9,"m":{"ID":%q,"conversationID":%q,"type":%q,"payload":%s%s}}`, id, conv, kind, payload, more)
	}
	text := func(id, conv, s string) string {
		return send(id, conv, "TIMTextElem", fmt.Sprintf(`{"text":%q}`, s), "")
	}
	nulID := "mallory-m-\x00"
	for name, c := range map[string]struct {
		frame string
		code  im.Code
		ends  bool
	}{
		"no JSON":                  {`hello`, im.CodeInvalidRequest, true},
		"JSON, no object":          {`[1,2]`, im.CodeInvalidRequest, true},
		"cut off":                  {`{"t":"send","i":9,"m":{"ID":`, im.CodeInvalidRequest, true},
		"no type":                  {`{"i":9}`, im.CodeInvalidRequest, true},
		"no number":                {`{"t":"convs"}`, im.CodeInvalidRequest, true},
		"negative number":          {`{"t":"convs","i":-1}`, im.CodeInvalidRequest, true},
		"not UTF-8":                {"{\"t\":\"convs\",\"i\":9,\"cursor\":\"\xff\xfe\"}", im.CodeInvalidRequest, true},
		"deeply nested":            {`{"t":"convs","i":9,"x":` + strings.Repeat("[", 30000) + strings.Repeat("]", 30000) + `}`, im.CodeInvalidRequest, true},
		"too large":                {`{"t":"convs","i":9,"cursor":"` + strings.Repeat("x", wire.MaxRequestBytes) + `"}`, im.CodeFrameTooLarge, true},
		"10 MB name":               {`{"t":"conv.get","i":9,"conv":"C2C` + strings.Repeat("a", 10<<20) + `"}`, im.CodeFrameTooLarge, true},
		"unknown request":          {`{"t":"make.tea","i":9}`, im.CodeInvalidRequest, false},
		"wrong types":              {`{"t":"pull","i":9,"conv":17}`, im.CodeInvalidRequest, false},
		"second hello":             {`{"t":"hello","i":9,"v":1,"user":"bob","device":"x"}`, im.CodeInvalidRequest, false},
		"no payload":               {`{"t":"send","i":9,"m":{"ID":"mallory-m-1","conversationID":"C2Cbob","type":"TIMTextElem"}}`, im.CodeInvalidRequest, false},
		"another's message id":     {text("bob-b-000009", "C2Ccarol", "forged"), im.CodeInvalidMessage, false},
		"message id without owner": {text("x", "C2Cbob", "forged"), im.CodeInvalidMessage, false},
		"message id with NUL":      {text(nulID, "C2Cbob", "forged"), im.CodeInvalidMessage, false},
		"message id with dots":     {text("mallory-m-../x", "C2Cbob", "forged"), im.CodeInvalidMessage, false},
		"long message id":          {text("mallory-"+strings.Repeat("m", 200), "C2Cbob", "forged"), im.CodeInvalidMessage, false},
		"empty text":               {text("mallory-m-1", "C2Cbob", " "), im.CodeEmptyMessage, false},
		"text with NUL":            {text("mallory-m-1", "C2Cbob", "forged\x00"), im.CodeInvalidParameter, false},
		"long text":                {text("mallory-m-1", "C2Cbob", strings.Repeat("forged", 1500)), im.CodeMessageTooLong, false},
		"long custom data":         {send("mallory-m-1", "C2Cbob", "TIMTextElem", `{"text":"forged"}`, `,"cloudCustomData":"`+strings.Repeat("x", 8001)+`"`), im.CodeMessageTooLong, false},
		"type and payload differ":  {send("mallory-m-1", "C2Cbob", "TIMFileElem", `{"text":"forged"}`, ""), im.CodeFileURLMissing, false},
		"unknown type":             {send("mallory-m-1", "C2Cbob", "Forged", `{"text":"forged"}`, ""), im.CodeInvalidParameter, false},
		"a tip of its own":         {send("mallory-m-1", "C2Cbob", "TIMGroupTipElem", `{"operationType":1}`, ""), im.CodeInvalidParameter, false},
		"a notice of its own":      {send("mallory-m-1", "C2Cbob", "TIMGroupSystemNoticeElem", `{"operationType":5}`, ""), im.CodeInvalidParameter, false},
		"priority":                 {send("mallory-m-1", "C2Cbob", "TIMTextElem", `{"text":"forged"}`, `,"priority":"Urgent"`), im.CodeInvalidParameter, false},
		"31 mentions":              {send("mallory-m-1", "C2Cbob", "TIMTextElem", `{"text":"forged"}`, `,"atUserList":["a"`+strings.Repeat(`,"a"`, 30)+`]`), im.CodeTooManyMentions, false},
		"no such user":             {text("mallory-m-1", "C2Cnobody", "forged"), im.CodeC2CUserNotFound, false},
		"no such kind":             {text("mallory-m-1", "XYZbob", "forged"), im.CodeInvalidConversationID, false},
		"system conversation":      {text("mallory-m-1", "@TIM#SYSTEM", "forged"), im.CodeInvalidConversationType, false},
		"wildcard user":            {text("mallory-m-1", "C2C*", "forged"), im.CodeInvalidUserID, false},
		"user with dots":           {text("mallory-m-1", "C2Cbob.carol", "forged"), im.CodeInvalidUserID, false},
		"user with slash":          {text("mallory-m-1", "C2Cbob/carol", "forged"), im.CodeInvalidUserID, false},
		"user with NUL":            {text("mallory-m-1", "C2Cbob\x00", "forged"), im.CodeInvalidUserID, false},
		"right-to-left user":       {text("mallory-m-1", "C2C\u202ebob", "forged"), im.CodeInvalidUserID, false},
		"group of others":          {text("mallory-m-1", "GROUPclosed", "forged"), im.CodeGroupPermission, false},
		"read group of others":     {`{"t":"pull","i":9,"conv":"GROUPclosed"}`, im.CodeGroupPermission, false},
		"get group of others":      {`{"t":"conv.get","i":9,"conv":"GROUPclosed"}`, im.CodeGroupPermission, false},
		"mark group of others":     {`{"t":"read","i":9,"conv":"GROUPclosed","n":1}`, im.CodeGroupPermission, false},
		"delete group of others":   {`{"t":"conv.delete","i":9,"conv":"GROUPclosed"}`, im.CodeGroupPermission, false},
		"invite to others' group":  {`{"t":"group.invite","i":9,"group":"closed","users":["mallory"]}`, im.CodeGroupPermission, false},
		"wildcard group":           {`{"t":"pull","i":9,"conv":"GROUP>"}`, im.CodeGroupNotFound, false},
		"group in Chinese":         {`{"t":"pull","i":9,"conv":"GROUP张三"}`, im.CodeInvalidGroupID, false},
		"empty group":              {`{"t":"group.info","i":9,"group":""}`, im.CodeInvalidGroupID, false},
		"system group id":          {`{"t":"group.create","i":9,"group":{"groupID":"@TGS#1","name":"x","type":"Public"}}`, im.CodeInvalidGroupID, false},
		"group name with NUL":      {`{"t":"group.create","i":9,"group":{"name":"x\u0000","type":"Public"}}`, im.CodeInvalidGroupName, false},
		"long group name":          {`{"t":"group.create","i":9,"group":{"name":"` + strings.Repeat("x", 31) + `","type":"Public"}}`, im.CodeInvalidGroupName, false},
		"invited with a slash":     {`{"t":"group.create","i":9,"group":{"name":"x","type":"Public"},"members":["../bob"]}`, im.CodeInvalidUserID, false},
		"made-up cursor":           {`{"t":"pull","i":9,"conv":"C2Cbob","next":"AAAA"}`, im.CodeInvalidParameter, false},
		"another's cursor":         {`{"t":"pull","i":9,"conv":"C2Cbob","next":"` + cursor(c2cKey("bob", "carol"), 2, 1) + `"}`, im.CodeInvalidParameter, false},
		"made-up list cursor":      {`{"t":"convs","i":9,"cursor":"%%%"}`, im.CodeInvalidParameter, false},
		"negative limit":           {`{"t":"pull","i":9,"conv":"C2Cbob","limit":-1}`, im.CodeInvalidParameter, false},
		"ahead of the end":         {`{"t":"pull","i":9,"conv":"C2Cbob","forward":true,"after":7}`, im.CodeDiverged, false},
		"delete what is not":       {`{"t":"conv.delete","i":9,"conv":"C2Cbob"}`, im.CodeConversationNotFound, false},
		"long nick":                {`{"t":"profile.set","i":9,"profile":{"nick":"` + strings.Repeat("x", 501) + `"}}`, im.CodeProfileValueTooLong, false},
		"large profile":            {`{"t":"profile.set","i":9,"profile":{"profileCustomField":{"a":"` + strings.Repeat("x", 9000) + `"}}}`, im.CodeProfileValueTooLong, false},
		"101 profiles":             {`{"t":"profile.get","i":9,"users":["a"` + strings.Repeat(`,"a"`, 100) + `]}`, im.CodeInvalidParameter, false},
		"501 watched":              {`{"t":"presence","i":9,"users":["a"` + strings.Repeat(`,"a"`, 500) + `]}`, im.CodeInvalidParameter, false},
		"push of 3 KB":             {`{"t":"send","i":9,"offlinePushInfo":{"title":"` + strings.Repeat("x", 3000) + `"},"m":{"ID":"mallory-m-1","conversationID":"C2Cbob","type":"TIMTextElem","payload":{"text":"forged"}}}`, im.CodeMessageTooLong, false},
	} {
		t.Run(name, func(t *testing.T) {
			mallory := connect(t, s, "mallory", "m")
			// %q of Go writes \x00, which is no JSON.
			frame := strings.ReplaceAll(c.frame, `\x00`, `\u0000`)
			code, ended := mallory.raw([]byte(frame))
			if code != c.code || ended != c.ends {
				t.Errorf("code %d, connection ended %v; want %d, %v", code, ended, c.code, c.ends)
			}
			if !ended {
				mallory.convs() // goes on
			}
			mallory.close()
		})
	}
	for _, c := range []*client{bob, carol} {
		c.nothing(s, func(line []byte) bool {
			return strings.Contains(string(line), "forged") || strings.Contains(string(line), "mallory")
		})
	}
	if n := len(carol.history("C2Cbob")); n != 1 {
		t.Errorf("%d messages between bob and carol, want 1", n)
	}
	waitFor(t, "mallory's connections to be gone", func() bool {
		s.gateway.mu.Lock()
		defer s.gateway.mu.Unlock()
		return len(s.gateway.conns) == 2
	})
}

// Text that only looks odd is text: it arrives as it was sent.
func TestOddTextArrives(t *testing.T) {
	s := open(t, nil)
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	for _, text := range []string{"\u202egnp.exe", "../../etc/passwd", "<script>&amp;", "line\nbreak\u2028", "👩‍👩‍👧‍👦", strings.Repeat("啊", 2666), strings.Repeat("\u0001", 8000)} {
		sent := alice.say("C2Cbob", text)
		if m := bob.message(text); m.Message.Sequence != sent.Sequence {
			t.Errorf("%.20q arrived as number %d, want %d", text, m.Message.Sequence, sent.Sequence)
		}
	}
	if m := bob.conv("C2Calice").LastMessage; len(m.Payload.(im.TextPayload).Text) > im.MaxPreviewTextBytes {
		t.Errorf("the list holds %d bytes of the last message", len(m.Payload.(im.TextPayload).Text))
	}
	// Long pages stay below what a client reads.
	for range 100 {
		alice.say("C2Cbob", strings.Repeat("\u0001", 8000))
	}
	got, after := 0, uint64(0)
	for done := false; !done; {
		p, err := bob.pull(wire.Pull{Conversation: "C2Calice", Forward: true, After: after})
		if err != nil {
			t.Fatal(err)
		}
		if b, err := wire.Encode(p); err != nil || len(b) > wire.MaxPushBytes {
			t.Fatalf("a page of %d bytes, %v", len(b), err)
		}
		got += len(p.Messages)
		after = p.Messages[len(p.Messages)-1].Sequence
		done = p.IsCompleted
	}
	if got != 107 {
		t.Errorf("%d messages, want 107", got)
	}
}

// A frame sent a second time is the same message.
func TestReplayedFrame(t *testing.T) {
	s := open(t, nil)
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	m := alice.text("C2Cbob", "once")
	first, err := alice.trySend(m, 0, im.SendOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		again, err := alice.trySend(m, 0, im.SendOptions{})
		if err != nil || !again.Dup || again.Sequence != first.Sequence || again.Time != first.Time {
			t.Errorf("again: %+v, %v", again, err)
		}
	}
	if n := len(bob.history("C2Calice")); n != 1 {
		t.Errorf("%d messages, want 1", n)
	}
	if row := bob.conv("C2Calice"); row.UnreadCount != 1 {
		t.Errorf("unread %d, want 1", row.UnreadCount)
	}
}

// History that is not the server's is found by the id.
func TestDiverged(t *testing.T) {
	s := open(t, nil)
	alice := connect(t, s, "alice", "a")
	accountFor(t, s, "bob")
	one := alice.say("C2Cbob", "one")
	alice.say("C2Cbob", "two")
	p, err := alice.pull(wire.Pull{Conversation: "C2Cbob", Forward: true, After: 1, AfterID: one.ID})
	if err != nil || len(p.Messages) != 1 || p.Messages[0].Sequence != 2 {
		t.Errorf("what fits: %+v, %v", p, err)
	}
	_, err = alice.pull(wire.Pull{Conversation: "C2Cbob", Forward: true, After: 1, AfterID: "alice-a-other"})
	wantCode(t, err, im.CodeDiverged, "another id")
	_, err = alice.pull(wire.Pull{Conversation: "C2Cbob", Forward: true, After: 3})
	wantCode(t, err, im.CodeDiverged, "more than there is")
}

// More messages a second than allowed are refused with a code, and only those
// of the one who floods.
func TestFlood(t *testing.T) {
	clock := time.Now()
	s := open(t, func(o *Options) { o.MessagesPerSecond = 20; o.Now = func() time.Time { return clock } })
	alice, bob := connect(t, s, "alice", "a"), connect(t, s, "bob", "b")
	sent, refused := 0, 0
	var last im.Message
	for range 100 {
		last = alice.text("C2Cbob", "flood")
		switch _, err := alice.trySend(last, 0, im.SendOptions{}); im.CodeOf(err) {
		case 0:
			sent++
		case im.CodeRateLimited:
			refused++
		default:
			t.Fatal(err)
		}
	}
	if sent != 40 || refused != 60 {
		t.Errorf("%d sent, %d refused; want 40 and 60", sent, refused)
	}
	bob.say("C2Calice", "calm")
	clock = clock.Add(time.Second)
	if _, err := alice.trySend(last, 0, im.SendOptions{}); err != nil {
		t.Errorf("a second later: %v", err)
	}
}

// A client that does not read is dropped, costs nothing more, and the others
// go on; when it comes back everything is there.
func TestSlowClient(t *testing.T) {
	s := open(t, nil)
	alice := connect(t, s, "alice", "a")
	accountFor(t, s, "bob")
	token, err := s.Token(t.Context(), "bob", "slow")
	if err != nil {
		t.Fatal(err)
	}
	d := websocket.Dialer{NetDialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if err == nil {
			err = c.(*net.TCPConn).SetReadBuffer(4 << 10)
		}
		return c, err
	}}
	ws, resp, err := d.DialContext(t.Context(), s.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	resp.Body.Close()
	h := helloOf("bob", "slow", token)
	h.Head = wire.Head{T: wire.THello, I: 1}
	if err := ws.WriteJSON(h); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ws.ReadMessage(); err != nil {
		t.Fatal(err)
	}
	online := func() bool {
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		return s.hub.users["bob"] != nil
	}
	// The buffers of the system before its queue would take megabytes, for which a busy
	// machine is too slow.
	s.hub.mu.Lock()
	tcp, isTCP := s.hub.users["bob"].conns[0].ws.NetConn().(*net.TCPConn)
	s.hub.mu.Unlock()
	if !isTCP || tcp.SetWriteBuffer(4<<10) != nil {
		t.Fatal("the buffer of the connection is as it was")
	}
	// Online-only messages fill its queue without filling the disk.
	big := strings.Repeat("x", 7900)
	deadline := time.Now().Add(writeTimeout - time.Second)
	var senders sync.WaitGroup
	for i := range 4 {
		sender := connect(t, s, im.UserID(fmt.Sprint("flood", i)), "f")
		senders.Go(func() {
			for online() && time.Now().Before(deadline) {
				if _, err := sender.trySend(sender.text("C2Cbob", big), 0, im.SendOptions{OnlineUserOnly: true}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	senders.Wait()
	if online() {
		t.Fatal("its queue was not what dropped it")
	}
	alice.say("C2Cbob", "stored")
	bob := connect(t, s, "bob", "slow")
	if all := bob.history("C2Calice"); len(all) != 1 {
		t.Errorf("%d messages, want 1", len(all))
	}
}

// The eleventh connection takes the place of the first, which hears why.
func TestTooManyConnections(t *testing.T) {
	s := open(t, func(o *Options) { o.MaxConnections = 3 })
	first := connect(t, s, "alice", "d0")
	for i := range 2 {
		connect(t, s, "alice", fmt.Sprint("d", i+1))
	}
	again := connect(t, s, "alice", "d2") // the same device: its old connection goes
	connect(t, s, "alice", "d3")
	if k := push[wire.Kick](first, wire.TKick, nil); k.Reason != im.KickMultipleDevice {
		t.Errorf("kicked for %s", k.Reason)
	}
	<-first.gone
	again.convs()
}

// Clients are told when the server stops, and what they sent is there.
func TestGracefulStop(t *testing.T) {
	dir := t.TempDir()
	s := reopen(t, dir, nil)
	alice := connect(t, s, "alice", "a")
	accountFor(t, s, "bob")
	alice.say("C2Cbob", "last words")
	before := runtime.NumGoroutine()
	shut(t, s)
	<-alice.gone
	if !websocket.IsCloseError(alice.end, websocket.CloseGoingAway) {
		t.Errorf("the connection ended with %v", alice.end)
	}
	if after := runtime.NumGoroutine(); after >= before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
	if _, err := s.Token(t.Context(), "alice", "a"); err == nil {
		t.Error("a stopped server signs in")
	}
	s = reopen(t, dir, nil)
	alice = connect(t, s, "alice", "a")
	if all := alice.history("C2Cbob"); len(all) != 1 {
		t.Errorf("%d messages, want 1", len(all))
	}
	_, err := Open(t.Context(), Options{Data: dir})
	wantCode(t, err, im.CodeDataFolderInUse, "a second server on the folder")
}
