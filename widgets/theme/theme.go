package theme

import (
	"image/color"
	"sync/atomic"

	"fyne.io/fyne/v2"
	fynetheme "fyne.io/fyne/v2/theme"
)

// Mode says which variant the window shows.
type Mode int32

// The modes. System follows the desktop's own setting.
const (
	System Mode = iota
	Light
	Dark
)

// Theme is the look of the window. Its methods may be called from any
// goroutine.
type Theme struct {
	mode   atomic.Int32
	colors map[fyne.ThemeColorName]pair
}

// New makes the theme, with the bundled fonts.
func New(mode Mode) *Theme {
	t := &Theme{colors: tokens()}
	t.mode.Store(int32(mode))
	return t
}

// Mode returns the mode set last.
func (t *Theme) Mode() Mode { return Mode(t.mode.Load()) }

// SetMode chooses the variant. The window changes when the app sets the theme
// again (Settings().SetTheme(t)), as Fyne redraws only then.
func (t *Theme) SetMode(m Mode) { t.mode.Store(int32(m)) }

// IsDark reports which variant shows when the desktop asks for variant.
func (t *Theme) IsDark(variant fyne.ThemeVariant) bool {
	switch t.Mode() {
	case Light:
		return false
	case Dark:
		return true
	}
	return variant == fynetheme.VariantDark
}

// Color implements fyne.Theme: it knows the tokens of this package and answers
// Fyne's own names with the token of the same meaning.
func (t *Theme) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	p, ok := t.colors[name]
	if !ok {
		token, known := standardName(name)
		if !known {
			if t.IsDark(variant) {
				variant = fynetheme.VariantDark
			} else {
				variant = fynetheme.VariantLight
			}
			return fynetheme.DefaultTheme().Color(name, variant)
		}
		if token == "" {
			return color.Transparent
		}
		p = t.colors[token]
	}
	if t.IsDark(variant) {
		return p.dark
	}
	return p.light
}

// standardName maps Fyne's names, for the parts of its widgets that the window
// uses (the text of entries, menus, scroll bars). "" stands for nothing to see.
func standardName(name fyne.ThemeColorName) (token fyne.ThemeColorName, ok bool) {
	switch name {
	case fynetheme.ColorNameMenuBackground:
		return Menu, true
	case fynetheme.ColorNameBackground, fynetheme.ColorNameOverlayBackground, fynetheme.ColorNameHeaderBackground:
		return Panel, true
	case fynetheme.ColorNameButton, fynetheme.ColorNameInputBackground, fynetheme.ColorNameDisabledButton:
		return Field, true
	case fynetheme.ColorNameForeground:
		return Ink, true
	case fynetheme.ColorNamePlaceHolder:
		return Ink3, true
	case fynetheme.ColorNameDisabled:
		return Faint, true
	case fynetheme.ColorNamePrimary:
		return Accent, true
	case fynetheme.ColorNameHyperlink:
		return Link, true
	case fynetheme.ColorNameForegroundOnPrimary, fynetheme.ColorNameForegroundOnSuccess,
		fynetheme.ColorNameForegroundOnWarning, fynetheme.ColorNameForegroundOnError:
		return OnAccent, true
	case fynetheme.ColorNameHover:
		return Hover, true
	case fynetheme.ColorNamePressed, fynetheme.ColorNameFocus:
		return Selected, true
	case fynetheme.ColorNameSelection:
		return TextMark, true
	case fynetheme.ColorNameSeparator: // only menus have Fyne's
		return MenuLine, true
	case fynetheme.ColorNameInputBorder, fynetheme.ColorNameScrollBarBackground:
		return "", true
	case fynetheme.ColorNameScrollBar:
		return Scrollbar, true
	case fynetheme.ColorNameShadow:
		return Edge, true
	case fynetheme.ColorNameError:
		return Danger, true
	case fynetheme.ColorNameWarning:
		return Warn, true
	case fynetheme.ColorNameSuccess:
		return OK, true
	}
	return "", false
}

// Font implements fyne.Theme. Chinese and Latin come from one family in both
// weights; only monospaced and symbol text is left to Fyne's own fonts.
func (t *Theme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Monospace, style.Symbol:
		return fynetheme.DefaultTheme().Font(style)
	case style.Bold:
		return bundled[1]
	}
	return bundled[0]
}

// Icon implements fyne.Theme for the icons inside Fyne's own widgets.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource {
	return fynetheme.DefaultTheme().Icon(name)
}

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	switch name {
	case fynetheme.SizeNameText:
		return TextSize
	case fynetheme.SizeNameCaptionText:
		return MetaSize
	case fynetheme.SizeNameSubHeadingText:
		return HeadingSize
	case fynetheme.SizeNameHeadingText:
		return HeroSize
	case fynetheme.SizeNamePadding:
		return Grid
	case fynetheme.SizeNameInnerPadding:
		return 2 * Grid
	case fynetheme.SizeNameLineSpacing:
		return 0
	case fynetheme.SizeNameInputBorder:
		return CursorWidth // Fyne takes this for the cursor of entries too
	case fynetheme.SizeNameInputRadius, fynetheme.SizeNameButtonRadius, fynetheme.SizeNamePopupRadius,
		fynetheme.SizeNameMenuRadius, fynetheme.SizeNameSelectionRadius:
		return RadiusRow
	case fynetheme.SizeNameDialogRadius, fynetheme.SizeNameCardRadius:
		return RadiusDialog
	case fynetheme.SizeNameScrollBar:
		return ScrollbarWidth
	case fynetheme.SizeNameScrollBarSmall:
		return ScrollbarThin
	case fynetheme.SizeNameScrollBarRadius:
		return ScrollbarWidth / 2
	case fynetheme.SizeNameSeparatorThickness, fynetheme.SizeNameSplitThickness:
		return LineThickness
	case fynetheme.SizeNameInlineIcon:
		return IconMedium
	}
	return fynetheme.DefaultTheme().Size(name)
}
