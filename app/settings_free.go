package app

import (
	"context"
	"slices"
	"strconv"
	"time"

	"fyne.io/fyne/v2"

	"magpie/app/core"
	"magpie/app/i18n"
	"magpie/im"
	"magpie/widgets"
	"magpie/widgets/loop"
	"magpie/widgets/theme"
)

// freeForm is the sheet that frees room: what goes is counted anew with every choice.
type freeForm struct {
	s    *storageSection
	conv im.ConversationID // "" for everything

	sheet  *widgets.Sheet
	kinds  map[core.FileKind]*widgets.Check
	age    *widgets.ChipChoice
	size   *widgets.ChipChoice
	result *widgets.Paragraph
	kept   *widgets.Paragraph
	last   *widgets.Check // also what may not come back
	free   *widgets.Button

	// ctx ends with the sheet, counting with the next choice.
	ctx      context.Context
	stop     context.CancelFunc
	counting context.CancelFunc
	running  bool
	counted  bool // it is known what there is of each kind
}

// freeUp opens the sheet for one chat, or, with conv "", for everything.
func (s *storageSection) freeUp(conv im.ConversationID) {
	m := s.p.m
	tr := m.tr
	f := &freeForm{s: s, conv: conv, kinds: map[core.FileKind]*widgets.Check{}, counting: func() {}}
	s.free = f
	f.ctx, f.stop = context.WithCancel(m.ctx)
	var items []widgets.Item
	for _, k := range core.FileKinds() {
		check := widgets.NewCheck(tr.T(kindKey(k)), "", true)
		check.OnChanged = func(bool) { f.count() }
		f.kinds[k] = check
		items = append(items, widgets.Item{Object: check})
	}
	f.age = widgets.NewChipChoice(tr.T("storage.olderThan"), "0",
		widgets.Option{Value: "0", Label: tr.T("storage.anyAge")},
		widgets.Option{Value: "30", Label: tr.N("storage.months", 1, nil)},
		widgets.Option{Value: "180", Label: tr.N("storage.months", 6, nil)},
		widgets.Option{Value: "365", Label: tr.T("storage.year")},
	)
	f.age.OnChanged = func(string) { f.count() }
	words := mediaWords{tr}
	f.size = widgets.NewChipChoice(tr.T("storage.largerThan"), "0",
		widgets.Option{Value: "0", Label: tr.T("storage.anySize")},
		widgets.Option{Value: "1048576", Label: words.limit(1 << 20)},
		widgets.Option{Value: "10485760", Label: words.limit(10 << 20)},
		widgets.Option{Value: "52428800", Label: words.limit(50 << 20)},
	)
	f.size.OnChanged = func(string) { f.count() }
	f.result = widgets.NewHeading("", theme.TextSize, fyne.TextAlignLeading)
	f.kept = widgets.NewParagraph("", theme.Ink2, theme.MetaSize, fyne.TextAlignLeading)
	f.last = widgets.NewCheck(tr.T("storage.lastCopies"), tr.T("storage.lastCopiesNote"), false)
	f.last.OnChanged = func(bool) { f.count() }
	f.last.Hide()
	items = append(items,
		widgets.Item{Above: 10, Object: f.age},
		widgets.Item{Above: 12, Object: f.size},
		widgets.Item{Above: 16, Object: f.result},
		widgets.Item{Above: 2, Object: f.kept},
		widgets.Item{Above: 4, Object: f.last},
	)
	title := tr.T("storage.freeTitle")
	if conv != "" {
		row := s.row(conv)
		title = tr.F("storage.freeTitleOf", i18n.Args{"Name": m.name(&row)})
		items = append(items, widgets.Item{Above: 8, Object: widgets.NewDangerRow(tr.T("storage.forget"), func() {
			f.sheet.Close()
			s.askForget(conv)
		})})
	}
	f.free = widgets.NewPrimaryButton(tr.T("storage.free"), f.run)
	f.free.Disable()
	f.sheet = widgets.NewSheet(title, tr.T("storage.freeText"), widgets.NewStack(items...),
		widgets.NewSecondaryButton(tr.T("action.cancel"), func() { f.sheet.Close() }), f.free)
	f.sheet.OnClosed = f.stop
	f.sheet.Open(m.app.canvas, nil)
	f.count()
}

// query is what is chosen; ok is false if no kind is.
func (f *freeForm) query() (q core.FreeUpQuery, ok bool) {
	q = core.FreeUpQuery{Conversation: f.conv, LastCopies: f.last.Visible() && f.last.On()}
	for _, k := range core.FileKinds() {
		if f.kinds[k].On() {
			q.Kinds = append(q.Kinds, k)
		}
	}
	days, _ := strconv.Atoi(f.age.Value()) // of the options
	q.OlderThan = time.Duration(days) * 24 * time.Hour
	q.LargerThan, _ = strconv.ParseInt(f.size.Value(), 10, 64) // of the options
	return q, len(q.Kinds) > 0
}

// count says what the choices free.
func (f *freeForm) count() {
	f.counting()
	if f.running {
		return
	}
	f.free.Disable()
	m := f.s.p.m
	q, ok := f.query()
	if !ok {
		f.show(core.Freed{})
		return
	}
	q.DryRun = true
	f.say(m.tr.T("storage.looking"))
	ctx, stop := context.WithCancel(f.ctx)
	f.counting = stop
	client := m.s.client
	beside(ctx, func(ctx context.Context) (core.Freed, error) {
		return client.FreeUp(ctx, q, f.progress(ctx))
	}, func(freed core.Freed, err error) {
		if err != nil {
			f.sheet.SetProblem(m.tr.Error(err))
			return
		}
		f.show(freed)
	})
}

// progress says how many files the server was asked about.
func (f *freeForm) progress(ctx context.Context) func(done, total int) {
	tr := f.s.p.m.tr
	told := time.Now()
	return func(done, total int) {
		if time.Since(told) < 100*time.Millisecond {
			return
		}
		told = time.Now()
		loop.Do(func() {
			if ctx.Err() == nil {
				f.say(tr.F("storage.asking", i18n.Args{"Done": grouped(done), "Total": grouped(total)}))
			}
		})
	}
}

func (f *freeForm) say(words string) {
	f.result.SetText(words)
	f.sheet.Refresh()
}

// show says what would go, and apart from it what stays and why.
func (f *freeForm) show(freed core.Freed) {
	m := f.s.p.m
	tr, words := m.tr, mediaWords{m.tr}
	f.nameKinds(freed)
	amount := func(k core.KeptFiles) i18n.Args {
		return i18n.Args{"Number": grouped(k.Files), "Size": words.bytes(k.Bytes)}
	}
	if freed.Files == 0 {
		f.result.SetText(tr.T("storage.nothing"))
		f.free.SetText(tr.T("storage.free"))
	} else {
		f.result.SetText(tr.N("storage.frees", freed.Files, amount(core.KeptFiles{Files: freed.Files, Bytes: freed.Bytes})))
		f.free.SetText(tr.F("storage.freeSize", i18n.Args{"Size": words.bytes(freed.Bytes)}))
		f.free.Enable()
	}
	kept := ""
	if freed.NotSent.Files > 0 {
		kept = tr.N("storage.notSent", freed.NotSent.Files, amount(freed.NotSent))
	}
	lost := core.KeptFiles{Files: freed.NotOnServer.Files + freed.Unknown.Files, Bytes: freed.NotOnServer.Bytes + freed.Unknown.Bytes}
	if lost.Files > 0 && !f.last.On() {
		if kept != "" {
			kept += " "
		}
		if freed.Unknown.Files > 0 && !m.connected() {
			kept += tr.N("storage.cannotAsk", lost.Files, amount(lost))
		} else {
			kept += tr.N("storage.mayNotComeBack", lost.Files, amount(lost))
		}
	}
	f.kept.SetText(kept)
	f.kept.Hidden = kept == ""
	show(lost.Files > 0, f.last)
	f.sheet.Refresh()
}

// nameKinds says how much there is of each kind, once, and leaves out those of which
// there is nothing.
func (f *freeForm) nameKinds(freed core.Freed) {
	if f.counted {
		return
	}
	f.counted = true
	tr := f.s.p.m.tr
	more := freed.NotOnServer.Files+freed.Unknown.Files > 0 // of which kind is not said
	for _, kind := range core.FileKinds() {
		i := slices.IndexFunc(freed.Kinds, func(k core.KindUsage) bool { return k.Kind == kind })
		if i >= 0 {
			size := mediaWords{tr}.bytes(freed.Kinds[i].Bytes)
			f.kinds[kind].SetLabel(tr.F("storage.part", i18n.Args{"Name": tr.T(kindKey(kind)), "Size": size}))
		}
		show(i >= 0 || more, f.kinds[kind])
	}
}

// run frees what is chosen.
func (f *freeForm) run() {
	q, ok := f.query()
	if !ok || f.running {
		return
	}
	f.counting()
	f.running = true
	f.free.Disable()
	m := f.s.p.m
	client := m.s.client
	beside(f.ctx, func(ctx context.Context) (core.Freed, error) {
		return client.FreeUp(ctx, q, f.progress(ctx))
	}, func(freed core.Freed, err error) {
		f.running = false
		if err != nil {
			f.sheet.SetProblem(m.tr.Error(err))
			f.count()
			return
		}
		f.sheet.Close()
		m.app.say(m.tr.F("storage.freed", i18n.Args{"Size": mediaWords{m.tr}.bytes(freed.Bytes)}))
		f.s.count()
	})
}
