package archive

import (
	"bufio"
	_ "embed" // the pages' own style and templates
	"errors"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"time"

	"magpie/im"
	"magpie/widgets/textlayout"
)

//go:embed page.tmpl
var pageTemplate string

// Everything that a peer wrote goes through the escaping of html/template.
var templates = template.Must(template.New("").Parse(pageTemplate))

// perPage is how many messages one page of a chat has: what a browser shows at
// once without effort.
const perPage = 2000

// chatLink is an entry of the index.
type chatLink struct {
	File, Name string
	Messages   int
}

// chatPage writes the pages of one chat, one after the other.
type chatPage struct {
	name   string // of the chat
	number int    // of the chat, from 1
	part   int    // of its pages, from 1
	file   *os.File
	out    *bufio.Writer
	count  int // messages on this page
	total  int
	day    string
}

// words are what the pages say by themselves.
type words struct {
	Language, Title, Older, Newer, All, Missing string
}

func (e *exporter) words() words {
	if e.o.Language == im.Chinese {
		return words{"zh-Hans", "聊天记录", "更早", "更新", "全部会话", "此文件不在导出之列"}
	}
	return words{"en", "Conversations", "Older", "Newer", "All conversations", "this file is not part of the export"}
}

func (e *exporter) beginChat(row *im.Conversation) (*chatPage, error) {
	p := &chatPage{name: chatName(row), number: len(e.index) + 1}
	return p, p.open(e)
}

// chatName is what a person calls the conversation.
func chatName(row *im.Conversation) string {
	names := []string{row.Remark, "", "", row.ConversationID.To(), string(row.ConversationID)}
	if row.UserProfile != nil {
		names[1] = row.UserProfile.Name()
	}
	if row.GroupProfile != nil {
		names[2] = row.GroupProfile.Name
	}
	for _, n := range names {
		if n = textlayout.Clean(n); n != "" {
			return n
		}
	}
	return ""
}

// path is within the export.
func (p *chatPage) path(part int) string { return fmt.Sprintf("chats/%04d-%d.html", p.number, part) }

func (p *chatPage) open(e *exporter) (err error) {
	p.part++
	p.count, p.day = 0, ""
	if p.file, err = os.OpenFile(filepath.Join(e.dir, filepath.FromSlash(p.path(p.part))), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	p.out = bufio.NewWriterSize(p.file, 1<<16)
	older := ""
	if p.part > 1 {
		older = filepath.Base(p.path(p.part - 1))
	}
	return p.write("head", struct {
		Words       words
		Name, Older string
	}{e.words(), p.name, older})
}

func (p *chatPage) write(name string, data any) error {
	if err := templates.ExecuteTemplate(p.out, name, data); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return nil
}

// finish ends the page; next says that another follows.
func (p *chatPage) finish(e *exporter, next bool) error {
	newer := ""
	if next {
		newer = filepath.Base(p.path(p.part + 1))
	}
	err := p.write("foot", struct {
		Words words
		Newer string
	}{e.words(), newer})
	if err := errors.Join(err, p.out.Flush(), p.file.Close()); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return nil
}

// abandon closes a page that will be removed.
func (p *chatPage) abandon() error { return p.file.Close() }

func (e *exporter) endChat(row *im.Conversation, p *chatPage) error {
	e.index = append(e.index, chatLink{p.path(p.part), p.name, p.total})
	return p.finish(e, false)
}

func (e *exporter) writeIndex() error {
	f, err := os.OpenFile(filepath.Join(e.dir, "index.html"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	err = templates.ExecuteTemplate(f, "index", struct {
		Words   words
		Account im.UserID
		Made    string
		Chats   []chatLink
	}{e.words(), e.from.User(), e.o.Now.In(e.o.Zone).Format("2006-01-02 15:04"), e.index})
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	return nil
}

// shown is a message as the page shows it.
type shown struct {
	ID, Day, Clock, Name string
	Own, Notice          bool
	Text                 string
	// Picture, Sound, Film and File are paths from the page; Missing says that there
	// should be one.
	Picture, Original, Sound, Film, File string
	Label                                string
	Missing                              bool
	MissingWords                         string
}

// add puts a message on the page.
func (p *chatPage) add(e *exporter, m *im.Message) error {
	if p.count == perPage {
		if err := p.finish(e, true); err != nil {
			return err
		}
		if err := p.open(e); err != nil {
			return err
		}
	}
	p.count++
	p.total++
	s := e.show(m)
	if day := time.UnixMilli(m.Time).In(e.o.Zone).Format("2006-01-02"); day != p.day {
		p.day, s.Day = day, day
	}
	return p.write("message", s)
}

func (e *exporter) show(m *im.Message) shown {
	at := time.UnixMilli(m.Time).In(e.o.Zone)
	s := shown{ID: fmt.Sprint("m", m.Sequence), Clock: at.Format("15:04"), Name: name(m), Own: m.From == e.from.User(), MissingWords: e.words().Missing}
	if m.IsRevoked {
		who := m.RevokerNick
		if m.Revoker == "" || m.Revoker == m.From {
			who = s.Name
		}
		s.Notice, s.Text = true, im.RevokedForShow(e.o.Language, m.Revoker, m.From, who, e.from.User())
		return s
	}
	s.Text = textlayout.Clean(im.MessageForShow(m.Payload, e.o.Language))
	within := func(addresses ...string) string {
		for _, a := range addresses {
			if hash, ok := im.BlobHash(a); ok && e.files[hash] != "" {
				return "../" + e.files[hash]
			}
		}
		return ""
	}
	switch payload := m.Payload.(type) {
	case im.GroupTipPayload, im.GroupNoticePayload:
		s.Notice = true
	case im.ImagePayload:
		for _, info := range payload.ImageInfoArray {
			path := within(info.ImageURL, info.URL)
			switch {
			case path == "":
			case info.SizeType == im.ImageOriginal:
				s.Original = path
				if s.Picture == "" {
					s.Picture = path
				}
			default: // the larger of the two comes last
				s.Picture = path
			}
		}
		if s.Original == "" {
			s.Original = s.Picture
		}
		s.Missing = s.Picture == ""
	case im.AudioPayload:
		s.Sound = within(payload.URL, payload.RemoteAudioURL)
		s.Missing = s.Sound == ""
	case im.VideoPayload:
		s.Film, s.Picture = within(payload.VideoURL, payload.RemoteVideoURL), within(payload.ThumbURL)
		s.Missing = s.Film == ""
	case im.FilePayload:
		s.File, s.Label = within(payload.FileURL), textlayout.Clean(payload.FileName)
		s.Missing = s.File == ""
	}
	return s
}

func name(m *im.Message) string {
	for _, n := range []string{m.NameCard, m.Nick} {
		if n = textlayout.Clean(n); n != "" {
			return n
		}
	}
	return string(m.From)
}
