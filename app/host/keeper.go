package host

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"magpie/app/core"
	"magpie/im"
)

// closePatience is how long a server may take to end.
const closePatience = 5 * time.Second

// Keeper keeps the server of a data folder running as long as a client of a
// local account needs it: this process runs it unless another one does, and
// takes over when that one ends.
type Keeper struct {
	dir  string
	user im.UserID
	o    Options
	ctx  context.Context // ends with Close
	stop context.CancelFunc

	mu   sync.Mutex // held while the server is looked at, started or ended
	host *Host
	away bool
}

// NewKeeper returns a keeper of the server of folder dir for an account on it. It
// starts nothing yet.
func NewKeeper(dir string, user im.UserID, o Options) *Keeper {
	k := &Keeper{dir: dir, user: user, o: o}
	k.ctx, k.stop = context.WithCancel(context.Background())
	return k
}

// Endpoint is for [core.Options]: it makes sure that there is a server and says
// where, with a fresh signature. Starting one may take longer than an attempt to
// connect may: a slow disk must not make it begin again and again. Only Close
// ends that.
func (k *Keeper) Endpoint(context.Context) (core.Endpoint, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.renew(); err != nil {
		return core.Endpoint{}, err
	}
	sig, err := k.host.UserSig(k.user)
	if err != nil {
		return core.Endpoint{}, err
	}
	return core.Endpoint{Server: k.host.URL(), UserSig: sig}, nil
}

// MakeAccount makes the account of the keeper unless the server has it, with a
// password that nobody knows: who may read the data folder signs in without.
// It starts the server if nobody serves the folder. Nothing is started any more
// once ctx ended in the middle of it.
func (k *Keeper) MakeAccount(ctx context.Context) error {
	defer context.AfterFunc(ctx, k.stop)()
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.renew(); err != nil {
		return err
	}
	err := k.host.CreateUser(ctx, k.user, rand.Text(), string(k.user))
	if im.CodeOf(err) == im.CodeUserExists {
		return nil
	}
	return err
}

// renew makes sure that k.host is a server that runs.
func (k *Keeper) renew() error {
	if err := k.ctx.Err(); err != nil {
		return err
	}
	if k.away {
		return im.Errorf(im.CodeServerUnreachable, "the server is away")
	}
	if k.host != nil && k.host.Alive(k.ctx) {
		return nil
	}
	if err := k.end(); err != nil {
		return err
	}
	opened, err := Open(k.ctx, k.dir, k.o)
	if err != nil {
		return err
	}
	k.host = opened
	return nil
}

// Leave ends the server, if it runs here, and does not start it again: for
// showing what a program does without.
func (k *Keeper) Leave() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.away = true
	return k.end()
}

// Return undoes Leave: the server is started again when it is asked for.
func (k *Keeper) Return() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.away = false
}

// Stop ends a start that is under way, so that whoever waits for Endpoint gets
// an error; Close is still to come.
func (k *Keeper) Stop() { k.stop() }

// Close ends the server if it runs here.
func (k *Keeper) Close() error {
	k.stop()
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.end()
}

func (k *Keeper) end() error {
	if k.host == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closePatience)
	defer cancel()
	err := k.host.Close(ctx)
	k.host = nil
	return err
}
