package uitest

// Text is a text on the screen: its place and size in pixels of the window.
type Text struct {
	Text       string
	X, Y, W, H float32
}
