// Package i18n gives the window its words, in the language the person chose or
// the system's, changeable while the program runs. The texts are the message
// files of package assets; no other package has words of its own.
package i18n

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path"
	"strings"
	"sync"
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
	// texts are those of each language of languages, read when one is first asked for:
	// few people need more than one.
	texts   []func() *goi18n.Localizer
	current atomic.Pointer[chosen]
}

type chosen struct {
	tag       language.Tag
	localizer func() *goi18n.Localizer
}

// New finds the .json message file of every language in folder dir of fsys. The file names
// are the languages' tags: en.json, zh-Hans.json.
func New(fsys fs.FS, dir string) (*Translator, error) {
	t := &Translator{}
	for _, tag := range languages {
		file := path.Join(dir, tag.String()+".json")
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("i18n: %w", err)
		}
		if !json.Valid(data) {
			return nil, fmt.Errorf("i18n: the texts of %s are damaged", tag)
		}
		t.texts = append(t.texts, sync.OnceValue(func() *goi18n.Localizer {
			bundle := goi18n.NewBundle(tag)
			// What is not there, or is no text, is seen by its key.
			_, _ = bundle.LoadMessageFileFS(fsys, file)
			return goi18n.NewLocalizer(bundle, tag.String())
		}))
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
	t.current.Store(&chosen{tag: languages[i], localizer: t.texts[i]})
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
	for i := range languages {
		all[i] = t.textIn(t.texts[i](), &goi18n.LocalizeConfig{MessageID: key})
	}
	return all
}

// text returns the key itself for a text that there is not, so that what is
// missing is seen; a test holds every key of the sources against the files.
func (t *Translator) text(c *goi18n.LocalizeConfig) string {
	return t.textIn(t.current.Load().localizer(), c)
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
