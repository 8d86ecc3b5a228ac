package standard

import (
	"math"
	"math/rand/v2"
	"sort"
	"strings"
)

// lexicon draws words with the frequencies of a language: that of the word of
// rank k is about 1/k (Zipf).
type lexicon struct {
	words []string
	sums  []float64 // of the weights up to each word
}

func newLexicon(words []string) *lexicon {
	l := &lexicon{words: words, sums: make([]float64, len(words))}
	sum := 0.0
	for i := range words {
		sum += 1 / math.Pow(float64(i)+4, 0.97)
		l.sums[i] = sum
	}
	return l
}

func (l *lexicon) draw(r *rand.Rand) string {
	at := r.Float64() * l.sums[len(l.sums)-1]
	return l.words[sort.SearchFloat64s(l.sums, at)]
}

// lexiconSeed is not that of the corpus: the language stays the same.
const lexiconSeed = 20160101

// chineseLexicon is the common words of the list, and behind them 40,000 made of
// two or three common characters, which stand for the names, places, products
// and rare words of real chat.
func chineseLexicon() *lexicon {
	words := strings.Fields(chineseWords)
	characters := []rune(strings.Join(strings.Fields(chineseCharacters), ""))
	r := rand.New(rand.NewPCG(lexiconSeed, 1))
	// Common characters are in more words than rare ones.
	pick := func() rune { return characters[int(float64(len(characters))*math.Pow(r.Float64(), 1.6))] }
	for range 40_000 {
		w := string([]rune{pick(), pick()})
		if r.IntN(5) == 0 {
			w += string(pick())
		}
		words = append(words, w)
	}
	return newLexicon(words)
}

// englishLexicon is the common words of the list, and behind them 15,000 made
// of syllables.
func englishLexicon() *lexicon {
	words := strings.Fields(englishWords)
	parts := strings.Fields(englishSyllables)
	r := rand.New(rand.NewPCG(lexiconSeed, 2))
	for range 15_000 {
		var w strings.Builder
		for range 2 + r.IntN(3) {
			w.WriteString(parts[r.IntN(len(parts))])
		}
		words = append(words, w.String())
	}
	return newLexicon(words)
}
