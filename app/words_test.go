package app

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"magpie/app/core"
	"magpie/assets"
	"magpie/im"
)

// madeKeys are the keys that the code puts together.
func madeKeys() []string {
	var keys []string
	for _, day := range []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"} {
		keys = append(keys, "day.short."+day, "day.long."+day)
	}
	for _, month := range []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"} {
		keys = append(keys, "month."+month)
	}
	for _, r := range []im.KickReason{im.KickMultipleAccount, im.KickMultipleDevice, im.KickUserSigExpired, im.KickREST} {
		keys = append(keys, "kicked."+string(r))
	}
	for _, g := range []im.GroupType{im.GroupWork, im.GroupPublic, im.GroupMeeting, im.GroupAVChatRoom} {
		keys = append(keys, "groupType."+string(g), "groupType.words."+string(g))
	}
	for _, r := range []im.Role{im.RoleOwner, im.RoleAdmin, im.RoleMember} {
		keys = append(keys, "role."+string(r))
	}
	for _, g := range assets.EmojiGroups() {
		keys = append(keys, "emojiGroup."+g)
	}
	for _, p := range []im.Priority{im.PriorityHigh, im.PriorityNormal, im.PriorityLow, im.PriorityLowest} {
		keys = append(keys, "priority."+string(p))
		if p != im.PriorityNormal {
			keys = append(keys, "priority.note."+string(p))
		}
	}
	for _, r := range remindTypes {
		keys = append(keys, "remind."+string(r), "remind.short."+string(r))
	}
	for _, o := range []im.JoinOption{im.JoinFree, im.JoinNeedPermission, im.JoinDisabled} {
		keys = append(keys, "joinOption."+string(o))
	}
	for _, g := range []im.Gender{im.GenderUnknown, im.GenderFemale, im.GenderMale} {
		keys = append(keys, "gender."+string(g))
	}
	for _, a := range []im.AllowType{im.AllowAny, im.AllowNeedConfirm, im.AllowDenyAny} {
		keys = append(keys, "allow."+string(a))
	}
	for _, f := range muteFor {
		keys = append(keys, f.key)
	}
	for _, s := range settingsSections() {
		keys = append(keys, s.title)
	}
	for tab := range findTabs {
		keys = append(keys, "find.tab."+tab.name(), "find.nothing."+tab.name(), "find.noneText."+tab.name())
	}
	for p := pickPerson; p <= pickKind; p++ {
		keys = append(keys, "find.pick."+p.name(), "find.pickNone."+p.name())
	}
	for _, t := range troubles {
		keys = append(keys, "cannot."+t.name, "cannot."+t.name+".text")
	}
	keys = append(keys, "doctor.checking", "doctor.repairing", "doctor.whole", "doctor.damaged", "doctor.repaired", "doctor.continue", "doctor.repair",
		"doctor.details", "archive.showFolder", "action.tryAgain", "cannot.begin", "cannot.other")
	for _, k := range findKinds {
		keys = append(keys, "find.kind."+k.key)
	}
	for _, p := range namedPeriods(time.Now()) {
		keys = append(keys, "find.time."+p.key)
	}
	for _, trouble := range soundTrouble {
		keys = append(keys, "microphone."+trouble.name, "speaker."+trouble.name)
	}
	for _, s := range shortcuts(false) {
		keys = append(keys, s.name, s.group)
	}
	for _, trouble := range networkTrouble {
		keys = append(keys, "network.why."+trouble.name)
	}
	for _, name := range []string{"undo", "redo", "cut", "paste", "selectAll"} {
		keys = append(keys, "menu."+name)
	}
	for _, k := range core.FileKinds() {
		keys = append(keys, kindKey(k))
	}
	for _, name := range []string{"none", "usual", "small", "always", "own"} {
		keys = append(keys, "storage.download."+name)
	}
	for _, f := range listFilters {
		keys = append(keys, emptyWords(f), filterWords(f))
	}
	return append(keys, "welcome.signIn", "welcome.signingIn", "join.join", "join.joining")
}

// usedKeys are those that the sources name.
func usedKeys(t *testing.T) map[string]bool {
	t.Helper()
	keys := map[string]bool{"error.unexpected": true, "error.noProgram": true} // of package i18n
	for _, k := range madeKeys() {
		keys[k] = true
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "T" && sel.Sel.Name != "F" && sel.Sel.Name != "N" {
				return true
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok {
				key, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				keys[key] = true
			}
			return true
		})
	}
	return keys
}

// Every text that the window asks for is there in both languages, and none is
// there that nothing asks for.
func TestEveryTextIsThereInBothLanguages(t *testing.T) {
	used := usedKeys(t)
	for _, file := range []string{"en.json", "zh-Hans.json"} {
		data, err := fs.ReadFile(assets.Translations(), file)
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]any
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		for key := range used {
			if texts[key] == nil {
				t.Errorf("%s lacks %q", file, key)
			}
		}
		for key := range texts {
			if !used[key] {
				t.Errorf("%s has %q, which nothing uses", file, key)
			}
		}
	}
}
