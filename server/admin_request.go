package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"magpie/im"
)

// What an operator may ask of a server, running or not. Each is a request to the
// administration endpoint with the same JSON as its fields.
const (
	pathUsers  = "/admin/users"
	pathKick   = "/admin/kick"
	pathNotice = "/admin/notice"
)

// newUser is the request to make an account.
type newUser struct {
	User     im.UserID `json:"user"`
	Password string    `json:"password"`
	Nick     string    `json:"nick,omitempty"`
}

func (q newUser) do(ctx context.Context, s *Server) (any, error) {
	return nil, s.CreateUser(ctx, q.User, q.Password, q.Nick)
}

// kickRequest ends all sessions of a user.
type kickRequest struct {
	User im.UserID `json:"user"`
}

func (q kickRequest) do(ctx context.Context, s *Server) (any, error) {
	return nil, s.KickUser(ctx, q.User)
}

// noticeRequest sends words to members of a group, to all if none is named.
type noticeRequest struct {
	Group im.GroupID  `json:"group"`
	Users []im.UserID `json:"users,omitempty"`
	Text  string      `json:"text"`
}

func (q noticeRequest) do(ctx context.Context, s *Server) (any, error) {
	return nil, s.SendGroupNotice(ctx, q.Group, q.Users, q.Text)
}

// administration is something to be done to a server. What it answers is sent as
// JSON, nil as nothing.
type administration interface {
	do(ctx context.Context, s *Server) (any, error)
}

// AddUser makes an account in a data folder, through the server that has it
// open or else by opening it for the moment.
func AddUser(ctx context.Context, f Folder, user im.UserID, password, nick string) error {
	return administer(ctx, f, pathUsers, newUser{user, password, nick})
}

// KickUser is [Server.KickUser] on a data folder, served or not.
func KickUser(ctx context.Context, f Folder, user im.UserID) error {
	return administer(ctx, f, pathKick, kickRequest{user})
}

// SendGroupNotice is [Server.SendGroupNotice] on a data folder, served or not.
func SendGroupNotice(ctx context.Context, f Folder, g im.GroupID, users []im.UserID, text string) error {
	return administer(ctx, f, pathNotice, noticeRequest{g, users, text})
}

// administer has q done by the server that has the folder open, or else opens it
// for the moment.
func administer(ctx context.Context, f Folder, path string, q administration) error {
	s, err := Open(ctx, Options{Data: f.Data, Key: f.Key, Quiet: true})
	if err == nil {
		_, err := q.do(ctx, s)
		return errors.Join(err, s.Close(ctx))
	}
	if im.CodeOf(err) != im.CodeDataFolderInUse {
		return err
	}
	if asked := askRunning(ctx, f, path, q, nil); !errors.Is(asked, errNotServed) {
		return asked
	}
	return err // in use, and by no server that could be asked
}

// errNotServed: no server could be asked.
var errNotServed = errors.New("server: nobody serves the data folder")

// askRunning has q done by the server that runs on a folder; its answer goes into
// answer, unless that is nil.
func askRunning(ctx context.Context, f Folder, path string, q, answer any) error {
	keys, kerr := ReadKeys(f)
	running, rerr := ReadRunning(f.Data)
	if code := im.CodeOf(kerr); code == im.CodeSealed || code == im.CodeWrongKey {
		return kerr
	}
	if kerr != nil || rerr != nil || running.Admin == "" {
		return errNotServed
	}
	return running.ask(ctx, keys.Admin, path, q, answer)
}

// adminTimeout bounds one request to a running server, adminAnswerMaxBytes its answer:
// that of ten thousand people who joined is far below it.
const (
	adminTimeout        = 30 * time.Second
	adminAnswerMaxBytes = 8 << 20
)

// ask hands a request to a running server.
func (r Running) ask(ctx context.Context, key, path string, request, into any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, adminTimeout)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Admin+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	q.Header.Set("Authorization", "Bearer "+key)
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true, Proxy: nil}}
	answer, err := client.Do(q)
	if err != nil {
		return fmt.Errorf("server: ask the running server: %w", err)
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode == http.StatusNoContent && into == nil:
		return nil
	case answer.StatusCode == http.StatusOK && into != nil:
		if err := json.NewDecoder(io.LimitReader(answer.Body, adminAnswerMaxBytes)).Decode(into); err != nil {
			return fmt.Errorf("server: the answer of the running server: %w", err)
		}
		return nil
	}
	var coded im.Error
	if json.NewDecoder(io.LimitReader(answer.Body, adminMaxBytes)).Decode(&coded) == nil && coded.Code != 0 {
		return &coded
	}
	return fmt.Errorf("server: the running server answered %s", answer.Status)
}
