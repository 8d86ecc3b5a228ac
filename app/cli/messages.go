package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"magpie/app/core"
	"magpie/im"
)

func send(ctx context.Context, e *Env, args []string) (err error) {
	f, a := e.accountFlags("send")
	to := f.String("to", "", "the `user` to send to")
	groupID := f.String("group", "", "the `group` to send to")
	var att attachment
	att.register(f)
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	path, as, err := att.chosen()
	if err != nil {
		return err
	}
	if (*to == "") == (*groupID == "") {
		return usageError("say either --to or --group")
	}
	text := strings.Join(rest, " ")
	if path != "" && text != "" {
		return usageError("a file and a text are two messages")
	}
	if text == "" && path == "" {
		return usageError("no text; use - to take it from standard input")
	}
	s, err := a.open(ctx, e, connected)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()

	if text == "-" { // read by the process that sends it
		if text, err = readText(e.Stdin); err != nil {
			return err
		}
	}
	t, dest := im.ConvC2C, *to
	if *groupID != "" {
		t, dest = im.ConvGroup, *groupID
	}
	var p im.Payload = im.TextPayload{Text: text}
	if path != "" {
		if p, err = s.payload(ctx, e, path, as); err != nil {
			return err
		}
	}
	m, err := s.client.SendMessage(ctx, s.client.CreateMessage(t, dest, p), im.SendOptions{})
	if err != nil {
		return err
	}
	return s.deliver(ctx, e, m.ID, a.timeout)
}

// readText reads the text of a message, without the line break at its end.
func readText(in io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(in, im.MaxMessageBytes+2))
	if err != nil {
		return "", fmt.Errorf("read the text: %w", err)
	}
	text := strings.TrimSuffix(string(b), "\n")
	if text == "" {
		return "", usageError("there is no text on standard input")
	}
	return text, nil
}

// deliver waits until a message of the outbox is acknowledged and prints it. One
// that is not is kept, and sent by the next command or window. As long as files
// are on their way it goes on waiting.
func (s *session) deliver(ctx context.Context, e *Env, id im.MessageID, timeout time.Duration) error {
	wait, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	patience := time.AfterFunc(timeout, func() { cancel(context.DeadlineExceeded) })
	defer patience.Stop()
	sub := s.client.Subscribe()
	defer sub.Close()
	// A refused sign-in would leave the message waiting: say so at once.
	ready := make(chan error, 1)
	go func() { ready <- s.client.WaitReady(wait) }()
	type result struct {
		m   im.Message
		err error
	}
	sent := make(chan result, 1)
	go func() {
		m, err := s.client.WaitSent(wait, id)
		sent <- result{m, err}
	}()
	for {
		var err error
		select {
		case ev := <-sub.Events():
			if p, is := ev.(core.TransferProgress); is && p.ID == id {
				patience.Reset(timeout)
			}
			continue
		case r := <-sent:
			if r.err == nil {
				return errors.Join(json.NewEncoder(e.Stdout).Encode(r.m), s.remember())
			}
			err = r.err
		case err = <-ready:
			ready = nil
			if code := im.CodeOf(err); err == nil || !refused(code) {
				continue // the message may still make it in time
			}
		}
		switch {
		case ctx.Err() != nil: // which also ends the client
			return &exitError{ExitQueued, errors.New("interrupted; the message is kept and will be sent next time")}
		case errors.Is(context.Cause(wait), context.DeadlineExceeded):
			return &exitError{ExitQueued, fmt.Errorf("%s did not answer within %s; the message is kept and will be sent next time", s.where(), timeout)}
		}
		return err
	}
}

func tail(ctx context.Context, e *Env, args []string) (err error) {
	f, a := e.accountFlags("tail")
	limit := f.Duration("for", 0, "stop after this `duration` (0: go on until interrupted)")
	count := f.Int("count", 0, "stop after this many `messages` received (0: never)")
	if rest, err := parse(f, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usageError("unexpected %q", rest[0])
	}
	s, err := a.open(ctx, e, prepared)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	sub := s.client.Subscribe()
	defer sub.Close()
	s.start(ctx)
	var stop <-chan time.Time
	if *limit > 0 {
		timer := time.NewTimer(*limit)
		defer timer.Stop()
		stop = timer.C
	}
	received := 0
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-stop:
			return nil
		case ev, ok := <-sub.Events():
			if !ok {
				return nil
			}
			line, err := core.MarshalEvent(ev)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(e.Stdout, "%s\n", line); err != nil {
				return err
			}
			switch ev := ev.(type) {
			case core.SDKReady:
				if err := s.remember(); err != nil {
					return err
				}
			case core.ErrorEvent:
				if ev.SignIn {
					return ev.Error
				}
			case core.KickedOut:
				return im.Errorf(im.CodeLoggedOut, "signed out by the server: %s", ev.Type)
			case core.MessageReceived:
				if received += len(ev.Messages); *count > 0 && received >= *count {
					return nil
				}
			}
		}
	}
}

func history(ctx context.Context, e *Env, args []string) (err error) {
	f, a := e.accountFlags("history")
	all := f.Bool("all", false, "the whole history, not only the last page")
	offline := offlineFlag(f)
	asJSON := f.Bool("json", false, "one JSON object a line")
	media := f.String("save-media", "", "also write the files of the messages into this `folder`")
	conv, err := oneConversation(parse(f, args))
	if err != nil {
		return err
	}
	s, err := a.open(ctx, e, online(!*offline))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if !*offline {
		if err := s.ready(ctx, a.timeout); err != nil {
			return err
		}
	}
	starts, missing, err := s.pageStarts(ctx, conv, *all)
	if err != nil {
		return err
	}
	save := saver{s: s, dir: *media, at: e.path(*media), offline: *offline}
	var failed []error
	for _, start := range slices.Backward(starts) {
		page, err := s.client.GetMessageList(ctx, conv, start, im.PageSize)
		if err != nil {
			return err
		}
		for i := range page.Messages {
			m := &page.Messages[i]
			if err := e.print(m, *asJSON); err != nil {
				return err
			}
			if *media == "" {
				continue
			}
			path, err := save.save(ctx, m)
			if err != nil {
				failed = append(failed, err)
			} else if path != "" {
				fmt.Fprintln(e.Stderr, "magpie: saved", path)
			}
		}
	}
	if missing {
		fmt.Fprintln(e.Stderr, "magpie: there is more on the server that is not on this disk yet")
	}
	return errors.Join(failed...)
}

// pageStarts fetches the last page of a conversation, or all of them, and returns
// what asks for them again, newest first. The messages themselves would fill the
// memory of a process that may be the window's.
func (s *session) pageStarts(ctx context.Context, conv im.ConversationID, all bool) (starts []im.MessageID, missing bool, err error) {
	var next im.MessageID
	for {
		list, err := s.client.GetMessageList(ctx, conv, next, im.PageSize)
		if err != nil {
			return nil, false, err
		}
		starts = append(starts, next)
		missing = missing || list.Offline
		if !all || list.IsCompleted || list.NextReqMessageID == "" {
			return starts, missing, nil
		}
		next = list.NextReqMessageID
	}
}

func (e *Env) print(m *im.Message, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(e.Stdout).Encode(m)
	}
	name := m.NameCard
	for _, n := range []string{m.Nick, string(m.From)} {
		if name == "" {
			name = n
		}
	}
	words := im.MessageForShow(m.Payload, e.Language)
	if m.IsRevoked {
		words = im.RevokedForShow(e.Language, m.Revoker, m.From, m.RevokerNick)
	}
	// A text may have lines; those after the first are indented below it.
	words = strings.ReplaceAll(words, "\n", "\n    ")
	_, err := fmt.Fprintf(e.Stdout, "%s  %s: %s\n", time.UnixMilli(m.Time).In(e.zone()).Format("2006-01-02 15:04:05"), name, words)
	return err
}

func conversations(ctx context.Context, e *Env, args []string) (err error) {
	f, a := e.accountFlags("conversations")
	offline := offlineFlag(f)
	asJSON := f.Bool("json", false, "one JSON object a line")
	if rest, err := parse(f, args); err != nil {
		return err
	} else if len(rest) > 0 {
		return usageError("unexpected %q", rest[0])
	}
	s, err := a.open(ctx, e, online(!*offline))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if !*offline {
		if err := s.ready(ctx, a.timeout); err != nil {
			return err
		}
	}
	for offset := 0; ; offset += im.ConversationPage {
		list, err := s.client.Conversations(ctx, offset, im.ConversationPage)
		if err != nil {
			return err
		}
		for i := range list {
			if err := e.printConversation(&list[i], *asJSON); err != nil {
				return err
			}
		}
		if len(list) < im.ConversationPage {
			return nil
		}
	}
}

func (e *Env) printConversation(c *im.Conversation, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(e.Stdout).Encode(c)
	}
	var when, last string
	if l := c.LastMessage; l != nil {
		when = time.UnixMilli(l.LastTime).In(e.zone()).Format("2006-01-02 15:04:05")
		if last = im.MessageForShow(l.Payload, e.Language); last == "" {
			last = l.MessageForShow
		}
		last, _, _ = strings.Cut(last, "\n")
	}
	_, err := fmt.Fprintf(e.Stdout, "%s\t%d\t%s\t%s\n", c.ConversationID, c.UnreadCount, when, last)
	return err
}

func online(yes bool) mode {
	if yes {
		return connected
	}
	return onDisk
}
