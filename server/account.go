package server

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"magpie/im"
	"magpie/server/auth"
)

// accounts holds who may sign in and what users show of themselves.
type accounts struct {
	table    *table
	profiles *table
	opt      *Options
	// hashing bounds how many passwords are worked on at once; each takes 19 MB.
	hashing chan struct{}

	mu    sync.Mutex
	cache map[im.UserID]im.Profile // of accounts that exist
}

// profileCacheMax bounds how many profiles are kept in memory.
const profileCacheMax = 4096

// profileMaxBytes bounds a profile with all its fields, as it is stored.
const profileMaxBytes = 8 << 10

// account is how a user signs in. Hash is empty if only by UserSig.
type account struct {
	Hash    string `json:"hash,omitempty"`
	Created int64  `json:"created"` // ms since 1970
	// Since: what was issued before signs nobody in, ms since 1970.
	Since int64 `json:"since,omitempty"`
}

func newAccounts(b *bus, o *Options) *accounts {
	return &accounts{
		table: newTable(b, tableAccounts), profiles: newTable(b, tableProfiles), opt: o,
		hashing: make(chan struct{}, 2), cache: map[im.UserID]im.Profile{},
	}
}

// get returns the account of u, im.CodeUserNotFound if there is none.
func (x *accounts) get(ctx context.Context, u im.UserID) (account, error) {
	var a account
	if err := u.Validate(); err != nil {
		return a, err
	}
	_, err := x.table.get(ctx, encodeID(string(u)), &a)
	if errors.Is(err, errNoMessage) {
		return a, im.Errorf(im.CodeUserNotFound, "there is no user %s", u)
	}
	return a, err
}

// create makes an account and its profile; it reports false if there is one.
func (x *accounts) create(ctx context.Context, u im.UserID, hash, nick string) (bool, error) {
	p := im.Profile{UserID: u, Nick: nick, LastUpdatedTime: x.opt.Now().UnixMilli()}
	if err := errors.Join(u.Validate(), p.Validate()); err != nil {
		return false, err
	}
	var old account
	revision, err := x.table.get(ctx, encodeID(string(u)), &old)
	if !errors.Is(err, errNoMessage) {
		return false, err
	}
	// The profile goes first: an account always has one.
	if _, err := x.profiles.put(ctx, encodeID(string(u)), p); err != nil {
		return false, err
	}
	_, err = x.table.update(ctx, encodeID(string(u)), account{Hash: hash, Created: x.opt.Now().UnixMilli()}, revision)
	if errors.Is(err, errConflict) {
		return false, nil
	}
	return err == nil, err
}

// invalidate makes what was issued to u until now worth nothing.
func (x *accounts) invalidate(ctx context.Context, u im.UserID) error {
	for {
		a, err := x.get(ctx, u)
		if err != nil {
			return err
		}
		revision, err := x.table.get(ctx, encodeID(string(u)), &a)
		if err != nil {
			return err
		}
		a.Since = x.opt.Now().UnixMilli()
		if _, err = x.table.update(ctx, encodeID(string(u)), a, revision); !errors.Is(err, errConflict) {
			return err
		}
	}
}

// issuedInTime returns im.CodeUserSigRevoked if what was issued to u at that
// time is worth nothing any more.
func (x *accounts) issuedInTime(ctx context.Context, u im.UserID, issued time.Time) error {
	a, err := x.get(ctx, u)
	if err != nil {
		return err
	}
	if issued.UnixMilli() < a.Since {
		return im.Errorf(im.CodeUserSigRevoked, "the sign-in of %s was ended by the operator", u)
	}
	return nil
}

func (s *Server) createUser(ctx context.Context, u im.UserID, password, nick string) error {
	if err := u.Validate(); err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	made, err := s.accounts.create(ctx, u, hash, nick)
	if err == nil && !made {
		err = im.Errorf(im.CodeUserExists, "the user name %s is taken", u)
	}
	return err
}

// hashPassword returns what is kept of a password; im.CodeInvalidParameter for one of
// a length that is not allowed.
func (s *Server) hashPassword(ctx context.Context, password string) (string, error) {
	if password == "" || len(password) > im.MaxPasswordBytes {
		return "", im.Errorf(im.CodeInvalidParameter, "password of %d bytes, 1 to %d are allowed", len(password), im.MaxPasswordBytes)
	}
	if err := s.accounts.beginHashing(ctx); err != nil {
		return "", err
	}
	defer s.accounts.endHashing()
	return auth.HashPassword(password)
}

// beginHashing waits until few enough passwords are worked on.
func (x *accounts) beginHashing(ctx context.Context) error {
	select {
	case x.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return im.Errorf(im.CodeBusy, "too many are signing in")
	}
}

func (x *accounts) endHashing() { <-x.hashing }

// checkPassword returns im.CodeWrongPassword unless password is u's. An
// unknown user costs as much time as a wrong password.
func (x *accounts) checkPassword(ctx context.Context, u im.UserID, password string) error {
	wrong := im.Errorf(im.CodeWrongPassword, "wrong user or password")
	if len(password) > im.MaxPasswordBytes {
		return wrong
	}
	a, err := x.get(ctx, u)
	if err != nil && im.CodeOf(err) != im.CodeUserNotFound {
		return err
	}
	if err := x.beginHashing(ctx); err != nil {
		return err
	}
	defer x.endHashing()
	if auth.CheckPassword(a.Hash, password) != nil {
		return wrong
	}
	return nil
}

// profile returns what u shows of itself, im.CodeUserNotFound if u is nobody.
func (x *accounts) profile(ctx context.Context, u im.UserID) (im.Profile, error) {
	found, err := x.profilesOf(ctx, []im.UserID{u})
	if err != nil {
		return im.Profile{}, err
	}
	p, ok := found[u]
	if !ok {
		return p, im.Errorf(im.CodeUserNotFound, "there is no user %s", u)
	}
	return p, nil
}

// profilesOf returns the profiles of those users that exist.
func (x *accounts) profilesOf(ctx context.Context, users []im.UserID) (map[im.UserID]im.Profile, error) {
	found := make(map[im.UserID]im.Profile, len(users))
	var keys []string
	x.mu.Lock()
	for _, u := range users {
		if p, ok := x.cache[u]; ok {
			found[u] = p
		} else if u.Validate() == nil {
			keys = append(keys, encodeID(string(u)))
		}
	}
	x.mu.Unlock()
	if len(keys) == 0 {
		return found, nil
	}
	rows, err := x.profiles.many(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, e := range rows {
		p, err := decodeEntry[im.Profile](e)
		if err != nil {
			return nil, err
		}
		found[p.UserID] = p
		x.remember(p)
	}
	return found, nil
}

func (x *accounts) remember(p im.Profile) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.cache) >= profileCacheMax {
		clear(x.cache)
	}
	x.cache[p.UserID] = p
}

// setProfile replaces what u shows of itself.
func (x *accounts) setProfile(ctx context.Context, u im.UserID, p im.Profile) (im.Profile, error) {
	p.UserID, p.LastUpdatedTime = u, x.opt.Now().UnixMilli()
	if err := p.Validate(); err != nil {
		return p, err
	}
	b, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	if len(b) > profileMaxBytes {
		return p, im.Errorf(im.CodeProfileValueTooLong, "profile of %d bytes, %d are allowed", len(b), profileMaxBytes)
	}
	if _, err := x.profiles.put(ctx, encodeID(string(u)), p); err != nil {
		return p, err
	}
	x.remember(p)
	return p, nil
}
