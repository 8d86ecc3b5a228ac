// Package theme owns every colour and size of the window, light and dark.
//
// [Theme] is a fyne.Theme: the app sets it once, and again after
// [Theme.SetMode]. Widgets ask [Color] and [Icon] when they refresh and use the
// size constants; none of them names a colour or a size of its own, so a change
// here is a change everywhere. Colours of avatars come from [AvatarColor].
//
// Text colours are chosen for contrast: what has to be read has 4.5:1 or more
// on the surfaces it appears on (WCAG 2.1, 1.4.3); the tests hold them to it.
package theme
