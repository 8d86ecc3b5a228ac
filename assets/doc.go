// Package assets holds everything the window shows that is not made by people:
// fonts, icons, default thumbnails and the words of the interface.
//
// Files lie beside the code and are embedded; nothing is read from the disk or
// the network at run time. The package knows neither Fyne nor the model: it
// hands out bytes. Colours are not its business either: icons are drawn in
// "currentColor", which [magpie/widgets/theme] replaces.
//
// The fonts are made by scripts/fonts/make.sh, the application icon by
// scripts/icon/make.sh; both give the same bytes every time.
package assets
