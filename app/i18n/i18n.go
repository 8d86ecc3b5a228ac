// Package i18n gives the window its words, in the language the person chose or
// the system's, changeable while the program runs. The texts are the message
// files of package assets; no other package has words of its own.
package i18n

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path"
	"strings"
	"sync/atomic"
	"syscall"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"magpie/im"
)

// Languages that there are texts for; the first is the one used when the
// system's language is none of them.
var languages = []language.Tag{language.English, language.SimplifiedChinese}

// Args are the values for the {{.Name}} places of a text.
type Args map[string]any

// Translator hands out texts. It is safe for concurrent use.
type Translator struct {
	bundle  *goi18n.Bundle
	current atomic.Pointer[chosen]
}

type chosen struct {
	tag       language.Tag
	localizer *goi18n.Localizer
}

// New reads every .json message file of folder dir in fsys. The file names are
// the languages' tags: en.json, zh-Hans.json.
func New(fsys fs.FS, dir string) (*Translator, error) {
	t := &Translator{bundle: goi18n.NewBundle(languages[0])}
	files, err := fs.Glob(fsys, path.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("i18n: %w", err)
	}
	if len(files) < len(languages) {
		return nil, fmt.Errorf("i18n: %d message files, want %d", len(files), len(languages))
	}
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("i18n: %w", err)
		}
		if _, err := t.bundle.ParseMessageFileBytes(data, path.Base(file)); err != nil {
			return nil, fmt.Errorf("i18n: %s: %w", file, err)
		}
	}
	t.Use("")
	return t, nil
}

// Use changes to the language with the given tag, for example the system's
// locale or a person's choice; for one without texts it is English. An encoding
// or a variant behind it (zh_CN.UTF-8, de_DE@euro) is passed over.
func (t *Translator) Use(tag string) {
	if i := strings.IndexAny(tag, ".@"); i >= 0 {
		tag = tag[:i]
	}
	wanted, _, _ := language.ParseAcceptLanguage(strings.ReplaceAll(tag, "_", "-"))
	_, i, _ := language.NewMatcher(languages).Match(wanted...)
	best := languages[i]
	t.current.Store(&chosen{tag: best, localizer: goi18n.NewLocalizer(t.bundle, best.String())})
}

// Tag is the language in use: "en" or "zh-Hans".
func (t *Translator) Tag() string { return t.current.Load().tag.String() }

// Language is the language in use, for the words of package im.
func (t *Translator) Language() im.Language {
	if t.current.Load().tag == language.SimplifiedChinese {
		return im.Chinese
	}
	return im.English
}

// T is the text of key.
func (t *Translator) T(key string) string { return t.text(&goi18n.LocalizeConfig{MessageID: key}) }

// F is the text of key with args put in.
func (t *Translator) F(key string, args Args) string {
	return t.text(&goi18n.LocalizeConfig{MessageID: key, TemplateData: args})
}

// N is the text of key for a count of n; the text names it {{.Count}}.
func (t *Translator) N(key string, n int, args Args) string {
	all := Args{"Count": n}
	for k, v := range args {
		all[k] = v
	}
	return t.text(&goi18n.LocalizeConfig{MessageID: key, TemplateData: all, PluralCount: n})
}

// All is the text of key in every language, English first: what others, who read
// another one, may have written.
func (t *Translator) All(key string) []string {
	all := make([]string, len(languages))
	for i, tag := range languages {
		all[i] = t.textIn(goi18n.NewLocalizer(t.bundle, tag.String()), &goi18n.LocalizeConfig{MessageID: key})
	}
	return all
}

// text returns the key itself for a text that there is not, so that what is
// missing is seen; a test holds every key of the sources against the files.
func (t *Translator) text(c *goi18n.LocalizeConfig) string {
	return t.textIn(t.current.Load().localizer, c)
}

func (*Translator) textIn(l *goi18n.Localizer, c *goi18n.LocalizeConfig) string {
	s, err := l.Localize(c)
	if err != nil && s == "" {
		return c.MessageID
	}
	return s
}

// Error is what to tell a person about err: its words if it has a code, else
// the text of "error.unexpected" with the error itself.
func (t *Translator) Error(err error) string {
	code := im.CodeOf(err)
	if code == 0 && errors.Is(err, syscall.ENOSPC) {
		code = im.CodeDiskFull // met before anything was open that gives it a code
	}
	if code == 0 && errors.Is(err, syscall.EROFS) {
		code = im.CodeReadOnly
	}
	if code != 0 {
		return code.Message(t.Language())
	}
	if errors.Is(err, exec.ErrNotFound) { // what opens links and files for others
		return t.T("error.noProgram")
	}
	return t.F("error.unexpected", Args{"Error": err.Error()})
}
