// Package icctest makes ICC profiles for tests.
package icctest

import (
	"encoding/binary"
	"math"
)

// tag is one entry of a profile.
type tag struct {
	name string
	data []byte
}

// The colours of the primaries of each space, as X, Y and Z under D50.
var (
	p3 = [3][3]float64{{0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}}
	a9 = [3][3]float64{{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}
	s  = [3][3]float64{{0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.71410}}
)

// DisplayP3 is the profile of the screens of phones.
func DisplayP3() []byte { return coloured(p3, srgbCurve()) }

// AdobeRGB is the one that cameras use.
func AdobeRGB() []byte { return coloured(a9, gamma(563.0/256)) }

// SRGB is the one that changes nothing.
func SRGB() []byte { return coloured(s, srgbCurve()) }

// Swapped is one by which red is blue, and blue is red.
func Swapped() []byte { return coloured([3][3]float64{s[2], s[1], s[0]}, srgbCurve()) }

// Grey is one of pictures without colours.
func Grey(power float64) []byte {
	return profile("GRAY", []tag{{"wtpt", xyz(0.9642, 1, 0.8249)}, {"kTRC", gamma(power)}})
}

func coloured(primaries [3][3]float64, curve []byte) []byte {
	tags := []tag{{"wtpt", xyz(0.9642, 1, 0.8249)}}
	for i, name := range []string{"r", "g", "b"} {
		tags = append(tags, tag{name + "XYZ", xyz(primaries[i][0], primaries[i][1], primaries[i][2])}, tag{name + "TRC", curve})
	}
	return profile("RGB ", tags)
}

// profile puts one together (ICC.1:2022, 7).
func profile(space string, tags []tag) []byte {
	b := make([]byte, 128, 1024)
	b[8], b[9] = 4, 0x30
	copy(b[12:], "mntr")
	copy(b[16:], space)
	copy(b[20:], "XYZ ")
	copy(b[36:], "acsp")
	for i, v := range []float64{0.9642, 1, 0.8249} {
		binary.BigEndian.PutUint32(b[68+4*i:], fixed(v))
	}
	b = binary.BigEndian.AppendUint32(b, uint32(len(tags)))
	at := len(b) + 12*len(tags)
	var data []byte
	for _, t := range tags {
		b = append(b, t.name...)
		b = binary.BigEndian.AppendUint32(b, uint32(at+len(data)))
		b = binary.BigEndian.AppendUint32(b, uint32(len(t.data)))
		data = append(data, t.data...)
		for len(data)%4 != 0 {
			data = append(data, 0)
		}
	}
	b = append(b, data...)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

// fixed is s15Fixed16Number.
func fixed(v float64) uint32 { return uint32(int32(math.Round(v * 65536))) }

func xyz(x, y, z float64) []byte { return numbers("XYZ \x00\x00\x00\x00", x, y, z) }

func numbers(head string, list ...float64) []byte {
	b := []byte(head)
	for _, v := range list {
		b = binary.BigEndian.AppendUint32(b, fixed(v))
	}
	return b
}

// gamma is a curve of one power, srgbCurve that of sRGB (10.18: function 0 and 3).
func gamma(power float64) []byte {
	return numbers("para\x00\x00\x00\x00\x00\x00\x00\x00", power)
}

func srgbCurve() []byte {
	return numbers("para\x00\x00\x00\x00\x00\x03\x00\x00", 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)
}
