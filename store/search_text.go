package store

import (
	"slices"
	"strings"

	"magpie/im"
	"magpie/store/fulltext"
)

// SearchKind is what [SearchQuery].Kinds chooses by.
type SearchKind string

// The kinds. A message is of one of them, and a text with an address is a link
// as well.
const (
	SearchText     SearchKind = "text"
	SearchImage    SearchKind = "image"
	SearchAudio    SearchKind = "audio"
	SearchVideo    SearchKind = "video"
	SearchFile     SearchKind = "file"
	SearchFace     SearchKind = "face"
	SearchLocation SearchKind = "location"
	SearchCustom   SearchKind = "custom"
	SearchMerger   SearchKind = "merger"
	SearchTip      SearchKind = "tip"
	SearchNotice   SearchKind = "notice"
	SearchOther    SearchKind = "other" // of a type that this program does not know
	SearchLink     SearchKind = "link"
)

// kindBits are the kinds that are in the index, by their bits; a change needs a
// new fulltext.Version. A text has none of them, or only the last.
var kindBits = [...]SearchKind{SearchImage, SearchAudio, SearchVideo, SearchFile, SearchFace, SearchLocation, SearchCustom,
	SearchMerger, SearchTip, SearchNotice, SearchOther, SearchLink}

// noText are the kinds that a text is none of.
const noText = fulltext.Kinds(1<<(len(kindBits)-1) - 1)

func kindBit(k SearchKind) fulltext.Kinds {
	if i := slices.Index(kindBits[:], k); i >= 0 {
		return 1 << i
	}
	return 0
}

// SearchKinds are all kinds.
func SearchKinds() []SearchKind { return append([]SearchKind{SearchText}, kindBits[:]...) }

// searchDoc is what the index knows of a message, before it is cut into terms.
type searchDoc struct {
	text    string
	from    im.UserID
	kinds   fulltext.Kinds
	seconds uint32
}

// searchable returns what a message can be found by; false for one that has no
// content: recalled, a hole, or stored nowhere.
func searchable(m *im.Message) (searchDoc, bool) {
	if m.IsRevoked || m.IsPlaceMessage || m.OnlineUserOnly || m.Payload == nil {
		return searchDoc{}, false
	}
	d := searchDoc{text: searchText(m.Payload), from: m.From, seconds: uint32(min(max(m.Time/1000, 0), 1<<32-1))}
	d.kinds = kindBit(payloadKind(m.Payload))
	if _, is := m.Payload.(im.TextPayload); is && hasLink(d.text) {
		d.kinds |= kindBit(SearchLink)
	}
	return d, true
}

func payloadKind(p im.Payload) SearchKind {
	switch p.(type) {
	case im.TextPayload:
		return SearchText
	case im.ImagePayload:
		return SearchImage
	case im.AudioPayload:
		return SearchAudio
	case im.VideoPayload:
		return SearchVideo
	case im.FilePayload:
		return SearchFile
	case im.FacePayload:
		return SearchFace
	case im.LocationPayload:
		return SearchLocation
	case im.CustomPayload:
		return SearchCustom
	case im.MergerPayload:
		return SearchMerger
	case im.GroupTipPayload:
		return SearchTip
	case im.GroupNoticePayload:
		return SearchNotice
	}
	return SearchOther
}

// searchText is what a person read in a message and may remember: the text, the
// name of a file, the description of a place or of another program's message,
// the title and the lines of a forwarded conversation, and of tips and notices
// the names and texts in them. The words around those are not the message's: they
// are in the language of the window, and would find every tip there is.
func searchText(p im.Payload) string {
	switch p := p.(type) {
	case im.TextPayload:
		return p.Text
	case im.FilePayload:
		return p.FileName
	case im.LocationPayload:
		return p.Description
	case im.CustomPayload:
		return p.Description
	case im.MergerPayload:
		return lines(append([]string{p.Title}, p.AbstractList...)...)
	case im.GroupTipPayload:
		var list []string
		for _, u := range append([]im.UserID{p.OperatorID}, p.UserIDList...) {
			list = append(list, p.Names[u])
		}
		if c := p.NewGroupProfile; c != nil {
			for _, s := range []*string{c.Name, c.Introduction, c.Notification} {
				if s != nil {
					list = append(list, *s)
				}
			}
		}
		return lines(list...)
	case im.GroupNoticePayload:
		return lines(p.Names[p.OperatorID], p.GroupProfile.Best(), p.HandleMessage, p.UserDefinedField)
	}
	return ""
}

// lines joins what is not empty, each once.
func lines(list ...string) string {
	var b strings.Builder
	for i, s := range list {
		if s == "" || slices.Contains(list[:i], s) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(s)
	}
	return b.String()
}

func hasLink(text string) bool {
	if !strings.Contains(text, "://") && !strings.Contains(text, "www.") && !strings.Contains(text, "WWW.") {
		return false
	}
	return slices.ContainsFunc(im.ParseText(text, nil), func(r im.Run) bool { return r.Kind == im.RunLink })
}
