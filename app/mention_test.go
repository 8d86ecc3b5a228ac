package app

import (
	"reflect"
	"testing"

	"magpie/im"
)

func someCandidates() []candidate {
	return []candidate{
		{mention: mention{"Everyone", im.AtAllUsers}},
		{mention: mention{"Ada Okafor", "ada"}, nick: "Ada Okafor"},
		{mention: mention{"李小林", "lin"}, nick: "Lin"},
		{mention: mention{"Lin", "lin2"}, nick: "Lin"},
		{mention: mention{"Lin Yi", "yi"}, nick: "Yi"},
		{mention: mention{"Bo", "zhouyu"}, nick: "周雨"},
	}
}

func TestFindMentions(t *testing.T) {
	for word, want := range map[string][]im.UserID{
		"":       {im.AtAllUsers, "ada", "lin", "lin2", "yi", "zhouyu"},
		"e":      {im.AtAllUsers},
		"ADA":    {"ada"},
		"oka":    {"ada"},               // a later word of the name
		"li":     {"lin", "lin2", "yi"}, // by nick, name and name
		"李":      {"lin"},               // by name
		"周":      {"zhouyu"},            // by nick
		"zhou":   {"zhouyu"},            // by id
		"yi":     {"yi"},                // by nick
		"nobody": nil,
	} {
		var got []im.UserID
		for _, c := range findMentions(someCandidates(), word) {
			got = append(got, c.user)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q finds %q, want %q", word, got, want)
		}
	}
}

func TestUsersStillInTheText(t *testing.T) {
	chosen := mentions{{"Lin", "lin2"}, {"Lin Yi", "yi"}, {"Everyone", im.AtAllUsers}, {"Lin", "lin3"}}
	for text, want := range map[string][]im.UserID{
		"nobody":                     nil,
		"@Lin Yi look":               {"yi"}, // not Lin
		"@Lin look":                  {"lin3"},
		"@Lin and @Lin":              {"lin2", "lin3"},
		"@Lin @Lin @Lin":             {"lin2", "lin3"},
		"@Everyone and @Lin Yi":      {"yi", im.AtAllUsers},
		"Lin without the sign, @Ada": nil,
	} {
		if got := chosen.users(text); !reflect.DeepEqual(got, want) {
			t.Errorf("%q mentions %q, want %q", text, got, want)
		}
	}
}

// A draft of yesterday, or a recalled text, still mentions whom it names.
func TestAdoptMentions(t *testing.T) {
	all := append(someCandidates(), candidate{mention: mention{"Bo", "bo2"}})
	if got := mentions(nil).adopt("@Ada Okafor, @Bo and @Lin Yi", all); !reflect.DeepEqual(got, mentions{{"Ada Okafor", "ada"}, {"Lin Yi", "yi"}}) {
		t.Errorf("%v", got)
	}
	chosen := mentions{{"Lin", "lin3"}}
	if got := chosen.adopt("@Lin", all); !reflect.DeepEqual(got, chosen) {
		t.Errorf("what was chosen counts: %v", got)
	}
}
