package imtest

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"

	"magpie/im"
)

// Random makes values of the model. Two with the same seed make the same.
type Random struct{ *rand.Rand }

// New returns a Random that begins at seed.
func New(seed uint64) Random { return Random{rand.New(rand.NewPCG(seed, 1))} }

// text is a string with everything in it that an encoding might get wrong.
func (r Random) text() string {
	pieces := []string{"a", "喜鹊", "🐦‍⬛", "\"", "\\", "<b>&", "\n", "\t", "\x01", "\u2028", "\u202e", "é", "é", "/", "[呲牙]", "\u007f"}
	var b strings.Builder
	for range 1 + r.IntN(6) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

// Payload is any payload, also one of a type that this program does not know,
// with at most depth levels of merged messages.
func (r Random) Payload(depth int) im.Payload {
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
	r.value(v, depth)
	return v.Interface().(im.Payload)
}

// Fill gives what pointer points to a random value, every field of it. Messages
// within messages end after depth levels.
func (r Random) Fill(pointer any, depth int) { r.value(reflect.ValueOf(pointer).Elem(), depth) }

func (r Random) value(v reflect.Value, depth int) {
	switch v.Type() {
	case reflect.TypeFor[im.Message]():
		v.Set(reflect.ValueOf(r.Message(depth - 1)))
		return
	case reflect.TypeFor[im.LastMessage]():
		r.fields(v, depth)
		p := r.Payload(depth - 1)
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
			r.value(v.Elem(), depth)
		}
	case reflect.Slice:
		if depth <= 0 && v.Type().Elem() == reflect.TypeFor[im.Message]() {
			return
		}
		if n := r.IntN(3); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				r.value(v.Index(i), depth)
			}
		}
	case reflect.Map:
		if n := r.IntN(3); n > 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for range n {
				key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				r.value(key, depth)
				r.value(value, depth)
				v.SetMapIndex(key, value)
			}
		}
	case reflect.Struct:
		r.fields(v, depth)
	default:
		panic(fmt.Sprintf("random: a field of type %v", v.Type()))
	}
}

func (r Random) fields(v reflect.Value, depth int) {
	for i := range v.NumField() {
		if v.Field(i).Kind() != reflect.Interface {
			r.value(v.Field(i), depth)
		}
	}
}

// Message is any message, sometimes a recalled one without content. It is
// well-formed JSON but seldom valid.
func (r Random) Message(depth int) im.Message {
	var m im.Message
	r.fields(reflect.ValueOf(&m).Elem(), depth)
	if m.IsRevoked && r.IntN(2) == 0 {
		return m
	}
	m.Payload = r.Payload(depth)
	m.Type = m.Payload.Type()
	return m
}
