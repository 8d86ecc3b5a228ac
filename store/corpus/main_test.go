package main

import (
	"strings"
	"testing"

	"magpie/store"
	"magpie/store/corpus/standard"
)

func TestCommand(t *testing.T) {
	dir := t.TempDir() + "/made"
	var out strings.Builder
	if err := run(t.Context(), []string{"--messages", "1000", "--seed", "4", dir}, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "1000 messages in") {
		t.Errorf("%q", out.String())
	}
	s, report, err := store.Open(dir+"/history.db", store.Options{Account: standard.Account})
	if err != nil || report.Created {
		t.Fatal(report, err)
	}
	defer s.Close()
	if list, err := s.Page(standard.Big, 0, 2000); err != nil || len(list) != 1000 {
		t.Errorf("%d messages, %v", len(list), err)
	}
	if err := run(t.Context(), []string{dir}, &out); err == nil || !strings.Contains(err.Error(), "there already") {
		t.Errorf("a corpus is written over: %v", err)
	}
	for _, args := range [][]string{{}, {"a", "b"}, {"--messages", "0", dir}, {"--messages", "many", dir}} {
		if err := run(t.Context(), args, &out); err == nil {
			t.Errorf("%v is accepted", args)
		}
	}
}
