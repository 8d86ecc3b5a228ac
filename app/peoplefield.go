package app

import (
	"context"
	"strings"
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/theme"
)

// peopleField is a field for the ids of people that offers, while one types, those who
// are known here by name or id: from chats and from groups. Whoever is not among them is
// typed by the id, as ever.
type peopleField struct {
	m     *mainScreen
	field *widgets.TextField
	list  *widgets.Suggestions
	box   fyne.CanvasObject // both of them, for a form
	// several: ids are divided by commas, and the last one is being typed.
	several bool
	people  []im.Profile
	// closed: a person does not want the list for what is typed now.
	closed string
	// grown is told that the list came or went; taken, which may be nil, that somebody
	// was chosen.
	grown, taken func()
}

// morePeople is how many are offered at once; typing narrows them.
const morePeople = 50

func (m *mainScreen) newPeopleField(label, hint string, several bool) *peopleField {
	p := &peopleField{m: m, several: several, field: widgets.NewTextField(label, hint), list: widgets.NewSuggestions()}
	p.list.Hide()
	p.box = widgets.NewStack(widgets.Item{Object: p.field}, widgets.Item{Above: theme.Grid, Object: p.list})
	p.field.OnChanged = func(string) { p.narrow() }
	p.field.OnKey = p.list.Key
	p.list.OnChosen = func(s widgets.Suggestion) { p.take(s.ID) }
	p.list.OnClosed = func() {
		p.closed = p.field.Text()
		p.narrow()
	}
	client := m.s.client
	beside(m.ctx, func(ctx context.Context) ([]im.Profile, error) { return client.KnownPeople(ctx) }, func(people []im.Profile, err error) {
		if err != nil {
			m.reportQuietly(err) // an id can still be typed
			return
		}
		p.people = people
		p.narrow()
	})
	return p
}

// idBreaks divide ids.
const idBreaks = " ,;，、；\t"

// typed is what is typed of the id or the name that is being looked for, and where it begins.
func (p *peopleField) typed() (part string, from int) {
	text := p.field.Text()
	if p.several {
		if at := strings.LastIndexAny(text, idBreaks); at >= 0 {
			_, size := utf8.DecodeRuneInString(text[at:])
			from = at + size
		}
	}
	return strings.ToLower(strings.TrimSpace(text[from:])), from
}

// narrow offers who fits. One whose id is written out needs no list.
func (p *peopleField) narrow() {
	part, _ := p.typed()
	var items []widgets.Suggestion
	if part != "" && p.closed != p.field.Text() {
		for _, fit := range fitting(part, p.people, func(who *im.Profile) (name, id string) {
			return p.name(who), string(who.UserID)
		}) {
			who := &fit.of
			if strings.EqualFold(string(who.UserID), part) {
				items = nil
				break
			}
			if (who.UserID != p.m.me || !p.several) && len(items) < morePeople {
				items = append(items, widgets.Suggestion{
					ID: string(who.UserID), Name: p.name(who), Detail: string(who.UserID), Avatar: string(who.UserID),
					Picture: p.m.pictures.avatar(who.Avatar), Online: p.m.isOnline(who.UserID),
				})
			}
		}
	}
	if len(items) == 0 && !p.list.Visible() {
		return
	}
	p.list.SetItems(items)
	p.list.Hidden = len(items) == 0
	if p.grown != nil {
		p.grown()
	}
}

// name is what somebody is called here.
func (p *peopleField) name(who *im.Profile) string {
	if row, known := p.m.row(im.C2C(who.UserID)); known {
		return p.m.name(&row)
	}
	return who.Name()
}

// take writes the id of somebody who was chosen in the place of what was typed.
func (p *peopleField) take(id string) {
	_, from := p.typed()
	text := p.field.Text()[:from] + id
	if p.several {
		text += ", "
	}
	p.field.SetText(text)
	p.narrow()
	p.field.Focus()
	if p.taken != nil {
		p.taken()
	}
}
