package app

import (
	"context"
	"errors"
	"image"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"magpie/app/core"
	"magpie/app/host"
	"magpie/app/profile"
	"magpie/app/thumbs"
	"magpie/app/vault"
	"magpie/im"
	"magpie/store"
	"magpie/widgets/loop"
)

// session is one signed-in account: its history on disk, its client core and,
// for a local account, the server inside.
type session struct {
	account profile.Account
	store   *store.Store
	client  *core.Client
	// report is what opening the history had to do.
	report store.Report
	host   *host.Keeper // nil for an account on a server elsewhere
	// networkDamaged: what was decided about others on the network cannot be read, which
	// was told if networkTold. They belong to the goroutine of the user interface.
	networkDamaged, networkTold bool
	drafts                      *drafts
	// readings are where conversations are being read.
	readings readings
	trays    *trays
	heard    heard
	thumbs   *thumbs.Loader
	fetches  *fetches
	// screen shows the session, nil while none does. It belongs to the goroutine of
	// the user interface.
	screen *mainScreen
	// opened are copies of files for other programs.
	opened opened
	notes  sessionNotes
	// usage is what was counted last of the disk, nil for nothing yet.
	usage *core.Usage
	// commands are those of other processes that use the session; it waits for
	// them before it ends.
	commands sync.WaitGroup

	ctx    context.Context
	cancel context.CancelFunc
}

// credentials are what a person typed; both empty for a session that goes on
// with the token of an earlier one.
type credentials struct {
	password, userSig string
	// invite is the secret of an invitation to make the account by, with a name to show.
	invite, nick string
	// create makes the account on the server inside unless it is there: it is this
	// person's either way, since only the owner of the data folder can be here.
	create bool
}

// rules are what the settings and the application say of sessions.
type rules struct {
	download profile.AutoDownload
	keep     core.KeepRules
	history  core.Backfill
	// dial leads to the server, nil for straight there.
	dial func(ctx context.Context, server *url.URL) (net.Conn, error)
	// tell is told of the events of the session, nil for nobody, on a goroutine of its
	// own.
	tell func(s *session, e core.Event)
	// still takes a picture out of a film, picture decodes one that needs isolation.
	still, picture func(ctx context.Context, f core.Content, maxSide int) (image.Image, error)
	// keys open what is on the disk. progress, which may be nil, is told how far a
	// history is on its way to being encrypted or plain.
	keys     vault.Keys
	progress func(done, total int64)
	// compacted is told what came of compacting the history in the background.
	compacted func(store.Compaction, error)
}

// keepRules are those in use now for files on the disk.
func (a *application) keepRules() core.KeepRules {
	r := core.KeepRules{Bytes: a.settings.FilesBytes, For: a.settings.KeepMedia()}
	if r.Bytes == 0 {
		r.Bytes = usualFilesBytes
	}
	return r
}

// usualFilesBytes is how much is kept until a person chooses.
const usualFilesBytes = 1 << 30

// downloadRules are the core's form of the settings.
func downloadRules(d profile.AutoDownload) map[im.MessageType]int64 {
	return map[im.MessageType]int64{im.MsgImage: d.Image, im.MsgAudio: d.Audio, im.MsgVideo: d.Video, im.MsgFile: d.File}
}

// rules are those in use now.
func (a *application) rules() rules {
	return rules{dial: a.way.Dial, tell: a.hear, download: a.settings.Downloads(), keep: a.keepRules(), history: backfill(a.settings.HistoryDays), still: a.still, picture: a.isolatedPicture, keys: a.keys, compacted: a.compacted}
}

// compacted notes what came of compacting a history in the background. What could not
// be done is tried again later; to a person the file is only larger than need be.
func (a *application) compacted(c store.Compaction, err error) {
	if err != nil {
		a.log("a history could not be compacted; it is tried again later: %v", err)
		return
	}
	a.log("a history was compacted from %d to %d bytes in %s", c.Before, c.After, c.Took)
}

// historyPatience is how long a window waits for a command that has the history
// open: most are over sooner.
const historyPatience = 5 * time.Second

// openSession opens the history of an account. It makes no connection yet:
// reading works at once, [session.start] connects. It blocks on the disk.
func openSession(p profile.Profile, a profile.Account, c credentials, r rules) (_ *session, err error) {
	path, err := p.HistoryPath(a)
	if err != nil {
		return nil, err
	}
	s := &session{
		account: a, drafts: newDrafts(), trays: newTrays(), readings: readings{},
		notes: newSessionNotes(filepath.Join(filepath.Dir(path), "voice"), r.keys.Account(a.Folder()), r.keys.Unseal()),
	}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.store, s.report, err = store.Open(path, store.Options{
		Account: a.User, Key: r.keys.Account(a.Folder()), Unseal: r.keys.Unseal(), Progress: r.progress,
		OpenTimeout: historyPatience, Compacted: r.compacted,
	}); err != nil {
		return nil, err
	}
	o := core.Options{
		Store:    s.store,
		Key:      r.keys.Account(a.Folder()),
		Unseal:   r.keys.Unseal(),
		Server:   a.Server,
		User:     a.User,
		Password: c.password,
		UserSig:  c.userSig,
		Pin:      a.Fingerprint(),
		Invite:   c.invite,
		Nick:     c.nick,
		Platform: "desktop",
		Dial:     r.dial,

		FilesBytes:   r.keep.Bytes,
		FilesFor:     r.keep.For,
		AutoDownload: downloadRules(r.download),
		Backfill:     r.history,
	}
	if a.Local {
		s.host = host.NewKeeper(p.ServerDir(), a.User, host.Options{Key: r.keys.Server(), Unseal: r.keys.Unseal()})
		o.Endpoint = s.host.Endpoint
	}
	if s.client, err = core.New(o); err != nil {
		return nil, err
	}
	if s.heard.unread, err = s.client.TotalUnread(); err != nil {
		return nil, err
	}
	opened(filepath.Join(filepath.Dir(path), "opened")).clean() // where they were in former times
	s.opened = opened(profile.CopiesDir(path))
	s.opened.clean()
	s.fetches = newFetches(s)
	s.thumbs = thumbs.New(thumbs.Options{
		Files: s.client, Originals: r.download.Image, Still: r.still, Picture: r.picture,
		Changed: func(who any) {
			loop.Do(func() {
				if s.screen != nil {
					s.screen.thumbnailChanged(who)
				}
			})
		},
	})
	go s.heard.follow(s.client.Subscribe(), func(e core.Event) {
		if r.tell != nil {
			r.tell(s, e)
		}
	}) // ends with the client
	return s, nil
}

// start connects, and goes on connecting, until the session is closed.
func (s *session) start() { s.client.Start(s.ctx) }

// close ends the connection, then the store, then the server inside.
func (s *session) close() error {
	s.cancel()
	s.commands.Wait()
	s.trays.busy.Wait()
	var errs []error
	if s.host != nil {
		s.host.Stop() // one that is being started must not hold the client up
	}
	if s.thumbs != nil {
		s.thumbs.Close()
	}
	s.opened.clean()
	if s.client != nil {
		errs = append(errs, s.client.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	if s.host != nil {
		errs = append(errs, s.host.Close())
	}
	return errors.Join(errs...)
}
