package widgets

import (
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

func somePeople(n int) (people []Person) {
	for i := range n {
		people = append(people, Person{ID: strconv.Itoa(i), Name: "Person " + strconv.Itoa(i), Detail: "user" + strconv.Itoa(i)})
	}
	return people
}

func TestPeopleListByKeysAndPointer(t *testing.T) {
	w := window(t, theme.Light, container.NewStack(), 300, 400)
	l := NewPeopleList()
	w.SetContent(container.NewVBox(l))
	press := func(k fyne.KeyName) bool { return l.Key(&fyne.KeyEvent{Name: k}) }
	if press(fyne.KeyReturn) {
		t.Error("Enter was taken by an empty list")
	}
	var chosen []int
	l.OnChosen = func(i int) { chosen = append(chosen, i) }
	l.SetPeople(somePeople(9))
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyDown, fyne.KeyTab, fyne.KeyUp, fyne.KeyUp, fyne.KeyReturn} {
		if !press(k) {
			t.Errorf("%s was not used", k)
		}
	}
	if bottom := l.scroll.Offset.Y + l.scroll.Size().Height; bottom < 9*personRowHeight-1 {
		t.Errorf("the last row is chosen and not seen: the view ends at %g", bottom)
	}
	if press(fyne.KeyLeft) || press(fyne.KeyEscape) {
		t.Error("keys of the text were taken")
	}
	test.Tap(l.rows[3])
	if len(chosen) != 4 || chosen[0] != 0 || chosen[1] != 1 || chosen[2] != 8 || chosen[3] != 3 {
		t.Errorf("chosen %v", chosen)
	}
	l.SetPeople(somePeople(2)) // begins anew
	press(fyne.KeyReturn)
	if chosen[4] != 0 {
		t.Errorf("chosen %v", chosen)
	}
}

func TestPeopleListLooks(t *testing.T) {
	for name, mode := range map[string]theme.Mode{"light": theme.Light, "dark": theme.Dark} {
		w := window(t, mode, container.NewStack(), 300, 260)
		l := NewPeopleList()
		l.SetPeople([]Person{
			{ID: "all", Name: "Everyone"},
			{ID: "ada", Name: "Ada Okafor", Detail: "ada"},
			{ID: "zhouyu", Name: "周雨", Detail: "zhouyu"},
			{ID: "long", Name: "A name that goes on and on and on", Detail: "somebody"},
			{ID: "bo", Name: "Bo", Detail: "an id that has no end either, however long"},
		})
		w.SetContent(container.NewCenter(l))
		golden(t, w, "people-"+name)
	}
}
