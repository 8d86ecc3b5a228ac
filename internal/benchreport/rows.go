package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Row is one figure. Met is nil when there is no goal.
type Row struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
	Goal  string  `json:"goal"`
	Met   *bool   `json:"met"`
}

const marker = "BENCH\t"

// parseRows reads the figures in what go test printed, sorted by name. The error
// tells of every line that begins like a figure and is none; the other rows are
// returned all the same.
func parseRows(output []byte) ([]Row, error) {
	byName := map[string]Row{}
	var bad []error
	lines := bufio.NewScanner(bytes.NewReader(output))
	lines.Buffer(nil, len(output)+1)
	for lines.Scan() {
		line, ok := strings.CutPrefix(lines.Text(), marker)
		if !ok {
			continue
		}
		row, err := parseRow(line)
		if err != nil {
			bad = append(bad, fmt.Errorf("%q: %w", lines.Text(), err))
			continue
		}
		byName[row.Name] = row
	}
	bad = append(bad, lines.Err())

	rows := make([]Row, 0, len(byName))
	for _, row := range byName {
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b Row) int { return strings.Compare(a.Name, b.Name) })
	return rows, errors.Join(bad...)
}

// parseRow reads what follows the marker.
func parseRow(line string) (Row, error) {
	fields := strings.Split(strings.TrimRight(line, "\r"), "\t")
	if len(fields) != 4 {
		return Row{}, fmt.Errorf("%d fields, want name, value, unit, goal", len(fields))
	}
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	row := Row{Name: fields[0], Unit: fields[2], Goal: fields[3]}
	if row.Name == "" || row.Unit == "" {
		return Row{}, errors.New("the name or the unit is empty")
	}
	var err error
	if row.Value, err = parseNumber(fields[1]); err != nil {
		return Row{}, fmt.Errorf("value: %w", err)
	}
	if row.Met, err = meets(row.Value, row.Goal); err != nil {
		return Row{}, fmt.Errorf("goal: %w", err)
	}
	return row, nil
}

// meets compares value with goal; nil stands for no goal.
func meets(value float64, goal string) (*bool, error) {
	if goal == "-" {
		return nil, nil
	}
	compare, bound, ok := strings.Cut(goal, " ")
	if !ok {
		return nil, fmt.Errorf("%q is neither \"-\" nor a comparison and a number", goal)
	}
	limit, err := parseNumber(bound)
	if err != nil {
		return nil, err
	}
	var met bool
	switch compare {
	case "<=":
		met = value <= limit
	case ">=":
		met = value >= limit
	case "<":
		met = value < limit
	case ">":
		met = value > limit
	case "=":
		met = value == limit
	default:
		return nil, fmt.Errorf("%q is no comparison", compare)
	}
	return &met, nil
}

// parseNumber reads a finite decimal number.
func parseNumber(s string) (float64, error) {
	n, err := strconv.ParseFloat(s, 64)
	if err == nil && (math.IsNaN(n) || math.IsInf(n, 0)) {
		err = fmt.Errorf("%q is not finite", s)
	}
	return n, err
}
