package theme

// Sizes, in Fyne's units (device pixels at scale 1). Everything sits on a grid
// of [Grid].
const (
	Grid = float32(4)

	TextSize      = float32(14) // text
	SecondarySize = float32(13) // second lines, buttons inside panels, the banner
	MetaSize      = float32(12) // times, labels of fields, tips
	SmallSize     = float32(11) // badges, times in bubbles
	TitleSize     = float32(15) // names in the header, initials
	HeadingSize   = float32(17) // titles of dialogs
	HeroSize      = float32(22) // the name on the welcome screen

	// LineHeight is the height of one line of text of TextSize.
	LineHeight = float32(20)

	RadiusRow    = float32(12) // rows, fields, buttons
	RadiusButton = float32(10) // icon buttons, the search field
	RadiusBubble = float32(14)
	RadiusCard   = float32(22) // the welcome card
	RadiusDialog = float32(20)
	RadiusPill   = float32(10) // day pills, tips
	RadiusBadge  = float32(9)

	AvatarLarge       = float32(40)
	AvatarLargeRadius = float32(12)
	AvatarSmall       = float32(32)
	AvatarSmallRadius = float32(10)

	ListWidth       = float32(304)
	RowHeight       = float32(60)
	ResultHeight    = float32(64) // a row of what was found
	RowGap          = float32(2)
	SideHeadHeight  = float32(58)
	HeaderHeight    = float32(58)
	FieldHeight     = float32(36)
	SearchHeight    = float32(34)
	IconButtonSize  = float32(34)
	ButtonHeight    = float32(40)
	BadgeHeight     = float32(18)
	LineThickness   = float32(1)
	RingWidth       = float32(2) // around what has the keyboard
	CursorWidth     = float32(2)
	DotSize         = float32(12)
	CanvasPaddingX  = float32(20)
	CanvasPaddingY  = float32(14)
	DialogWidth     = float32(420)
	PanelWidth      = float32(264) // the column at the right
	PanelRowHeight  = float32(36)
	PersonRowHeight = float32(44)
	ScrollbarWidth  = float32(6)
	ScrollbarThin   = float32(4)   // the same with no pointer on it
	NarrowBelow     = float32(640) // one column below this width of the window
	BubbleMaxShare  = float32(0.72)
	BubbleMaxWidth  = float32(720) // lines that are longer are hard to read
	ComposerMaxRows = 8

	// SmallButtonHeight is that of buttons in rows of settings.
	SmallButtonHeight = float32(34)

	IconSmall  = float32(16)
	IconMedium = float32(18)
)
