package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseRows(t *testing.T) {
	output := strings.Join([]string{
		"goos: linux",
		"BenchmarkScroll-2   \t",
		"BENCH\tcanvas/scroll step\t900\tµs\t<= 100",
		"   10000\t  17000 ns/op",
		"BENCH\tcanvas/scroll step\t17.2\tµs\t<= 100",
		"BENCH\tstore/ingest\t1.5e+04\tmessages/s\t>= 20000\r",
		"BENCH\tserver/fsync\t0.8\tms\t-",
		"not BENCH\tx\t1\ts\t-",
		"PASS",
	}, "\n")
	rows, err := parseRows([]byte(output))
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		name  string
		value float64
		met   string
	}{{"canvas/scroll step", 17.2, "true"}, {"server/fsync", 0.8, "null"}, {"store/ingest", 15000, "false"}}
	if len(rows) != len(want) {
		t.Fatalf("%d rows: %v, want %d", len(rows), rows, len(want))
	}
	for i, w := range want {
		met, err := json.Marshal(rows[i].Met)
		if err != nil {
			t.Fatal(err)
		}
		if rows[i].Name != w.name || rows[i].Value != w.value || string(met) != w.met {
			t.Errorf("row %d: %+v met %s, want %+v", i, rows[i], met, w)
		}
	}
}

func TestParseRowsRefusesWhatIsNoFigure(t *testing.T) {
	for _, line := range []string{
		"BENCH\t",
		"BENCH\ta\t1\tms",
		"BENCH\ta\t1\tms\t-\tmore",
		"BENCH\t\t1\tms\t-",
		"BENCH\ta\t1\t\t-",
		"BENCH\ta\tfast\tms\t-",
		"BENCH\ta\tNaN\tms\t-",
		"BENCH\ta\t+Inf\tms\t-",
		"BENCH\ta\t1\tms\t",
		"BENCH\ta\t1\tms\t<=100",
		"BENCH\ta\t1\tms\t~ 100",
		"BENCH\ta\t1\tms\t<= soon",
	} {
		rows, err := parseRows([]byte("BENCH\tgood\t1\ts\t-\n" + line + "\n"))
		if err == nil {
			t.Errorf("%q is taken for a figure: %v", line, rows)
		}
		if len(rows) != 1 {
			t.Errorf("%q: %d rows are left, want the good one", line, len(rows))
		}
	}
}

func FuzzParseRows(f *testing.F) {
	f.Add([]byte("BENCH\ta/b\t1\tms\t<= 2\n"))
	f.Add([]byte("BENCH\ta/b\t0x1p-2\tms\t> -1e9\r\n\nBENCH"))
	f.Fuzz(func(t *testing.T, output []byte) {
		rows, _ := parseRows(output)
		if _, err := json.Marshal(rows); err != nil {
			t.Errorf("rows that cannot be written: %v", err)
		}
	})
}

func TestMeets(t *testing.T) {
	for _, test := range []struct {
		value float64
		goal  string
		want  bool
	}{
		{100, "<= 100", true}, {100.1, "<= 100", false},
		{100, ">= 100", true}, {99.9, ">= 100", false},
		{100, "< 100", false}, {100, "> 100", false},
		{0, "= 0", true}, {1, "= 0", false},
	} {
		met, err := meets(test.value, test.goal)
		if err != nil || met == nil || *met != test.want {
			t.Errorf("%v %s: %v, %v", test.value, test.goal, met, err)
		}
	}
}

func TestWritten(t *testing.T) {
	rows, err := parseRows([]byte("BENCH\tb\t2\tms\t<= 1\nBENCH\ta\t1\tms\t<= 1\nBENCH\tc\t3\tms\t-\n"))
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := writeTable(&table, rows); err != nil {
		t.Fatal(err)
	}
	want := "name  value  unit  goal  met\na     1      ms    <= 1  yes\nb     2      ms    <= 1  NO\nc     3      ms    -     \n3 figures, 1 of 2 goals met\n"
	if table.String() != want {
		t.Errorf("table\n%swant\n%s", table.String(), want)
	}

	file := filepath.Join(t.TempDir(), "bench.json")
	if err := writeJSON(file, rows); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var back []map[string]any
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	if len(back) != 3 || back[0]["met"] != true || back[1]["met"] != false || back[2]["met"] != nil || back[1]["goal"] != "<= 1" {
		t.Errorf("read back: %v", back)
	}
}
