package textlayout

import (
	"fmt"
	"testing"
)

// BenchmarkLayout breaks messages as they occur in a chat, when every letter has
// been measured before.
func BenchmarkLayout(b *testing.B) {
	texts := []string{
		"Looks great. The teal one reads best at 32 px — shipping that.",
		"首页的新图标我放在群文件里了，看看这版。深色模式的图标对比度不够。",
		"ok", "好的，明天见！", "https://example.org/a/path/to/something?with=query",
		"The quick brown fox jumps over the lazy dog, and then it does so once more, because nobody was looking.",
	}
	f := NewFace(mono)
	i := 0
	for b.Loop() {
		f.Layout(texts[i%len(texts)], 480)
		i++
	}
	us := float64(b.Elapsed().Nanoseconds()) / float64(b.N) / 1000
	b.ReportMetric(us, "us/message")
	fmt.Printf("\nBENCH\t%s\t%.4g\t%s\t%s\n", "textlayout/message", us, "us", "-")
}
