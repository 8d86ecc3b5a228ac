package server

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"magpie/im"
)

// admin is an endpoint on the loopback interface for tools that need the
// running server. It asks for the admin key of keys.json, so only who may read
// the data folder may use it.
type admin struct {
	server   *Server
	listener net.Listener
	http     *http.Server
	served   chan error
	path     string // of server.json
}

// Running is server.json: where the server of a data folder is reached.
type Running struct {
	URL     string `json:"url"`
	Address string `json:"address"`
	Admin   string `json:"admin"` // base URL of the administration endpoint
	PID     int    `json:"pid"`
}

// adminMaxBytes bounds one request.
const adminMaxBytes = 64 << 10

func startAdmin(s *Server) (*admin, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("server: listen for administration: %w", err)
	}
	a := &admin{server: s, listener: l, served: make(chan error, 1), path: runningPath(s.opt.Data)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", healthz)
	mux.HandleFunc("POST "+pathUsers, serveAdmin[newUser](a))
	mux.HandleFunc("POST "+pathKick, serveAdmin[kickRequest](a))
	mux.HandleFunc("POST "+pathNotice, serveAdmin[noticeRequest](a))
	mux.HandleFunc("POST "+pathNetwork, serveAdmin[networkRequest](a))
	mux.HandleFunc("POST "+pathInvite, serveAdmin[inviteRequest](a))
	a.http = &http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout, ReadTimeout: headerTimeout, MaxHeaderBytes: 16 << 10}
	go func() { a.served <- a.http.Serve(l) }()
	err = writeJSON(a.path, Running{URL: s.URL(), Address: s.Address(), Admin: "http://" + l.Addr().String(), PID: os.Getpid()}, nil)
	if err != nil {
		_ = a.close(context.Background())
		return nil, err
	}
	return a, nil
}

func (a *admin) close(ctx context.Context) error {
	err := a.http.Shutdown(ctx)
	if err != nil { // somebody does not let go; the listener is closed
		err = errors.Join(err, a.http.Close())
	}
	if e := <-a.served; !errors.Is(e, http.ErrServerClosed) {
		err = errors.Join(err, e)
	}
	if e := os.Remove(a.path); e != nil && !errors.Is(e, os.ErrNotExist) {
		err = errors.Join(err, e)
	}
	return err
}

// serveAdmin makes the handler of one kind of request.
func serveAdmin[Q administration](a *admin) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(key), []byte(a.server.keys.Admin)) != 1 {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		var q Q
		if err := json.NewDecoder(io.LimitReader(r.Body, adminMaxBytes)).Decode(&q); err != nil {
			answerAdmin(w, http.StatusBadRequest, im.Errorf(im.CodeInvalidRequest, "not JSON: %v", err))
			return
		}
		answer, err := q.do(r.Context(), a.server)
		if err != nil {
			answerAdmin(w, http.StatusUnprocessableEntity, err)
			return
		}
		if answer == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer) // whoever asked is gone if it fails
	}
}

func answerAdmin(w http.ResponseWriter, status int, err error) {
	var coded *im.Error
	if !errors.As(err, &coded) {
		coded = im.Errorf(im.CodeServerInternal, "%v", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(coded)
}

func runningPath(data string) string { return filepath.Join(data, "server.json") }

// forgetRunning removes the last word of a server that was killed, so that
// nobody is led to whoever has its port by now. The folder is locked.
func forgetRunning(data string) error {
	if err := os.Remove(runningPath(data)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("server: %w", err)
	}
	return nil
}

// ReadRunning returns where the server of a data folder is reached, as long as
// one runs; a server that was killed leaves its last word behind.
func ReadRunning(data string) (Running, error) {
	var r Running
	b, err := os.ReadFile(runningPath(data))
	if err != nil {
		return r, fmt.Errorf("server: %w", err)
	}
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("server: server.json is damaged: %w", err)
	}
	return r, nil
}
