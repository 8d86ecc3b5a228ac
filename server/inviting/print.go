package inviting

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"magpie/im"
	"magpie/server"
	"magpie/server/invite"
)

// line is what is printed with --json.
type line struct {
	Open        bool            `json:"open"`
	Trouble     *im.Error       `json:"trouble,omitempty"`
	Hosts       []string        `json:"hosts"`
	Port        int             `json:"port"`
	Fingerprint string          `json:"fingerprint"`
	Link        string          `json:"link,omitempty"`
	By          im.UserID       `json:"by,omitempty"`
	Expires     string          `json:"expires,omitempty"` // RFC 3339, UTC
	Uses        int             `json:"uses,omitempty"`
	Used        int             `json:"used,omitempty"`
	Joined      []server.Joined `json:"joined"`
}

// Print writes how a server stands, in words of a language for what went wrong, or as
// JSON.
func (o Options) Print(w io.Writer, n server.Network, l im.Language) error {
	out := line{Open: n.Open, Trouble: n.Trouble, Hosts: n.Hosts, Port: n.Port, Fingerprint: n.Fingerprint, Joined: n.Joined}
	if out.Joined == nil {
		out.Joined = []server.Joined{}
	}
	if i := n.Invitation; i != nil {
		out.By, out.Expires, out.Uses, out.Used = i.By, time.UnixMilli(i.Expires).UTC().Format(time.RFC3339), i.Uses, i.Used
	}
	link, lerr := Link(n)
	var missing error // a link that should be there
	switch {
	case lerr == nil:
		out.Link = link.String()
	case n.Open && n.Invitation != nil && n.Invitation.Secret != "":
		missing = lerr
	}
	if o.JSON {
		return errors.Join(json.NewEncoder(w).Encode(out), missing)
	}
	words := out.words(l, n.Invitation != nil && n.Invitation.Secret == "")
	if terminal := isTerminal(w); lerr == nil && (o.QR || terminal) {
		c, err := link.Code()
		if err != nil {
			return err
		}
		words += drawn(c, terminal)
	}
	_, err := io.WriteString(w, words)
	return errors.Join(err, missing)
}

// words are the line for people; forgotten says that the secret of the invitation is.
func (o *line) words(l im.Language, forgotten bool) string {
	var b strings.Builder
	switch {
	case o.Open:
		fmt.Fprintf(&b, "open to the network, encrypted, at port %d of %s\n", o.Port, strings.Join(o.Hosts, ", "))
	case o.Trouble != nil:
		fmt.Fprintf(&b, "closed: %s\n", o.Trouble.Message(l))
	default:
		b.WriteString("closed to the network\n")
	}
	if o.Fingerprint != "" {
		fmt.Fprintf(&b, "fingerprint %s\n", o.Fingerprint)
	}
	for _, j := range o.Joined {
		fmt.Fprintf(&b, "joined: %s %s\n", j.User, j.Nick)
	}
	if o.Expires != "" {
		fmt.Fprintf(&b, "%s invites: whoever has the link can make an account until %s", o.By, o.Expires)
		if o.Uses > 0 {
			fmt.Fprintf(&b, ", %d of %d have", o.Used, o.Uses)
		}
		b.WriteString("\n")
		if forgotten {
			b.WriteString("the link cannot be shown again: only who made it knew its secret\n")
		}
	}
	if o.Link != "" {
		b.WriteString(o.Link + "\n")
	}
	return b.String()
}

// isTerminal reports whether what is written is seen at once.
func isTerminal(w io.Writer) bool {
	f, is := w.(*os.File)
	if !is {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// The colours of a code on a terminal, of the palette that themes leave alone: light on
// black. Otherwise it would be read only where the terminal is dark.
const (
	lightOnBlack = "\x1b[38;5;231;48;5;16m"
	usualColours = "\x1b[0m"
)

// drawn is a code as text with its frame, two rows of modules a line. What is light is
// drawn, as on a dark ground.
func drawn(c invite.Code, coloured bool) string {
	const frame = 4
	light := func(x, y int) bool {
		x, y = x-frame, y-frame
		inside := x >= 0 && y >= 0 && x < c.Side() && y < c.Side()
		return !inside || !c.Dark(x, y)
	}
	var b strings.Builder
	for y := 0; y < c.Side()+2*frame; y += 2 {
		if coloured {
			b.WriteString(lightOnBlack)
		}
		for x := range c.Side() + 2*frame {
			below := y+1 < c.Side()+2*frame && light(x, y+1)
			switch {
			case light(x, y) && below:
				b.WriteString("█")
			case light(x, y):
				b.WriteString("▀")
			case below:
				b.WriteString("▄")
			default:
				b.WriteString(" ")
			}
		}
		if coloured {
			b.WriteString(usualColours)
		}
		b.WriteString("\n")
	}
	return b.String()
}
