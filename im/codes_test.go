package im_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"magpie/im"
)

// publishedCodes are the numbers that the interface documents; a person may be
// told any of them.
func publishedCodes() []im.Code {
	return []im.Code{
		1002, 2000, 2001, 2002, 2003, 2022, 2023, 2024, 2025, 2040, 2041, 2100, 2101, 2103, 2105, 2106,
		2108, 2109, 2110, 2111, 2112, 2114, 2115, 2116, 2117, 2251, 2252, 2253, 2300, 2301, 2350, 2351,
		2352, 2400, 2401, 2402, 2403, 2450, 2451, 2452, 2453, 2480, 2481, 2500, 2501, 2502, 2503, 2600,
		2601, 2602, 2603, 2620, 2621, 2622, 2623, 2660, 2661, 2662, 2680, 2681, 2682, 2683, 2684, 2685,
		2686, 2700, 2701, 2710, 2711, 2716, 2721, 2722, 2740, 2741, 2742, 2800, 2801, 2802, 2803, 2804,
		2805, 2900, 2902, 2903, 2905, 2995, 2996, 2997, 2998, 2999, 3000, 3001, 3002, 3003, 3004, 3005,
		3006, 3021, 3122, 3123, 6013, 6014, 6017, 6206, 6208, 6223, 7003, 7004, 7005, 7006, 8001, 8005,
		8501, 8502, 8503, 8504, 8505, 8506, 9506, 9508, 9510, 9520, 9522, 10002, 10003, 10004, 10005,
		10006, 10007, 10008, 10009, 10010, 10011, 10012, 10013, 10014, 10015, 10016, 10017, 10018, 10019,
		10021, 10023, 10024, 10025, 10026, 10030, 10031, 10032, 10033, 10034, 10035, 10036, 10037, 10038,
		10041, 10045, 10053, 10054, 10056, 10058, 20001, 20002, 20003, 20004, 20005, 20006, 20007, 20008,
		20009, 20010, 20011, 20012, 20016, 20018, 20022, 20023, 30001, 30003, 30010, 30515, 30516, 30525,
		30539, 31704, 40001, 40002, 40003, 40004, 40005, 40006, 40007, 40008, 40009, 40601, 40605, 40610,
		50001, 50002, 50003, 50004, 50005, 60002, 60003, 60004, 60005, 60006, 60007, 60008, 60009, 60010,
		60011, 60012, 60013, 60014, 60015, 60016, 60017, 60018, 60021, 70001, 70002, 70003, 70005, 70009,
		70013, 70014, 70016, 70020, 70050, 70051, 70052, 70107, 70114, 70169, 70202, 70206, 70398, 70402,
		70403, 70500, 71000, 80001, 80002, 80003, 90001, 90002, 90003, 90005, 90006, 90007, 90008, 90009,
		90010, 90011, 90012, 90018, 90026, 90030, 90031, 90043, 90044, 90048, 90054, 90055, 90992, 90994,
		90995, 91000, 91101, 93000,
	}
}

// declaredCodes are the constants of codes.go, by name.
func declaredCodes(t *testing.T) map[string]im.Code {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]im.Code{}
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			if len(v.Names) != 1 || len(v.Values) != 1 {
				t.Fatalf("codes.go declares %v in a way this test does not read", v.Names)
			}
			n, err := strconv.Atoi(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes[v.Names[0].Name] = im.Code(n)
		}
	}
	if len(codes) < 80 {
		t.Fatalf("only %d codes were found in codes.go", len(codes))
	}
	return codes
}

func TestEveryCodeHasWords(t *testing.T) {
	codes := publishedCodes()
	for name, c := range declaredCodes(t) {
		if !c.Known() {
			t.Errorf("%s (%d) has no words", name, c)
		}
		codes = append(codes, c)
	}
	slices.Sort(codes)
	for _, c := range slices.Compact(codes) {
		en, zh := c.Message(im.English), c.Message(im.Chinese)
		if !c.Known() {
			t.Errorf("%d has no words", c)
			continue
		}
		if hasHan(en) || !strings.HasSuffix(en, ".") {
			t.Errorf("%d in English: %q", c, en)
		}
		if !hasHan(zh) || !strings.HasSuffix(zh, "。") {
			t.Errorf("%d in Chinese: %q", c, zh)
		}
		// What happened and what to do are two things.
		if strings.Count(en, ". ")+strings.Count(en, "; ") == 0 {
			t.Errorf("%d says one thing only in English: %q", c, en)
		}
		if strings.Count(zh, "，")+strings.Count(zh, "。") < 2 {
			t.Errorf("%d says one thing only in Chinese: %q", c, zh)
		}
		// Calm words: nobody is shouted at.
		if strings.ContainsAny(en+zh, "!！") {
			t.Errorf("%d shouts: %q %q", c, en, zh)
		}
	}
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func TestUnknownCodeIsToldByNumber(t *testing.T) {
	for _, c := range []im.Code{-1, 1, 2907, 20999, 65000, 123456, 130199, 1 << 40} {
		if c.Known() {
			t.Fatalf("%d is known", c)
		}
		for _, l := range []im.Language{im.English, im.Chinese, 7} {
			if s := c.Message(l); !strings.Contains(s, strconv.Itoa(int(c))) {
				t.Errorf("%d: %q", c, s)
			}
		}
	}
}

// The same number must not stand for two things, but for the one pair of the
// interface itself.
func TestCodesAreDistinct(t *testing.T) {
	seen := map[im.Code]string{}
	for name, c := range declaredCodes(t) {
		if other, ok := seen[c]; ok && c != im.CodeEmptyMessage {
			t.Errorf("%s and %s are both %d", name, other, c)
		}
		seen[c] = name
	}
}
