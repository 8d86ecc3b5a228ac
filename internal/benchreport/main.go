package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// config is the command line.
type config struct {
	only, benchtime, out string
	windowArgs           string // flags for go test of windows, space-separated
	display              string // program that runs a command on a hidden screen
	prepare              string // shell command before the first of them, "" for none
	verbose              bool
}

func main() {
	var c config
	flag.StringVar(&c.only, "only", "", "run only benchmarks whose package, name or figures contain this")
	flag.StringVar(&c.benchtime, "benchtime", "1s", "as of go test")
	flag.StringVar(&c.out, "o", "bench.json", "file for the rows")
	flag.StringVar(&c.windowArgs, "window-args", "-tags=x11,wintest", "arguments of go test for benchmarks with windows")
	flag.StringVar(&c.display, "display", "scripts/with-display", "command that gives benchmarks with windows a screen")
	flag.StringVar(&c.prepare, "window-prepare", "", "shell command to run before benchmarks with windows")
	flag.BoolVar(&c.verbose, "v", false, "show what go test prints")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := report(ctx, c); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

// report runs what c asks for and writes the table and the file. Rows that were
// measured are written even if something else failed.
func report(ctx context.Context, c config) error {
	suites, err := choose(".", c.only)
	if err != nil {
		return err
	}
	if len(suites) == 0 {
		return fmt.Errorf("no benchmark matches %q", c.only)
	}
	if c.prepare != "" && slices.ContainsFunc(suites, func(s Suite) bool { return s.Window }) {
		cmd := exec.CommandContext(ctx, "sh", "-c", c.prepare)
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", c.prepare, err)
		}
	}
	var output bytes.Buffer
	var failed []error
	for _, suite := range suites {
		begin := time.Now()
		fmt.Fprintf(os.Stderr, "bench: %s: %s ", suite.Dir, strings.Join(suite.Benchmarks, " "))
		printed, err := c.run(ctx, suite)
		fmt.Fprintf(os.Stderr, "(%.0f s)\n", time.Since(begin).Seconds())
		output.Write(printed)
		output.WriteByte('\n')
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", suite.Dir, err))
			os.Stderr.Write(printed)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	rows, err := parseRows(output.Bytes())
	failed = append(failed, err)
	rows = filter(rows, c.only, suites)
	if len(rows) == 0 {
		return errors.Join(append(failed, errors.New("no figure was printed"))...)
	}
	failed = append(failed, writeTable(os.Stdout, rows), writeJSON(c.out, rows))
	return errors.Join(failed...)
}

// run runs one suite and returns what it printed.
func (c config) run(ctx context.Context, suite Suite) ([]byte, error) {
	args := []string{"go", "test", "-run", "^$", "-bench", "^(" + strings.Join(suite.Benchmarks, "|") + ")$",
		"-benchmem", "-benchtime", c.benchtime, "-count", "1", "-timeout", "2h"}
	if suite.Window {
		args = append(append([]string{c.display}, args...), strings.Fields(c.windowArgs)...)
	}
	args = append(args, "./"+suite.Dir)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	// An interrupt reaches the children from the terminal; give them time for it.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var printed bytes.Buffer
	cmd.Stdout, cmd.Stderr = &printed, &printed
	if c.verbose {
		both := io.MultiWriter(&printed, os.Stderr)
		cmd.Stdout, cmd.Stderr = both, both
	}
	err := cmd.Run()
	return printed.Bytes(), err
}

// filter keeps the rows that only asks for. A row whose name does not contain it
// stays if it comes from a package that does.
func filter(rows []Row, only string, suites []Suite) []Row {
	for _, suite := range suites {
		if strings.Contains(strings.ToLower(suite.Dir), strings.ToLower(only)) {
			return rows
		}
	}
	kept := rows[:0]
	for _, row := range rows {
		if strings.Contains(strings.ToLower(row.Name), strings.ToLower(only)) {
			kept = append(kept, row)
		}
	}
	return kept
}

// writeTable prints the rows for people.
func writeTable(w io.Writer, rows []Row) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "name\tvalue\tunit\tgoal\tmet")
	goals, met := 0, 0
	for _, row := range rows {
		word := ""
		if row.Met != nil {
			goals++
			word = "NO"
			if *row.Met {
				met++
				word = "yes"
			}
		}
		fmt.Fprintf(table, "%s\t%.4g\t%s\t%s\t%s\n", row.Name, row.Value, row.Unit, row.Goal, word)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d figures, %d of %d goals met\n", len(rows), met, goals)
	return err
}

// writeJSON writes the rows as an array, one a line.
func writeJSON(file string, rows []Row) error {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // goals read "<= 100"
	for i, row := range rows {
		out.WriteString(map[bool]string{true: "[\n", false: ",\n"}[i == 0])
		if err := encoder.Encode(row); err != nil {
			return err
		}
		out.Truncate(out.Len() - 1) // the line feed of Encode
	}
	out.WriteString("\n]\n")
	return os.WriteFile(file, out.Bytes(), 0o644)
}
