package canvas

import (
	"image"
	"image/color"
	"math"
	"strconv"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"magpie/widgets/theme"
)

// peaks are those of the voice note of the design's first picture.
func peaks(n int) []byte {
	p := make([]byte, n)
	for i := range p {
		x := float64(i)
		p[i] = byte(20 + 200*math.Abs(math.Sin(x*0.7)*math.Cos(x*0.23+1)))
	}
	return p
}

// media makes an item of a kind.
func media(n uint64, who string, kind Kind, minute int, m Media) Item {
	it := said(n, who, "", start0.Add(time.Duration(minute)*time.Minute))
	it.Kind, it.Media = kind, &m
	return it
}

// scene is the thumbnail of the design's pictures: a slope under a sky, or a dusk.
func scene(w, h int, dusk bool) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	mix := func(a, b color.RGBA, t float64) color.RGBA {
		part := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*min(max(t, 0), 1)) }
		return color.RGBA{part(a.R, b.R), part(a.G, b.G), part(a.B, b.B), 255}
	}
	for y := range h {
		for x := range w {
			fx, fy := float64(x)/float64(w), float64(y)/float64(h)
			c := mix(color.RGBA{0x7c, 0xc5, 0xd9, 255}, color.RGBA{0xcf, 0xe8, 0xe6, 255}, (fx+3*fy)/2)
			if d := fx + 2*fy; dusk {
				c = mix(color.RGBA{0x22, 0x36, 0x4a, 255}, color.RGBA{0xc9, 0x7f, 0x4e, 255}, d/3)
			} else if d > 1.3 {
				c = mix(color.RGBA{0xe7, 0xc9, 0x8f, 255}, color.RGBA{0xa8, 0x76, 0x3e, 255}, (d-1.3)/1.7)
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// album answers what there is of pictures in the tests.
type album struct {
	has   map[Key]Thumbnail
	asked []Key
	sizes map[Key]image.Point
}

func (a *album) thumb(k Key, w, h int) Thumbnail {
	a.asked = append(a.asked, k)
	if a.sizes == nil {
		a.sizes = make(map[Key]image.Point)
	}
	a.sizes[k] = image.Pt(w, h)
	return a.has[k]
}

// gallery is the conversation of the design's first picture.
func gallery() ([]Item, *album) {
	items := []Item{
		said(1, "周雨", "首页的新图标我放在群文件里了，看看这版[呲牙]", start0),
		media(2, "周雨", KindImage, 1, Media{Width: 230, Height: 150}),
		said(3, "", "Looks great. The teal one reads best at 32 px — shipping that.", start0.Add(9*time.Minute)),
		media(4, "", KindFile, 10, Media{Name: "icons-final.fig", Tag: "FIG", Size: 31_400_000, Here: true}),
		media(5, "Lin", KindVoice, 17, Media{Duration: 14 * time.Second, Peaks: peaks(100)}),
		media(6, "Lin", KindVideo, 18, Media{Width: 230, Height: 120, Duration: 42 * time.Second, Size: 12_000_000}),
	}
	items[2].State, items[3].State = StateRead, StateSending
	return items, &album{has: map[Key]Thumbnail{
		"m2": {Image: scene(230, 150, false), State: ThumbHere},
		"m6": {Image: scene(230, 120, true), State: ThumbHere},
	}}
}

func galleryState(c *Canvas) {
	c.SetTransfer("m4", &Transfer{Done: 18_200_000, Total: 31_400_000})
	c.SetPlaying("m5", Playing{Shown: true, Playing: true, At: 5 * time.Second, Length: 14 * time.Second, Speed: 1.5})
}

func TestGoldenGallery(t *testing.T) {
	for name, mode := range map[string]theme.Mode{"gallery": theme.Light, "gallery-dark": theme.Dark} {
		items, a := gallery()
		c, w := show(t, mode, 816, 626, Options{Thumbnails: a.thumb})
		openItems(c, items, 3, 4)
		galleryState(c)
		test.AssertImageMatches(t, name+".png", w.Canvas().Capture())
	}
}

// sounds are voice notes in all states, files those of files, pictures those of
// pictures and videos.
func sounds() ([]Item, func(*Canvas)) {
	items := []Item{
		media(1, "周雨", KindVoice, 0, Media{Duration: 14 * time.Second, Peaks: peaks(100), Unheard: true}),
		media(2, "周雨", KindVoice, 1, Media{Duration: 10 * time.Minute}),
		media(3, "Lin", KindVoice, 2, Media{Duration: 7 * time.Second, Peaks: peaks(12), Unheard: true}),
		media(4, "Lin", KindVoice, 3, Media{Duration: 62 * time.Second, Peaks: peaks(60)}),
		media(5, "", KindVoice, 4, Media{Duration: 3 * time.Second, Peaks: peaks(40), Here: true}),
		media(6, "", KindVoice, 5, Media{Duration: 9 * time.Second, Peaks: peaks(100), Here: true}),
		media(0, "", KindVoice, 6, Media{Duration: 9 * time.Second, Peaks: peaks(80), Here: true}),
		media(0, "", KindVoice, 6, Media{Duration: 29 * time.Second, Peaks: peaks(90), Here: true}),
	}
	items[4].State = StateRead
	items[6].Key, items[6].Order, items[6].State = "w", 1, StateWaiting
	items[7].Key, items[7].Order, items[7].State = "f", 2, StateFailed
	return items, func(c *Canvas) {
		c.SetTransfer("m3", &Transfer{Download: true, Done: 30, Total: 100})
		c.SetTransfer("m4", &Transfer{Download: true, Failed: "the file is not on the server any more"})
		c.SetPlaying("m6", Playing{Shown: true, At: 3 * time.Second, Length: 9 * time.Second, Speed: 2})
	}
}

func files() ([]Item, func(*Canvas)) {
	items := []Item{
		media(1, "Lin", KindFile, 0, Media{Name: "contract-v3.pdf", Tag: "PDF", Size: 1_204_000}),
		media(2, "Lin", KindFile, 1, Media{Name: "首页图标与插画的最终版本（含深色模式和两倍图）以及所有源文件-2026-11-23-已确认.zip", Tag: "ZIP", Size: 48_000_000, Here: true}),
		media(3, "周雨", KindFile, 2, Media{Name: "a_very_long_name_that_somebody_gave_to_a_file_to_say_all_there_is_to_say_final_FINAL_v12.docx", Tag: "DOCX", Size: 2_400_000}),
		media(4, "周雨", KindFile, 3, Media{Name: "Makefile", Size: 31_400_000}),
		media(5, "", KindFile, 4, Media{Name: "icons-final.fig", Tag: "FIG", Size: 31_400_000, Here: true}),
		media(6, "", KindFile, 5, Media{Name: "nothing-is-known", Tag: "M4A"}),
		media(0, "", KindFile, 6, Media{Name: "数据.csv", Tag: "CSV", Size: 31_400_000, Here: true}),
		media(0, "", KindFile, 6, Media{Name: "Vertrag – endgültig.pdf", Tag: "PDF", Size: 800_000, Here: true}),
	}
	items[4].State = StateRead
	items[6].Key, items[6].Order, items[6].State = "w", 1, StateWaiting
	items[7].Key, items[7].Order, items[7].State = "f", 2, StateFailed
	items[7].Reason = "files may have 100 MB"
	return items, func(c *Canvas) {
		c.SetTransfer("m3", &Transfer{Download: true, Done: 1_400_000, Total: 2_400_000})
		c.SetTransfer("m4", &Transfer{Download: true, Failed: "there is no room left on the disk for it"})
		c.SetTransfer("m6", &Transfer{Download: true, Done: 3_000_000, Total: 31_400_000, Paused: true})
		c.SetTransfer("w", &Transfer{Done: 18_200_000, Total: 31_400_000})
	}
}

// Films that go as files show what is in them on their tile; the one whose still has not
// been decoded, what they are.
func TestGoldenFilmsAsFiles(t *testing.T) {
	a := &album{has: map[Key]Thumbnail{
		"m1": {Image: scene(40, 40, true), State: ThumbNone}, "m3": {Image: scene(112, 63, false), State: ThumbNone},
	}}
	for name, mode := range map[string]theme.Mode{"films": theme.Light, "films-dark": theme.Dark} {
		c, w := show(t, mode, 480, 300, Options{Thumbnails: a.thumb})
		openItems(c, []Item{
			media(1, "Lin", KindFile, 0, Media{Name: "IMG_2044.MOV", Tag: "MOV", Size: 31_400_000, Still: true}),
			media(2, "Lin", KindFile, 1, Media{Name: "clip.webm", Tag: "WEBM", Size: 2_400_000, Still: true}),
			media(3, "", KindFile, 2, Media{Name: "a film with a long name that somebody gave it to say everything.mkv", Tag: "MKV", Size: 44_000_000, Still: true, Here: true}),
		}, 0, 0)
		test.AssertImageMatches(t, name+".png", w.Canvas().Capture())
	}
}

func pictures() ([]Item, *album, func(*Canvas)) {
	items := []Item{
		media(1, "Lin", KindImage, 0, Media{}),
		media(2, "Lin", KindImage, 1, Media{Width: 4000, Height: 2000}),
		media(3, "周雨", KindImage, 2, Media{Width: 16, Height: 16}),
		media(4, "周雨", KindImage, 3, Media{Width: 9000, Height: 100}),
		media(5, "周雨", KindVideo, 4, Media{Width: 1080, Height: 1920, Duration: 61 * time.Second, Size: 44_000_000}),
		media(6, "周雨", KindVideo, 5, Media{Width: 640, Height: 480, Duration: 5 * time.Second, Size: 2_000_000}),
		media(7, "", KindImage, 6, Media{Width: 300, Height: 200, Here: true}),
		media(8, "", KindImage, 7, Media{Width: 300, Height: 200, Here: true}),
		media(9, "", KindVideo, 8, Media{Width: 50, Height: 20, Duration: 5 * time.Second, Size: 9_000_000, Here: true}),
		media(0, "", KindVideo, 9, Media{Duration: 5 * time.Second, Size: 9_000_000, Here: true}),
	}
	items[6].State = StateSending
	items[7].State = StateRead
	items[8].State = StateRead
	items[9].Key, items[9].Order, items[9].State = "f", 1, StateFailed
	a := &album{has: map[Key]Thumbnail{
		"m1": {State: ThumbBroken}, "m2": {Image: scene(16, 8, false), State: ThumbComing, Blurred: true}, "m4": {Image: scene(320, 240, true), State: ThumbHere},
		"m5": {Image: scene(135, 240, true), State: ThumbHere}, "m7": {Image: scene(300, 200, false), State: ThumbHere},
		"m8": {Image: translucent(), State: ThumbHere},
	}}
	return items, a, func(c *Canvas) {
		c.SetTransfer("m5", &Transfer{Download: true, Done: 11_000_000, Total: 44_000_000})
		c.SetTransfer("m6", &Transfer{Download: true, Failed: "the server does not answer"})
		c.SetTransfer("m7", &Transfer{Done: 2_000_000, Total: 3_000_000})
	}
}

// translucent is a disk on nothing.
func translucent() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for y := range 200 {
		for x := range 300 {
			if math.Hypot(float64(x-150), float64(y-100)) < 80 {
				m.SetRGBA(x, y, color.RGBA{0xd9, 0x3a, 0x40, 255})
			}
		}
	}
	return m
}

func TestGoldenMedia(t *testing.T) {
	heard, hear := sounds()
	sent, send := files()
	seen, a, see := pictures()
	var some []Item
	for i, it := range []Item{heard[0], heard[2], sent[2], heard[4], seen[0], seen[6], seen[7]} {
		it.Sequence = uint64(i + 1)
		it.Key = Key("m" + strconv.Itoa(i+1))
		it.Time = start0.Add(time.Duration(i) * time.Minute)
		some = append(some, it)
	}
	for _, g := range []struct {
		name  string
		mode  theme.Mode
		w, h  float32
		scale float32
		items []Item
		state func(*Canvas)
	}{
		{"voice", theme.Light, 600, 660, 1, heard, hear},
		{"voice-dark", theme.Dark, 600, 660, 1, heard, hear},
		{"voice-narrow", theme.Light, 300, 700, 1, heard, hear},
		{"files", theme.Light, 600, 710, 1, sent, send},
		{"files-dark", theme.Dark, 600, 710, 1, sent, send},
		{"files-narrow", theme.Light, 300, 760, 1, sent, send},
		{"pictures", theme.Light, 480, 1560, 1, seen, see},
		{"pictures-dark", theme.Dark, 480, 1560, 1, seen, see},
		{"media-scaled", theme.Light, 480, 850, 2, some, func(c *Canvas) {
			c.SetTransfer("m2", &Transfer{Download: true, Done: 1, Total: 3})
			c.SetTransfer("m3", &Transfer{Download: true, Done: 1_400_000, Total: 2_400_000})
			c.SetPlaying("m4", Playing{Shown: true, At: 3 * time.Second, Speed: 1.5})
			c.SetTransfer("m6", &Transfer{Done: 2_000_000, Total: 3_000_000})
		}},
	} {
		t.Run(g.name, func(t *testing.T) {
			c, w := show(t, g.mode, g.w, g.h, Options{Thumbnails: a.thumb})
			if g.scale != 1 {
				w.Canvas().(interface{ SetScale(float32) }).SetScale(g.scale)
				w.Resize(fyne.NewSize(g.w, g.h))
			}
			openItems(c, g.items, 0, 0)
			g.state(c)
			test.AssertImageMatches(t, g.name+".png", w.Canvas().Capture())
		})
	}
}

// In Chinese, at the width of half a screen.
func TestGoldenMediaChinese(t *testing.T) {
	words := english()
	words.Waiting, words.Failed, words.NotSent, words.Resend = "等待中", "失败", "未发送", "重发"
	words.NotSentBecause = func(reason string) string { return "未发送：" + reason }
	words.Day = func(time.Time) string { return "11月23日" }
	words.Progress = func(done, total int64) string { return "18.2 / 31.4 MB · 58%" }
	words.Paused = func(done, total int64) string { return "已暂停 · 58%" }
	items := []Item{
		media(1, "设计小组里名字特别长的一位同事", KindVoice, 0, Media{Duration: 14 * time.Second, Peaks: peaks(100), Unheard: true}),
		media(2, "设计小组里名字特别长的一位同事", KindVoice, 1, Media{Duration: 62 * time.Second}),
		media(3, "周雨", KindFile, 2, Media{Name: "二〇二六年第四季度运营周会纪要与后续安排（全员版）.docx", Tag: "DOCX", Size: 31_400_000}),
		media(4, "周雨", KindVideo, 3, Media{Width: 320, Height: 180, Duration: 42 * time.Second, Size: 12_000_000}),
		media(0, "", KindImage, 4, Media{Width: 200, Height: 140, Here: true}),
		media(0, "", KindFile, 5, Media{Name: "图标.zip", Tag: "ZIP", Size: 31_400_000, Here: true}),
	}
	items[4].Key, items[4].Order, items[4].State = "w", 1, StateWaiting
	items[5].Key, items[5].Order, items[5].State, items[5].Reason = "f", 2, StateFailed, "文件不能超过 100 MB"
	c, w := show(t, theme.Light, 480, 690, Options{Words: words, Thumbnails: func(k Key, w, h int) Thumbnail {
		if k != "w" {
			return Thumbnail{}
		}
		return Thumbnail{Image: scene(w, h, false), State: ThumbHere}
	}})
	openItems(c, items, 0, 0)
	c.SetTransfer("m2", &Transfer{Download: true, Failed: "文件已不在服务器上，请让对方重新发送一次"})
	c.SetTransfer("m3", &Transfer{Download: true, Done: 58, Total: 100})
	c.SetTransfer("m4", &Transfer{Download: true, Done: 58, Total: 100, Paused: true})
	test.AssertImageMatches(t, "media-chinese.png", w.Canvas().Capture())
}

func TestMediaFollowsTheTheme(t *testing.T) {
	items, a := gallery()
	c, w := show(t, theme.Light, 816, 626, Options{Thumbnails: a.thumb})
	openItems(c, items, 3, 4)
	galleryState(c)
	test.ApplyTheme(t, theme.New(theme.Dark))
	c.Refresh()
	test.AssertImageMatches(t, "gallery-dark.png", w.Canvas().Capture())
}
