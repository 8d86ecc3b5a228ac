package server

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"magpie/im"
)

// How long an invitation may be valid.
const (
	DefaultInvitationTime = 24 * time.Hour
	MaxInvitationTime     = 30 * 24 * time.Hour
)

// maxInvitationUses bounds how many may join by one invitation that has a number.
const maxInvitationUses = 10000

// InvitationTerms are what an invitation is made with.
type InvitationTerms struct {
	// By is who invites: those who join are told. It has to be an account.
	By im.UserID `json:"by"`
	// For is how long it is valid: up to MaxInvitationTime, 0 for
	// DefaultInvitationTime.
	For time.Duration `json:"for,omitempty"`
	// Uses is how many may join by it, 0 for any number.
	Uses int `json:"uses,omitempty"`
}

// Invitation is the one that is valid in a data folder; there is one at a time.
type Invitation struct {
	// Secret is what somebody shows to join. The folder has only its hash: it is
	// known until the process that made it ends, and empty after that.
	Secret  string    `json:"secret,omitempty"`
	By      im.UserID `json:"by"`
	Expires int64     `json:"expires"` // ms since 1970
	Uses    int       `json:"uses,omitempty"`
	Used    int       `json:"used,omitempty"`
}

// Joined is somebody who made an account by an invitation.
type Joined struct {
	User im.UserID `json:"user"`
	Nick string    `json:"nick,omitempty"`
	Time int64     `json:"time"` // ms since 1970
}

// invites are the invitation that is valid and who has joined by it and earlier ones.
type invites struct {
	table    *table
	accounts *accounts
	opt      *Options

	// joins is held while somebody joins: of two with one name the second takes nothing.
	joins sync.Mutex

	mu     sync.Mutex
	secret string // of the invitation with hash
	hash   string
}

// Keys of the table.
const (
	inviteKey    = "invitation"
	joinedPrefix = "joined."
)

// invitation is the record of one.
type invitation struct {
	Hash    string    `json:"hash"` // of the secret
	By      im.UserID `json:"by"`
	Expires int64     `json:"expires"`
	Uses    int       `json:"uses,omitempty"`
	Used    int       `json:"used,omitempty"`
}

// joining is the record of somebody who joins. It is written before the account is
// made, so that one who has to begin again takes no second use.
type joining struct {
	User im.UserID `json:"user"`
	Hash string    `json:"hash"` // of the invitation
	Time int64     `json:"time"`
}

func newInvites(b *bus, a *accounts, o *Options) *invites {
	return &invites{table: newTable(b, tableInvites), accounts: a, opt: o}
}

func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// make replaces the invitation by a new one.
func (x *invites) make(ctx context.Context, terms InvitationTerms) error {
	if terms.For == 0 {
		terms.For = DefaultInvitationTime
	}
	if terms.For < time.Second || terms.For > MaxInvitationTime {
		return im.Errorf(im.CodeInvalidParameter, "an invitation for %v, up to %v are allowed", terms.For, MaxInvitationTime)
	}
	if terms.Uses < 0 || terms.Uses > maxInvitationUses {
		return im.Errorf(im.CodeInvalidParameter, "an invitation for %d people, up to %d are allowed", terms.Uses, maxInvitationUses)
	}
	if _, err := x.accounts.get(ctx, terms.By); err != nil {
		return err
	}
	secret := rand.Text() // 130 bits
	i := invitation{Hash: hashSecret(secret), By: terms.By, Expires: x.opt.Now().Add(terms.For).UnixMilli(), Uses: terms.Uses}
	if _, err := x.table.put(ctx, inviteKey, i); err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.secret, x.hash = secret, i.Hash
	return nil
}

// withdraw makes the invitation invalid.
func (x *invites) withdraw(ctx context.Context) error {
	return x.table.purge(ctx, inviteKey)
}

// current is the invitation that somebody can still join by, nil if there is none.
func (x *invites) current(ctx context.Context) (*Invitation, error) {
	var i invitation
	_, err := x.table.get(ctx, inviteKey, &i)
	if errors.Is(err, errNoMessage) || err == nil && x.opt.Now().UnixMilli() >= i.Expires || err == nil && i.usedUp() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	shown := &Invitation{By: i.By, Expires: i.Expires, Uses: i.Uses, Used: i.Used}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.hash == i.Hash {
		shown.Secret = x.secret
	}
	return shown, nil
}

func (i *invitation) usedUp() bool { return i.Uses > 0 && i.Used >= i.Uses }

// joined lists who has joined, the first one first.
func (x *invites) joined(ctx context.Context) ([]Joined, error) {
	var all []Joined
	var users []im.UserID
	err := x.table.list(ctx, joinedPrefix+"*", func(e entry) error {
		j, err := decodeEntry[joining](e)
		if err == nil {
			all, users = append(all, Joined{User: j.User, Time: j.Time}), append(users, j.User)
		}
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	profiles, err := x.accounts.profilesOf(ctx, users)
	if err != nil {
		return nil, err
	}
	made := all[:0]
	for _, j := range all {
		if p, ok := profiles[j.User]; ok { // else the account was never made
			j.Nick = p.Nick
			made = append(made, j)
		}
	}
	return made, nil
}

// join makes the account of a user who shows the secret of the invitation, and returns
// who invited. Codes: 130130 (CodeInvitationUnknown), 130131, 130132; with a valid
// secret 130109 (CodeUserExists) for a name that is taken, and those of a malformed
// password or nick.
func (x *invites) join(ctx context.Context, u im.UserID, nick, hash, secret string) (by im.UserID, err error) {
	i, err := x.valid(ctx, secret)
	if err != nil {
		return "", err
	}
	x.joins.Lock()
	defer x.joins.Unlock()
	taken := im.Errorf(im.CodeUserExists, "the user name %s is taken", u)
	switch _, err := x.accounts.get(ctx, u); {
	case err == nil:
		return "", taken
	case im.CodeOf(err) != im.CodeUserNotFound:
		return "", err
	}
	p := im.Profile{UserID: u, Nick: nick}
	if err := p.Validate(); err != nil {
		return "", err // before anything is used up
	}
	if err := x.take(ctx, u, i.Hash); err != nil {
		return "", err
	}
	made, err := x.accounts.create(ctx, u, hash, nick)
	if err == nil && !made { // the operator gave the name to somebody at this moment
		return "", errors.Join(taken, x.giveBack(ctx, u, i.Hash))
	}
	return i.By, err
}

// valid returns the invitation if secret is its and its time is not over. Whether all
// of its uses were taken is for take to say.
func (x *invites) valid(ctx context.Context, secret string) (invitation, error) {
	var i invitation
	_, err := x.table.get(ctx, inviteKey, &i)
	if err != nil && !errors.Is(err, errNoMessage) {
		return i, err
	}
	if err != nil || subtle.ConstantTimeCompare([]byte(hashSecret(secret)), []byte(i.Hash)) != 1 {
		return i, im.Errorf(im.CodeInvitationUnknown, "there is no such invitation")
	}
	if x.opt.Now().UnixMilli() >= i.Expires {
		return i, im.Errorf(im.CodeInvitationExpired, "the invitation was valid until %v", time.UnixMilli(i.Expires).UTC())
	}
	return i, nil
}

// take takes one use of the invitation with a hash for u, unless u has one already.
func (x *invites) take(ctx context.Context, u im.UserID, hash string) error {
	var j joining
	key := joinedPrefix + encodeID(string(u))
	if _, err := x.table.get(ctx, key, &j); err == nil && j.Hash == hash {
		return nil
	} else if err != nil && !errors.Is(err, errNoMessage) {
		return err
	}
	if err := x.count(ctx, hash, 1); err != nil {
		return err
	}
	_, err := x.table.put(ctx, key, joining{User: u, Hash: hash, Time: x.opt.Now().UnixMilli()})
	return err
}

// giveBack undoes take.
func (x *invites) giveBack(ctx context.Context, u im.UserID, hash string) error {
	if err := x.table.purge(ctx, joinedPrefix+encodeID(string(u))); err != nil {
		return err
	}
	return x.count(ctx, hash, -1)
}

// count changes how many uses of the invitation with a hash are taken.
func (x *invites) count(ctx context.Context, hash string, change int) error {
	for {
		var i invitation
		revision, err := x.table.get(ctx, inviteKey, &i)
		if errors.Is(err, errNoMessage) || err == nil && i.Hash != hash {
			return im.Errorf(im.CodeInvitationUnknown, "the invitation was replaced at this moment")
		}
		if err != nil {
			return err
		}
		if change > 0 && i.usedUp() {
			return im.Errorf(im.CodeInvitationUsed, "%d people have joined", i.Used)
		}
		i.Used += change
		if _, err = x.table.update(ctx, inviteKey, i, revision); !errors.Is(err, errConflict) {
			return err
		}
	}
}
