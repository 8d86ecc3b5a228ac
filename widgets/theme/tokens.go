package theme

import (
	"image/color"

	"fyne.io/fyne/v2"
)

// The tokens. Surfaces first, then what is drawn on them.
const (
	Panel  fyne.ThemeColorName = "magpie.panel"  // list, header, composer, dialogs
	Canvas fyne.ThemeColorName = "magpie.canvas" // behind messages
	Field  fyne.ThemeColorName = "magpie.field"  // inputs, secondary buttons, behind the welcome card
	Line   fyne.ThemeColorName = "magpie.line"   // separators of 1 unit
	Tip    fyne.ThemeColorName = "magpie.tip"    // day pills and tips on the canvas, default thumbnails

	Ink   fyne.ThemeColorName = "magpie.ink"   // text
	Ink2  fyne.ThemeColorName = "magpie.ink2"  // secondary text, icons of buttons
	Ink3  fyne.ThemeColorName = "magpie.ink3"  // hints and times, on panel, canvas, field and rows
	Faint fyne.ThemeColorName = "magpie.faint" // ornaments and disabled things; never text that has to be read
	Meta  fyne.ThemeColorName = "magpie.meta"  // times and marks inside bubbles

	Accent      fyne.ThemeColorName = "magpie.accent"      // primary action, waveform
	AccentHover fyne.ThemeColorName = "magpie.accentHover" // the same under the pointer
	OnAccent    fyne.ThemeColorName = "magpie.onAccent"    // text and icons on accent
	Link        fyne.ThemeColorName = "magpie.link"        // accent as text, readable on every surface

	BubbleOut fyne.ThemeColorName = "magpie.bubbleOut"
	BubbleIn  fyne.ThemeColorName = "magpie.bubbleIn"

	Selected fyne.ThemeColorName = "magpie.selected" // the chosen row, a pressed toggle
	Hover    fyne.ThemeColorName = "magpie.hover"    // the row or button under the pointer

	Badge        fyne.ThemeColorName = "magpie.badge"
	OnBadge      fyne.ThemeColorName = "magpie.onBadge"
	BadgeMuted   fyne.ThemeColorName = "magpie.badgeMuted"
	OnBadgeMuted fyne.ThemeColorName = "magpie.onBadgeMuted"

	OK             fyne.ThemeColorName = "magpie.ok"             // presence
	Warn           fyne.ThemeColorName = "magpie.warn"           // text of the banner
	WarnBackground fyne.ThemeColorName = "magpie.warnBackground" // the banner
	Danger         fyne.ThemeColorName = "magpie.danger"         // failure, drafts

	// Menus lie on everything. Where a shadow cannot be seen they are lighter than that.
	Menu     fyne.ThemeColorName = "magpie.menu"
	MenuLine fyne.ThemeColorName = "magpie.menuLine" // between parts of one

	Shade     fyne.ThemeColorName = "magpie.shade"     // over the window, under a dialog
	TextMark  fyne.ThemeColorName = "magpie.textMark"  // behind selected text
	Toast     fyne.ThemeColorName = "magpie.toast"     // the short notice at the bottom
	OnToast   fyne.ThemeColorName = "magpie.onToast"   // its text
	ToastLink fyne.ThemeColorName = "magpie.toastLink" // its action
	Edge      fyne.ThemeColorName = "magpie.edge"      // where scrolled content goes on behind an edge
	Scrollbar fyne.ThemeColorName = "magpie.scrollbar" // the thumb of a scroll bar
	AvatarInk fyne.ThemeColorName = "magpie.avatarInk" // the letter of an avatar

	// The viewer is dark in both variants, as pictures want it.
	Viewer      fyne.ThemeColorName = "magpie.viewer"      // behind the picture
	ViewerBar   fyne.ThemeColorName = "magpie.viewerBar"   // under words over a picture
	ViewerHover fyne.ThemeColorName = "magpie.viewerHover" // under the pointer there
	ViewerInk   fyne.ThemeColorName = "magpie.viewerInk"   // names there
	ViewerInk2  fyne.ThemeColorName = "magpie.viewerInk2"  // buttons and details there
	HitMark     fyne.ThemeColorName = "magpie.hitMark"     // behind what was searched for
	ViewerMark  fyne.ThemeColorName = "magpie.viewerMark"  // around the picture that is shown
	Glass       fyne.ThemeColorName = "magpie.glass"       // over pictures, under text and buttons
	OnGlass     fyne.ThemeColorName = "magpie.onGlass"     // text and icons on glass

	// What takes room on the disk; words say the same beside each.
	UsageVideo   fyne.ThemeColorName = "magpie.usageVideo"
	UsagePicture fyne.ThemeColorName = "magpie.usagePicture"
	UsageFile    fyne.ThemeColorName = "magpie.usageFile"
	UsageVoice   fyne.ThemeColorName = "magpie.usageVoice"
	UsageHistory fyne.ThemeColorName = "magpie.usageHistory"
	UsageOther   fyne.ThemeColorName = "magpie.usageOther"
)

// pair is one token in both variants, kept as interfaces so that asking for a
// colour while drawing allocates nothing.
type pair struct{ light, dark color.Color }

func opaque(light, dark uint32) pair { return pair{rgb(light), rgb(dark)} }

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

func rgba(v uint32, alpha uint8) color.NRGBA {
	c := rgb(v)
	c.A = alpha
	return c
}

// tokens is the palette of design/ui.md. Where that has too little contrast for
// text (Ink2 on tips, Ink3, Warn and Danger, white on the muted badge), the
// value here is the nearest one of the same hue that is readable.
func tokens() map[fyne.ThemeColorName]pair {
	return map[fyne.ThemeColorName]pair{
		Panel:  opaque(0xFFFFFF, 0x161E26),
		Canvas: opaque(0xEEF2F5, 0x0F151B),
		Field:  opaque(0xF4F6F8, 0x10161C),
		Line:   opaque(0xE1E6EB, 0x25303A),
		Tip:    opaque(0xDDE4EA, 0x1B252E),

		Ink:   opaque(0x14202B, 0xE8EEF3),
		Ink2:  opaque(0x566573, 0xA1B2BF),
		Ink3:  opaque(0x606E7D, 0x8698A6),
		Faint: opaque(0x94A1AD, 0x6C7D8B),
		Meta:  opaque(0x566573, 0xADBECB),

		Accent:      opaque(0x0B7A8C, 0x2FB5C7),
		AccentHover: opaque(0x0A6E7E, 0x45C3D4),
		OnAccent:    opaque(0xFFFFFF, 0x06252B),
		Link:        opaque(0x096C7D, 0x49C6D6),

		BubbleOut: opaque(0xD2EEF0, 0x0F4A55),
		BubbleIn:  opaque(0xFFFFFF, 0x1D2731),

		Selected: opaque(0xE3F1F3, 0x1C323A),
		Hover:    opaque(0xF1F5F7, 0x1A242D),

		Badge:        opaque(0xD93A40, 0xD93A40),
		OnBadge:      opaque(0xFFFFFF, 0xFFFFFF),
		BadgeMuted:   opaque(0xAEB9C3, 0x50606D),
		OnBadgeMuted: opaque(0x14202B, 0xFFFFFF),

		OK:             opaque(0x2E9E6B, 0x4CC38A),
		Warn:           opaque(0x8A5A12, 0xE5B454),
		WarnBackground: opaque(0xFFF4DC, 0x3A2E12),
		Danger:         opaque(0xC1282D, 0xFF8F92),

		Menu:     opaque(0xFFFFFF, 0x232F3A),
		MenuLine: opaque(0xE1E6EB, 0x394753),

		Shade:     {rgba(0x000000, 0x66), rgba(0x000000, 0x8C)},
		TextMark:  {rgba(0x0B7A8C, 0x40), rgba(0x2FB5C7, 0x50)},
		Toast:     opaque(0x22303C, 0x2A3743),
		OnToast:   opaque(0xFFFFFF, 0xE8EEF3),
		ToastLink: opaque(0x6FD6E3, 0x6FD6E3),
		Edge:      {rgba(0x14202B, 0x1A), rgba(0x000000, 0x50)},
		Scrollbar: {rgba(0x14202B, 0x48), rgba(0xE8EEF3, 0x48)},
		AvatarInk: opaque(0xFFFFFF, 0xFFFFFF),

		Viewer:      opaque(0x0B0F13, 0x0B0F13),
		ViewerBar:   {rgba(0x0B0F13, 0xD0), rgba(0x0B0F13, 0xD0)},
		ViewerHover: {rgba(0xFFFFFF, 0x1F), rgba(0xFFFFFF, 0x1F)},
		ViewerInk:   opaque(0xE8EEF3, 0xE8EEF3),
		ViewerInk2:  opaque(0x9FB0BE, 0x9FB0BE),
		HitMark:     opaque(0xFFE08A, 0x6B5510),
		ViewerMark:  opaque(0x2FB5C7, 0x2FB5C7),
		Glass:       {rgba(0x000000, 0x99), rgba(0x000000, 0x99)},
		OnGlass:     opaque(0xFFFFFF, 0xFFFFFF),

		UsageVideo:   opaque(0x0B7A8C, 0x2FB5C7),
		UsagePicture: opaque(0xD97706, 0xF0A04B),
		UsageFile:    opaque(0x8B5CF6, 0xA78BFA),
		UsageVoice:   opaque(0x3B7DD8, 0x6BA5F2),
		UsageHistory: opaque(0x7F8D9A, 0x8496A4),
		UsageOther:   opaque(0xA3AFB9, 0x5B6B79),
	}
}
