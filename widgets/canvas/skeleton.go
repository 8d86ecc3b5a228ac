package canvas

import (
	"time"

	"fyne.io/fyne/v2"
	fcanvas "fyne.io/fyne/v2/canvas"

	"magpie/widgets/theme"
)

// skeletonAfter is how long a conversation may be blank while it is read: after that,
// faded messages stand in the place of those that come.
const skeletonAfter = 100 * time.Millisecond

// skeleton are the faded messages.
type skeleton struct {
	due    bool // it has taken long
	turn   int  // counts the conversations that were opened
	shapes [2 * len(ghosts)]*fcanvas.Rectangle
}

func newSkeleton() *skeleton {
	s := &skeleton{}
	for i := range s.shapes {
		s.shapes[i] = &fcanvas.Rectangle{CornerRadius: theme.RadiusBubble}
		s.shapes[i].Hidden = true
	}
	return s
}

func (s *skeleton) appendTo(os []fyne.CanvasObject) []fyne.CanvasObject {
	for _, r := range s.shapes {
		os = append(os, r)
	}
	return os
}

// await lets the faded messages come if the conversation that was just opened takes
// long to be read.
func (c *Canvas) await() {
	s := c.skeleton
	s.due = false
	s.turn++
	if !c.loads.around {
		return
	}
	turn := s.turn
	c.after(skeletonAfter, func() {
		if s.turn == turn && c.loads.around {
			s.due = true
			c.placeFloats()
			c.refreshAll()
		}
	})
}

// placeSkeleton draws them from the lower edge up, where the newest messages will be.
func (c *Canvas) placeSkeleton(size fyne.Size) {
	s := c.skeleton
	show := s.due && c.open && c.loads.around && len(c.window.entries) == 0
	m := marginX(size.Width)
	room := size.Width - 2*m - avatarSpace
	y := size.Height - theme.CanvasPaddingY
	for i, r := range s.shapes {
		r.Hidden = !show
		g := ghosts[i%len(ghosts)]
		if !show || room <= 0 {
			continue
		}
		w, x, fill := c.snap(room*g.width), m+avatarSpace, theme.BubbleIn
		if g.own {
			x, fill = c.snap(size.Width-m-w), theme.BubbleOut
		}
		y -= g.height
		r.FillColor = faded(theme.Color(fill))
		r.Move(pos(x, c.snap(y)))
		r.Resize(fyne.NewSize(w, g.height))
		y -= rowGap
	}
}
