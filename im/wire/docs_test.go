package wire_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"magpie/im/wire"
)

func protocol(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// constants are the string constants of frames.go whose names begin with
// prefix and a capital letter.
func constants(t *testing.T, prefix string) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "frames.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile("^" + prefix + "[A-Z]")
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 || !name.MatchString(v.Names[0].Name) {
			return true
		}
		if lit, ok := v.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if found[v.Names[0].Name], err = strconv.Unquote(lit.Value); err != nil {
				t.Fatal(err)
			}
		}
		return true
	})
	return found
}

// Every frame has a section of its own with an example of it.
func TestEveryFrameIsDocumented(t *testing.T) {
	doc := protocol(t)
	types := constants(t, "T")
	if len(types) < 20 {
		t.Fatalf("only %d types of frames were found", len(types))
	}
	for name, value := range types {
		_, section, ok := strings.Cut(doc, "\n### "+value+"\n")
		if !ok {
			t.Errorf("%s (%s) has no section", name, value)
			continue
		}
		section, _, _ = strings.Cut(section, "\n### ")
		if !strings.Contains(section, "{\"t\":\""+value+"\"") {
			t.Errorf("the section of %s has no example", value)
		}
	}
	kinds := constants(t, "Ev")
	if len(kinds) < 7 {
		t.Fatalf("only %d kinds of events were found", len(kinds))
	}
	for name, value := range kinds {
		if !strings.Contains(doc, "| `"+value+"` | ") {
			t.Errorf("%s (%s) is not in the table of events", name, value)
		}
	}
}

// Every field that goes over the wire is named somewhere on the page.
func TestEveryFieldIsDocumented(t *testing.T) {
	doc := protocol(t)
	seen := map[reflect.Type]bool{}
	var visit func(reflect.Type)
	visit = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice:
			visit(typ.Elem())
		case reflect.Struct:
			if seen[typ] {
				return
			}
			seen[typ] = true
			for i := range typ.NumField() {
				f := typ.Field(i)
				tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if tag != "" && tag != "-" && !strings.Contains(doc, "`"+tag+"`") &&
					!strings.Contains(doc, "."+tag+"`") && !strings.Contains(doc, `"`+tag+`"`) {
					t.Errorf("%v.%s (%s) is not documented", typ, f.Name, tag)
				}
				visit(f.Type)
			}
		}
	}
	for _, f := range []any{
		wire.Hello{}, wire.Welcome{}, wire.Send{}, wire.Sent{}, wire.Pull{}, wire.Page{}, wire.Conversations{}, wire.ConversationList{},
		wire.ConversationGet{}, wire.ConversationInfo{}, wire.Read{}, wire.DeleteConversation{}, wire.GroupCreate{}, wire.GroupInvite{},
		wire.GroupRef{}, wire.GroupReply{}, wire.GroupMemberList{}, wire.Users{}, wire.Profiles{}, wire.ProfileSet{}, wire.PresenceList{},
		wire.Revoke{}, wire.ConvSet{}, wire.GroupSet{}, wire.GroupJoin{}, wire.GroupJoined{}, wire.GroupAnswer{}, wire.GroupKick{},
		wire.GroupTransfer{}, wire.GroupMember{}, wire.Block{}, wire.Blocked{},
		wire.OK{}, wire.Err{}, wire.Message{}, wire.Event{}, wire.Kick{}, wire.Resync{},
	} {
		visit(reflect.TypeOf(f))
	}
}

// The examples are frames, and have no field that the frame has not.
func TestExamplesAreFrames(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(protocol(t), -1)
	n := 0
	for _, block := range blocks {
		for line := range wire.Lines([]byte(block[1])) {
			n++
			head, err := wire.Peek(line)
			if err != nil {
				t.Errorf("%v: %s", err, line)
				continue
			}
			if !fits(head, line) {
				t.Errorf("this example is no frame of its type: %s", line)
			}
		}
	}
	if n < 25 {
		t.Errorf("only %d examples were found", n)
	}
}

// fits reports whether line, with nothing unknown in it, is one of the frames
// that its type may be.
func fits(head wire.Head, line []byte) bool {
	line = []byte(strings.ReplaceAll(string(line), `,"…":"…"`, `,"type":"TIMTextElem","payload":{"text":"…"}`))
	for _, f := range map[string][]any{
		wire.THello: {&wire.Hello{}, &wire.Welcome{}}, wire.TSend: {&wire.Send{}}, wire.TPull: {&wire.Pull{}, &wire.Page{}},
		wire.TConversations: {&wire.Conversations{}, &wire.ConversationList{}}, wire.TRead: {&wire.Read{}},
		wire.TDeleteConv: {&wire.DeleteConversation{}}, wire.TConversation: {&wire.ConversationGet{}, &wire.ConversationInfo{}},
		wire.TGroupCreate: {&wire.GroupCreate{}, &wire.GroupReply{}}, wire.TGroupInvite: {&wire.GroupInvite{}, &wire.GroupReply{}},
		wire.TGroupQuit: {&wire.GroupRef{}}, wire.TGroupInfo: {&wire.GroupRef{}, &wire.GroupReply{}},
		wire.TGroupMembers: {&wire.GroupRef{}, &wire.GroupMemberList{}}, wire.TProfileGet: {&wire.Users{}, &wire.Profiles{}},
		wire.TProfileSet: {&wire.ProfileSet{}}, wire.TPresence: {&wire.Users{}, &wire.PresenceList{}}, wire.TRevoke: {&wire.Revoke{}}, wire.TConvSet: {&wire.ConvSet{}}, wire.TGroupSet: {&wire.GroupSet{}, &wire.GroupReply{}},
		wire.TGroupJoin: {&wire.GroupJoin{}, &wire.GroupJoined{}}, wire.TGroupAnswer: {&wire.GroupAnswer{}}, wire.TGroupKick: {&wire.GroupKick{}},
		wire.TGroupDismiss: {&wire.GroupRef{}}, wire.TGroupTransfer: {&wire.GroupTransfer{}}, wire.TGroupMember: {&wire.GroupMember{}},
		wire.TBlock: {&wire.Block{}}, wire.TBlocked: {&wire.Blocked{}}, wire.TOK: {&wire.OK{}, &wire.Sent{}},
		wire.TError: {&wire.Err{}}, wire.TMessage: {&wire.Message{}}, wire.TEvent: {&wire.Event{}}, wire.TKick: {&wire.Kick{}}, wire.TResync: {&wire.Resync{}},
	}[head.T] {
		d := json.NewDecoder(strings.NewReader(string(line)))
		d.DisallowUnknownFields()
		if d.Decode(f) == nil {
			return true
		}
	}
	return false
}

// Figures that clients depend on stand in the page as they are in the code.
func TestFiguresAreDocumented(t *testing.T) {
	doc := protocol(t)
	for _, want := range []string{
		fmt.Sprintf("Version %d.", wire.Version), wire.Path, "65,536", "1 MiB",
	} {
		if !strings.Contains(doc, want) {
			t.Errorf("%q is not in the page", want)
		}
	}
	if wire.MaxRequestBytes != 65536 || wire.MaxPushBytes != 1<<20 {
		t.Error("the page gives other sizes of frames")
	}
}
