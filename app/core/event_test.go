package core

import (
	"encoding/json"
	"testing"
	"time"

	"magpie/im"
)

func TestMarshalEvent(t *testing.T) {
	for _, c := range []struct {
		e    Event
		want string
	}{
		{SDKReady{}, `{"name":"sdkStateReady","data":{}}`},
		{SDKNotReady{}, `{"name":"sdkStateNotReady","data":{}}`},
		{StateChanged{State: Syncing}, `{"name":"onStateChanged","data":{"state":"syncing"}}`},
		{NetStateChange{im.NetConnected}, `{"name":"netStateChange","data":{"state":"connected"}}`},
		{KickedOut{im.KickREST}, `{"name":"kickedOut","data":{"type":"REST_API_Kick"}}`},
		{ErrorEvent{Error: im.Errorf(7, "x"), SignIn: true}, `{"name":"error","data":{"error":{"code":7,"message":"x"},"signIn":true}}`},
		{MessageRemoved{"C2Ca", "m"}, `{"name":"onMessageRemoved","data":{"conversationID":"C2Ca","ID":"m"}}`},
		{HistoryChanged{ConversationID: "C2Ca", From: 1, To: 2}, `{"name":"onHistoryChanged","data":{"conversationID":"C2Ca","from":1,"to":2}}`},
		{MessageReadByPeer{"C2Ca", 3}, `{"name":"onMessageReadByPeer","data":{"conversationID":"C2Ca","sequence":3}}`},
		{TotalUnreadUpdated{4}, `{"name":"onTotalUnreadMessageCountUpdated","data":{"unread":4}}`},
		{UserStatusUpdated{[]im.UserPresence{{UserID: "a", StatusType: 1}}}, `{"name":"onUserStatusUpdated","data":{"users":[{"userID":"a","statusType":1}]}}`},
		{ProfileUpdated{[]im.Profile{{UserID: "a"}}}, `{"name":"onProfileUpdated","data":{"profiles":[{"userID":"a"}]}}`},
		{GroupListUpdated{Left: true}, `{"name":"onGroupListUpdated","data":{"group":{"groupID":"","name":"","type":""},"left":true}}`},
		{ConversationListUpdated{Changed: []im.ConversationID{"C2Ca"}}, `{"name":"onConversationListUpdated","data":{"conversations":null,"changed":["C2Ca"]}}`},
	} {
		line, err := MarshalEvent(c.e)
		ok(t, err)
		equal(t, "line", string(line), c.want)
	}
	m := im.Message{ID: "a-b-c", Type: im.MsgText, Payload: im.TextPayload{Text: "x\n"}}
	for _, e := range []Event{MessageReceived{[]im.Message{m}}, MessageUpdated{m}} {
		line, err := MarshalEvent(e)
		ok(t, err)
		if !json.Valid(line) {
			t.Fatalf("%s", line)
		}
	}
}

func TestSlowSubscriberBlocksNobodyAndLosesNothing(t *testing.T) {
	h := &hub{subs: map[*Subscription]struct{}{}}
	slow, quick := h.subscribe(), h.subscribe()
	const n = 100_000
	begin := time.Now()
	for i := range uint64(n) {
		h.emit(TotalUnreadUpdated{i})
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Fatalf("emitting took %v with nobody reading", took)
	}
	quick.Close()
	quick.Close()
	for range quick.Events() { // at most one that was on its way
	}
	h.close()
	want := uint64(0)
	for e := range slow.Events() {
		equal(t, "event", e.(TotalUnreadUpdated).Unread, want)
		want++
	}
	equal(t, "events", want, uint64(n))
	late := h.subscribe()
	for range late.Events() {
		t.Fatal("an event after the end")
	}
}
