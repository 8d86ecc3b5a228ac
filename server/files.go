package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	tus "github.com/tus/tusd/v2/pkg/handler"

	"magpie/im"
	"magpie/im/wire"
	"magpie/server/auth"
)

// filesGate lets requests for files in: those of users that are signed in, a few
// of each at a time.
type filesGate struct {
	server  *Server
	gateway *gateway

	mu     sync.Mutex
	users  map[im.UserID]int
	closed bool
	work   sync.WaitGroup
}

// requestsPerUser bounds the requests for files of one user that are answered at
// a time.
const requestsPerUser = 24

func newFilesGate(g *gateway) *filesGate {
	return &filesGate{server: g.server, gateway: g, users: map[im.UserID]int{}}
}

// serve wraps a handler that may rely on userOf.
func (g *filesGate) serve(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		if !g.gateway.checkOrigin(r) {
			http.Error(w, "the origin is not allowed", http.StatusForbidden)
			return
		}
		user, err := g.signedIn(r)
		if err == nil {
			err = g.enter(user)
		}
		if err != nil {
			g.answerError(w, r, err)
			return
		}
		defer g.leave(user)
		next(w, r.WithContext(withUser(r.Context(), user)))
	}
}

// signedIn returns the user whose token the request bears.
func (g *filesGate) signedIn(r *http.Request) (im.UserID, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return "", im.Errorf(im.CodeUserSigEmpty, "no token was given")
	}
	claims, err := auth.ParseToken(g.server.keys.Tokens, token, g.server.opt.Now())
	if err != nil {
		return "", err
	}
	return claims.User, g.server.accounts.issuedInTime(r.Context(), claims.User, claims.Issued)
}

func (g *filesGate) enter(u im.UserID) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return im.Errorf(im.CodeBusy, "the server is stopping")
	}
	if g.users[u] >= requestsPerUser {
		return im.Errorf(im.CodeBusy, "more than %d requests for files at once", requestsPerUser)
	}
	g.users[u]++
	g.work.Add(1)
	return nil
}

func (g *filesGate) leave(u im.UserID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.users[u]--; g.users[u] == 0 {
		delete(g.users, u)
	}
	g.work.Done()
}

// close lets nothing more in; work counts what is still going on.
func (g *filesGate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed = true
}

// upload hands a request to the tus protocol.
func (g *filesGate) upload(w http.ResponseWriter, r *http.Request) {
	id := strings.TrimPrefix(r.URL.Path, wire.FilesPath)
	if id != "" && !validUploadID(id) {
		g.answerError(w, r, noBlob(""))
		return
	}
	g.server.uploads.handler.ServeHTTP(w, r)
}

// slowest is how slow a client may be, in bytes a second.
const slowest = 16 << 10

// download answers with a file or a part of it.
func (g *filesGate) download(w http.ResponseWriter, r *http.Request) {
	hash := r.PathValue("hash")
	ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
	defer cancel()
	b := g.server.blobs
	f, err := b.open(hash)
	if err == nil {
		defer f.Close()
	}
	if err == nil || im.CodeOf(err) == im.CodeBlobDamaged {
		err = errors.Join(g.server.authoriseBlob(ctx, userOf(ctx), hash), err) // the first is told
	}
	if err != nil {
		g.answerError(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", "attachment")
	h.Set("Content-Security-Policy", "sandbox")
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("ETag", `"`+hash+`"`)
	// Whoever reads slower than this, or not at all, asks for the rest again.
	patience := requestTimeout + time.Duration(f.size/slowest)*time.Second
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(patience)); err != nil {
		g.server.opt.Logf("files: %v", err)
	}
	if b.key != nil {
		w = largeWriter{w}
	}
	http.ServeContent(w, r, "", time.Time{}, f.ReadSeeker)
}

// largeWriter takes an answer in pieces of several chunks of a sealed file, each of
// which is then opened straight into the buffer.
type largeWriter struct{ http.ResponseWriter }

// ReadFrom implements io.ReaderFrom.
func (w largeWriter) ReadFrom(r io.Reader) (int64, error) {
	buf := chunkBuffers.Get().(*[]byte)
	defer chunkBuffers.Put(buf)
	return io.CopyBuffer(struct{ io.Writer }{w.ResponseWriter}, struct{ io.Reader }{r}, *buf)
}

// headerCode says which code an answer's error has, for answers without a body.
const headerCode = "Magpie-Error"

// answerError answers with an error as the protocol has it.
func (g *filesGate) answerError(w http.ResponseWriter, r *http.Request, err error) {
	e := g.server.told(err)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set(headerCode, strconv.Itoa(int(e.Code)))
	w.WriteHeader(statusOf(e.Code))
	if r.Method != http.MethodHead {
		_ = json.NewEncoder(w).Encode(e) // the client is gone if it fails
	}
}

// tusError is err in the form in which tusd answers with it as the protocol has
// it.
func (s *Server) tusError(err error) error {
	var ready tus.Error
	if errors.As(err, &ready) {
		return ready
	}
	e := s.told(err)
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	code := strconv.Itoa(int(e.Code))
	return tus.Error{ErrorCode: code, Message: e.Text, HTTPResponse: tus.HTTPResponse{
		StatusCode: statusOf(e.Code), Body: string(body),
		Header: tus.HTTPHeader{"Content-Type": "application/json", headerCode: code},
	}}
}

// told is err as a client hears it; what it is not told goes to the operator.
func (s *Server) told(err error) *im.Error {
	err = publicError(storeError(err))
	var hidden *hiddenError
	if errors.As(err, &hidden) {
		s.opt.Logf("files: %v", hidden)
	}
	var e *im.Error
	errors.As(err, &e)
	return e
}

// statusOf is the HTTP status that goes with a code.
func statusOf(c im.Code) int {
	switch c {
	case im.CodeBlobNotFound:
		return http.StatusNotFound
	case im.CodeBlobDamaged:
		return statusChecksumMismatch
	case im.CodeDiskFull:
		return http.StatusInsufficientStorage
	case im.CodeBusy:
		return http.StatusServiceUnavailable
	case im.CodeServerInternal:
		return http.StatusInternalServerError
	case im.CodeFileTooLarge:
		return http.StatusRequestEntityTooLarge
	case im.CodeInvalidParameter, im.CodeFileEmpty:
		return http.StatusBadRequest
	}
	return http.StatusUnauthorized // what signing in is refused with
}

// statusChecksumMismatch is the status that the tus protocol has for it.
const statusChecksumMismatch = 460
