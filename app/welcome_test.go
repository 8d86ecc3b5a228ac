package app

import (
	"slices"
	"strings"
	"testing"

	"magpie/im"
)

func TestSecretIsPasswordOrUserSig(t *testing.T) {
	sig := strings.Repeat("eJwtzE0LgkAUhf", 12) + "*-_"
	for in, want := range map[string]credentials{
		"correct horse":                    {password: "correct horse"},
		"short*-_":                         {password: "short*-_"},
		strings.Repeat("long phrase ", 20): {password: strings.Repeat("long phrase ", 20)},
		sig:                                {userSig: sig},
	} {
		if got := secret(in); got != want {
			t.Errorf("%.30q: %+v", in, got)
		}
	}
}

func TestLocalNameIsAlwaysAllowed(t *testing.T) {
	if got := localName("wren"); got != "wren" {
		t.Errorf("named by the profile: %q", got)
	}
	if got := localName("default"); got.Validate() != nil {
		t.Errorf("named by the system: %q", got)
	}
}

func TestUserIDsAreReadInAnyWriting(t *testing.T) {
	got, err := userIDs(" ann, ben；carl、 dora\tann ")
	if err != nil || !slices.Equal(got, []im.UserID{"ann", "ben", "carl", "dora", "ann"}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := userIDs("ann, ../ben"); im.CodeOf(err) != im.CodeInvalidUserID {
		t.Errorf("a path for a name: %v", err)
	}
}
