package profile

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"magpie/app/quiet"
	"magpie/im"
	"magpie/server/datalock"
)

// Account is one account that this profile signed in to. Secrets are not kept
// here: the token of a session lies in the account's own history file.
type Account struct {
	User im.UserID `json:"user"`
	// Server is the address as it was typed; empty for a local account.
	Server string `json:"server,omitempty"`
	// Local accounts live on the server inside the application.
	Local bool `json:"local,omitempty"`
	// Pin is the SHA-256 of the only certificate of the server that is trusted, in
	// hexadecimal, for one that was joined by an invitation; it never changes. The
	// address may: the same server is found at another one by a later invitation.
	Pin string `json:"pin,omitempty"`
}

// Fingerprint is Pin for the core, nil without one. What cannot be read as one is
// handed on as it is, so that the core refuses it: it must not count as none.
func (a Account) Fingerprint() []byte {
	if a.Pin == "" {
		return nil
	}
	if b, err := hex.DecodeString(a.Pin); err == nil && len(b) > 0 {
		return b
	}
	return []byte("not hexadecimal")
}

// Same reports whether a and b are one account, at whatever address.
func (a Account) Same(b Account) bool {
	return a == b || a.Pin != "" && a.Pin == b.Pin && a.User == b.User
}

// Settings is what a profile remembers between two starts.
type Settings struct {
	// Accounts, the one in use first.
	Accounts []Account `json:"accounts,omitempty"`
	// Theme is "", "light" or "dark"; "" follows the system.
	Theme string `json:"theme,omitempty"`
	// Language is "", "en" or "zh-Hans"; "" follows the system.
	Language string `json:"language,omitempty"`
	// TextPercent is the size of everything in the window, one of those of package theme,
	// 0 for 100.
	TextPercent int `json:"textPercent,omitempty"`
	// ReducedMotion leaves out what moves only to please.
	ReducedMotion bool `json:"reducedMotion,omitempty"`
	// EnterBreaksLine swaps Enter and Shift+Enter in the composer.
	EnterBreaksLine bool `json:"enterBreaksLine,omitempty"`
	// QuietTyping keeps others from seeing that this person types.
	QuietTyping bool `json:"quietTyping,omitempty"`
	// RecentEmoji are the emoji used last, the newest first, at most [MaxRecentEmoji].
	RecentEmoji []string `json:"recentEmoji,omitempty"`
	// AutoDownload are the rules for what is fetched by itself, nil for those of
	// [DefaultAutoDownload].
	AutoDownload *AutoDownload `json:"autoDownload,omitempty"`
	// FilesBytes is how much of what was sent and received is kept on the disk, for
	// each account; 0 for the usual gigabyte, less for no limit.
	FilesBytes int64 `json:"filesBytes,omitempty"`
	// HistoryDays is how old messages are fetched in the background, in days; 0 for any
	// age, below 0 for none: they come when somebody goes there.
	HistoryDays int `json:"historyDays,omitempty"`
	// KeepMediaDays is how many days files stay here after their newest message, 0 for
	// ever. What is gone comes back from the server.
	KeepMediaDays int `json:"keepMediaDays,omitempty"`
	// Microphone and Speaker are the devices chosen, by their ids; "" is the
	// system's choice.
	Microphone string `json:"microphone,omitempty"`
	Speaker    string `json:"speaker,omitempty"`
	// VoiceLimit is how long a voice note may be, in seconds, 0 for the usual
	// minute.
	VoiceLimit int `json:"voiceLimit,omitempty"`
	// VoiceSpeed is how fast voice notes play, 0 as recorded.
	VoiceSpeed float64 `json:"voiceSpeed,omitempty"`
	// NoNotifications turns those of the desktop off, NotificationsHide leaves out of
	// them who wrote what, NotificationsSilent the sound.
	NoNotifications     bool `json:"noNotifications,omitempty"`
	NotificationsHide   bool `json:"notificationsHide,omitempty"`
	NotificationsSilent bool `json:"notificationsSilent,omitempty"`
	// Proxy is how servers elsewhere are reached.
	Proxy Proxy `json:"proxy,omitzero"`
	// Quiet is when nobody is notified.
	Quiet quiet.Rules `json:"quiet,omitzero"`
	// CloseToTray leaves the program running in the tray when its window is closed.
	// ToldOfTray is set once a person was told where the window goes then.
	CloseToTray bool `json:"closeToTray,omitempty"`
	ToldOfTray  bool `json:"toldOfTray,omitempty"`
	// LockAfter is after how many minutes without use the window locks itself, 0 for
	// never.
	LockAfter float64 `json:"lockAfter,omitempty"`
	// Width and Height are the window's size in device-independent pixels, 0 if unknown.
	Width  float32 `json:"width,omitempty"`
	Height float32 `json:"height,omitempty"`
	// Place is where it was, nil if unknown.
	Place *Place `json:"place,omitempty"`
	// ListFilter is which conversations the list shows: "unread", "groups", "people",
	// "" for all.
	ListFilter string `json:"listFilter,omitempty"`
	// Conversation is the one that was open, Left that of the accounts that are not in
	// use, by their folders.
	Conversation im.ConversationID            `json:"conversation,omitempty"`
	Left         map[string]im.ConversationID `json:"left,omitempty"`
}

// Place is where a window was, in pixels of the screens; a maximised one goes back there.
type Place struct {
	X         int  `json:"x"`
	Y         int  `json:"y"`
	Maximised bool `json:"maximised,omitempty"`
}

func (p Profile) settingsPath() string { return filepath.Join(p.Dir(), "settings.json") }

// Load reads the settings. A file that cannot be read as settings is set aside
// as settings.json.damaged-TIME and reported by its new name; the settings are
// then those of a first start. Accounts and history are in other files and stay.
func (p Profile) Load(now time.Time) (s Settings, setAside string, err error) {
	data, err := os.ReadFile(p.settingsPath())
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, "", nil
	}
	if err != nil {
		return Settings{}, "", fmt.Errorf("profile: %w", err)
	}
	if err := json.Unmarshal(data, &s); err == nil {
		return s, "", nil
	}
	aside := fmt.Sprintf("%s.damaged-%s", p.settingsPath(), now.UTC().Format("20060102T150405.000"))
	if err := os.Rename(p.settingsPath(), aside); err != nil {
		return Settings{}, "", fmt.Errorf("profile: %w", err)
	}
	return Settings{}, aside, nil
}

// Save writes the settings so that a crash or a full disk leaves either the
// old ones or the new ones.
func (p Profile) Save(s Settings) error {
	data, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	tmp, err := os.CreateTemp(p.Dir(), "settings-*")
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	defer os.Remove(tmp.Name()) // fails when it was renamed, which is the good case
	if _, err := tmp.Write(append(data, '\n')); err != nil {
		return errors.Join(fmt.Errorf("profile: %w", err), tmp.Close())
	}
	if err := tmp.Sync(); err != nil {
		return errors.Join(fmt.Errorf("profile: %w", err), tmp.Close())
	}
	if err := tmp.Close(); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	if err := os.Rename(tmp.Name(), p.settingsPath()); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	return nil
}

// Update changes the settings on disk by what f changes in them. Other processes
// of the profile, a window and commands, may change others at the same time:
// nothing of theirs is lost. setAside is as of [Profile.Load].
func (p Profile) Update(now time.Time, f func(*Settings)) (setAside string, err error) {
	lock, err := p.lockSettings()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	s, setAside, err := p.Load(now)
	if err != nil {
		return "", err
	}
	f(&s)
	return setAside, p.Save(s)
}

// lockPatience is far longer than an Update takes.
const lockPatience = 5 * time.Second

func (p Profile) lockSettings() (*datalock.Lock, error) {
	for deadline := time.Now().Add(lockPatience); ; time.Sleep(5 * time.Millisecond) {
		lock, err := datalock.Acquire(filepath.Join(p.Dir(), "settings.lock"))
		if im.CodeOf(err) != im.CodeDataFolderInUse || time.Now().After(deadline) {
			return lock, err
		}
	}
}

// Know adds a to the accounts, behind the others, unless it is there; one that is
// there with another address gets this one.
func (s *Settings) Know(a Account) {
	accounts := slices.Clone(s.Accounts)
	if i := slices.IndexFunc(accounts, a.Same); i >= 0 {
		accounts[i] = a
	} else {
		accounts = append(accounts, a)
	}
	s.Accounts = accounts
}

// Use makes a the account in use, known before or not.
func (s *Settings) Use(a Account) {
	if len(s.Accounts) > 0 && s.Accounts[0].Folder() != a.Folder() {
		s.leave(s.Accounts[0], s.Conversation)
		s.Conversation = s.Left[a.Folder()]
	}
	accounts := []Account{a}
	for _, b := range s.Accounts {
		if !a.Same(b) {
			accounts = append(accounts, b)
		}
	}
	s.Accounts = accounts
}

// leave notes what was open of an account. The map may be shared with another copy of the
// settings, so it is made anew.
func (s *Settings) leave(a Account, conv im.ConversationID) {
	left := make(map[string]im.ConversationID, len(s.Left)+1)
	maps.Copy(left, s.Left)
	if left[a.Folder()] = conv; conv == "" {
		delete(left, a.Folder())
	}
	s.Left = left
}

// Forget removes a; its history stays on disk.
func (s *Settings) Forget(a Account) {
	s.leave(a, "")
	inUse := len(s.Accounts) > 0 && s.Accounts[0] == a
	accounts := s.Accounts[:0:0]
	for _, b := range s.Accounts {
		if b != a {
			accounts = append(accounts, b)
		}
	}
	s.Accounts = accounts
	if inUse {
		s.Conversation = ""
		if len(accounts) > 0 { // which is in use now
			s.Conversation = s.Left[accounts[0].Folder()]
		}
	}
}

// KeepMedia is KeepMediaDays as a duration, 0 for ever.
func (s *Settings) KeepMedia() time.Duration { return time.Duration(s.KeepMediaDays) * 24 * time.Hour }

// MaxRecentEmoji is how many emoji are remembered: three rows of the panel.
const MaxRecentEmoji = 27

// UsedEmoji notes that an emoji was chosen.
func (s *Settings) UsedEmoji(sequence string) {
	recent := []string{sequence}
	for _, e := range s.RecentEmoji {
		if e != sequence && len(recent) < MaxRecentEmoji {
			recent = append(recent, e)
		}
	}
	s.RecentEmoji = recent
}
