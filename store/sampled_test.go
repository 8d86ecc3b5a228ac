package store_test

import "os"

// sampled is at most n of the list, spread over it; all of it in a soak.
func sampled(list []int, n int) []int {
	if soaking() || len(list) <= n {
		return list
	}
	var out []int
	for i := range n {
		out = append(out, list[i*(len(list)-1)/(n-1)])
	}
	return out
}

// soaking: there is time for everything (make soak).
func soaking() bool { return os.Getenv("MAGPIE_SOAK") != "" }
