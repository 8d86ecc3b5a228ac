package im_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"

	"magpie/im"
)

// random fills values of any type of the model, so that a new field is tested
// without anybody thinking of it.
type random struct{ *rand.Rand }

func newRandom(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 1))} }

// text is a string with everything in it that an encoding might get wrong.
func (r random) text() string {
	pieces := []string{"a", "喜鹊", "🐦‍⬛", "\"", "\\", "<b>&", "\n", "\t", "\x01", "\u2028", "\u202e", "é", "é", "/", "[呲牙]", "\u007f"}
	var b strings.Builder
	for range 1 + r.IntN(6) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

// payload is any payload, also one of a type that this program does not know.
func (r random) payload(depth int) im.Payload {
	kinds := []im.Payload{
		im.TextPayload{}, im.ImagePayload{}, im.AudioPayload{}, im.VideoPayload{}, im.FilePayload{},
		im.FacePayload{}, im.LocationPayload{}, im.CustomPayload{}, im.MergerPayload{},
		im.GroupTipPayload{}, im.GroupNoticePayload{},
	}
	n := r.IntN(len(kinds) + 1)
	if n == len(kinds) {
		raw, err := json.Marshal(map[string]any{"text": r.text(), "n": r.Int32(), "list": []string{r.text()}})
		if err != nil {
			panic(err)
		}
		return im.UnknownPayload{MessageType: im.MessageType(fmt.Sprintf("Future%dElem", r.IntN(9))), Raw: raw}
	}
	v := reflect.New(reflect.TypeOf(kinds[n])).Elem()
	r.fill(v, depth)
	return v.Interface().(im.Payload)
}

// fill gives v a random value. Messages within messages end at depth 0.
func (r random) fill(v reflect.Value, depth int) {
	switch v.Type() {
	case reflect.TypeFor[im.Message]():
		v.Set(reflect.ValueOf(r.message(depth - 1)))
		return
	case reflect.TypeFor[im.LastMessage]():
		r.fields(v, depth)
		p := r.payload(depth - 1)
		v.FieldByName("Payload").Set(reflect.ValueOf(p))
		v.FieldByName("Type").Set(reflect.ValueOf(p.Type()))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(r.text())
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(r.Uint64()))
	case reflect.Uint64:
		v.SetUint(r.Uint64())
	case reflect.Uint32:
		v.SetUint(uint64(r.Uint32()))
	case reflect.Uint8:
		v.SetUint(uint64(r.Uint32N(256)))
	case reflect.Float64:
		v.SetFloat(r.NormFloat64() * 90)
	case reflect.Pointer:
		if r.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			r.fill(v.Elem(), depth)
		}
	case reflect.Slice:
		if depth <= 0 && v.Type().Elem() == reflect.TypeFor[im.Message]() {
			return
		}
		if n := r.IntN(3); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				r.fill(v.Index(i), depth)
			}
		}
	case reflect.Map:
		if n := r.IntN(3); n > 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for range n {
				key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				r.fill(key, depth)
				r.fill(value, depth)
				v.SetMapIndex(key, value)
			}
		}
	case reflect.Struct:
		r.fields(v, depth)
	default:
		panic(fmt.Sprintf("random: a field of type %v", v.Type()))
	}
}

func (r random) fields(v reflect.Value, depth int) {
	for i := range v.NumField() {
		if v.Field(i).Kind() != reflect.Interface {
			r.fill(v.Field(i), depth)
		}
	}
}

// message is any message, sometimes a recalled one without content.
func (r random) message(depth int) im.Message {
	var m im.Message
	r.fields(reflect.ValueOf(&m).Elem(), depth)
	if m.IsRevoked && r.IntN(2) == 0 {
		return m
	}
	m.Payload = r.payload(depth)
	m.Type = m.Payload.Type()
	return m
}
