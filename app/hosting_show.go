package app

import (
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/i18n"
	"magpie/im"
	"magpie/server"
	"magpie/server/invite"
	"magpie/server/inviting"
)

// show shows how things stand.
func (h *hosting) show(now server.Network) {
	h.now = now
	h.m.learnNetwork(now)
	h.welcomeNew(now.Joined)
	h.open.Set(now.Open || now.Wanted)
	link, err := inviting.Link(now)
	linked := now.Open && err == nil
	if linked {
		h.showLink(link)
	} else {
		h.link = ""
		h.card.SetLink("", nil)
	}
	h.card.SetWords(h.words(err))
	renewable, taken := now.Open && len(now.Hosts) > 0, h.portTaken()
	setShown(h.copy, linked)
	setShown(h.renew, renewable)
	setShown(h.other, taken)
	h.card.ShowButtons(renewable || taken)
	h.card.ShowMore(now.Open)
	h.valid.SetNote(h.until())
	h.fingerprint.SetNote(h.forPeople())
	h.row.SetNote(h.note())
	h.card.SetHint(h.hint(linked))
	h.sheet.SetFoot(h.foot())
}

func setShown(o fyne.CanvasObject, yes bool) {
	if yes {
		o.Show()
	} else {
		o.Hide()
	}
}

// portTaken reports whether another program has the port.
func (h *hosting) portTaken() bool {
	return h.now.Trouble != nil && h.now.Trouble.Code == im.CodePortInUse
}

// words are what stands in place of a link that cannot be shown for a reason.
func (h *hosting) words(noLink error) string {
	tr, now := h.m.tr, h.now
	switch {
	case h.portTaken():
		return tr.F("hosting.portTaken", i18n.Args{"Port": now.Port})
	case now.Trouble != nil:
		return tr.Error(now.Trouble)
	case now.Damaged:
		return tr.T("hosting.damaged")
	case !now.Open:
		return tr.T("hosting.closedText")
	case len(now.Hosts) == 0:
		return tr.T("hosting.noNetwork")
	case now.Invitation == nil:
		return tr.T("hosting.noLink")
	case noLink != nil:
		return tr.F("hosting.oldLink", i18n.Args{"When": h.when(now.Invitation.Expires)})
	}
	return ""
}

// note says beside the switch where the server is found.
func (h *hosting) note() string {
	switch now := h.now; {
	case !now.Open:
		return h.m.tr.T("hosting.closed")
	case len(now.Hosts) == 0:
		return h.m.tr.F("hosting.atPort", i18n.Args{"Port": now.Port})
	default:
		return h.m.tr.F("hosting.at", i18n.Args{"Host": now.Hosts[0], "Port": now.Port})
	}
}

// hint helps while nobody has come.
func (h *hosting) hint(linked bool) string {
	if !linked || len(h.now.Joined) > 0 {
		return ""
	}
	return h.m.tr.F("hosting.firewall", i18n.Args{"Port": h.now.Port})
}

// foot says who has joined.
func (h *hosting) foot() string {
	if len(h.now.Joined) == 0 {
		return ""
	}
	var names []string
	for _, j := range h.now.Joined {
		p := im.Profile{UserID: j.User, Nick: j.Nick}
		names = append(names, p.Name())
	}
	return h.m.tr.N("hosting.joined", len(names), i18n.Args{"Names": strings.Join(names, h.m.tr.T("hosting.comma"))})
}

// forPeople is the fingerprint to compare with what the other side shows.
func (h *hosting) forPeople() string {
	f, err := invite.ParseFingerprint(h.now.Fingerprint)
	if err != nil {
		return ""
	}
	return f.ForPeople()
}

// until says how long the present link works.
func (h *hosting) until() string {
	if h.now.Invitation == nil {
		return ""
	}
	return h.m.tr.F("hosting.until", i18n.Args{"When": h.when(h.now.Invitation.Expires)})
}

// when is the end of an invitation in words.
func (h *hosting) when(ms int64) string {
	return timeWords{h.m.tr, h.m.app.now}.until(time.UnixMilli(ms))
}

// showLink shows a link, short enough to be looked at, and its code.
func (h *hosting) showLink(link invite.Invitation) {
	full := link.String()
	if h.link == full {
		return
	}
	code, err := link.Code()
	if err != nil {
		h.sheet.SetProblem(h.m.tr.Error(err))
		return
	}
	h.link = full
	h.copy.SetText(h.m.tr.T("hosting.copy"))
	h.card.SetLink(shortLink(link), code)
}

// shortLink is a link with the middles of what nobody reads left out. It is for looking
// at only.
func shortLink(i invite.Invitation) string {
	before, _, _ := strings.Cut(i.String(), "#")
	fp := strings.ToUpper(i.Fingerprint.String())
	return fmt.Sprintf("%s#k=%s…%s&fp=%s…%s", before, i.Secret[:3], i.Secret[len(i.Secret)-2:], fp[:4], fp[len(fp)-4:])
}

// welcomeNew puts those who joined while the sheet is open into the list of
// conversations, to be written to.
func (h *hosting) welcomeNew(joined []server.Joined) {
	first := h.known == nil
	if first {
		h.known = map[im.UserID]bool{}
	}
	for _, j := range joined {
		if h.known[j.User] {
			continue
		}
		h.known[j.User] = true
		if !first {
			h.m.listPerson(j.User, nil)
		}
	}
}
