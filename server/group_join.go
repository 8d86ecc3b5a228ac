package server

import (
	"context"
	"crypto/subtle"
	"errors"
	"strings"

	"magpie/im"
)

// application is a request to join that the admins answer, or an invitation
// that the one invited does. A user has at most one of each in a group: a new
// one replaces it, and so does away with the right to answer the old one.
type application struct {
	Kind  applyKind  `json:"kind"`
	Group im.GroupID `json:"group"`
	User  im.UserID  `json:"user"` // who would become a member
	By    im.UserID  `json:"by"`   // who asked: User, or the inviter
	Time  int64      `json:"time"` // ms since 1970
	// Key names the application in its notice; Authentication, which nobody can
	// guess, proves that the answer comes from who got the notice.
	Key            string `json:"key"`
	Authentication string `json:"auth"`
}

type applyKind string

const (
	applyRequest applyKind = "a"
	applyInvite  applyKind = "i"
)

func newApplication(kind applyKind, g im.GroupID, u im.UserID, change *intent) application {
	return application{
		Kind: kind, Group: g, User: u, By: change.Operator, Time: change.Time,
		Key: "q-" + randomHex(8), Authentication: randomHex(16),
	}
}

func applicationKey(kind applyKind, g im.GroupID, u im.UserID) string {
	return string(kind) + "." + memberKey(g, u)
}

// writeApplications keeps those that a change opened and forgets those it
// answered.
func (x *groups) writeApplications(ctx context.Context, change *intent) error {
	for _, a := range change.Ask {
		if _, err := x.applications.put(ctx, applicationKey(a.Kind, a.Group, a.User), a); err != nil {
			return err
		}
	}
	for _, key := range change.Answer {
		if err := x.applications.remove(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// joinGroup makes user a member, or asks the admins to, as the group has it.
func (s *Server) joinGroup(ctx context.Context, user im.UserID, g im.GroupID, words string) (*groupState, im.JoinStatus, error) {
	if err := checkWords(words); err != nil {
		return nil, "", err
	}
	status := im.JoinSuccess
	st, err := s.changeGroup(ctx, user, g, func(st *groupState, change *intent) (bool, error) {
		if err := st.may(user, im.GroupOpJoin, ""); err != nil {
			return false, err
		}
		if st.isMember(user) {
			status = im.JoinAlreadyInGroup
			return false, nil
		}
		if st.doc.Group.JoinOption == im.JoinDisabled {
			return false, im.Errorf(im.CodeGroupPermission, "group %s takes no requests to join", g)
		}
		if err := errors.Join(st.roomFor(1), s.mayJoinAnother(ctx, user)); err != nil {
			return false, err
		}
		if st.doc.Group.JoinOption == im.JoinNeedPermission {
			status = im.JoinWaitApproval
			return true, s.planRequest(ctx, st, change, words)
		}
		status = im.JoinSuccess
		return true, s.planJoin(ctx, st, change, user)
	})
	return st, status, err
}

// planRequest asks owner and admins to let the operator of the change in.
func (s *Server) planRequest(ctx context.Context, st *groupState, change *intent, words string) error {
	names, err := s.names(ctx, []im.UserID{change.Operator})
	if err != nil {
		return err
	}
	a := newApplication(applyRequest, st.doc.Group.GroupID, change.Operator, change)
	change.Ask = []application{a}
	var admins []im.UserID
	for u := range st.members {
		if st.may(u, im.GroupOpAnswer, "") == nil {
			admins = append(admins, u)
		}
	}
	p := change.note(st, im.NoticeJoinRequest, admins...)
	p.HandleMessage, p.MessageKey, p.Authentication, p.Names = words, a.Key, a.Authentication, names
	return nil
}

// planJoin makes u, who wants it, a member.
func (s *Server) planJoin(ctx context.Context, st *groupState, change *intent, u im.UserID) error {
	change.Admit = []im.UserID{u}
	if !st.doc.Group.Type.MemberTips() {
		return nil
	}
	return s.planTip(ctx, st, change, im.GroupTipPayload{
		OperationType: im.TipMemberJoin, UserIDList: change.Admit, GroupJoinType: im.JoinedByApplying,
	})
}

// answerToGroup is the answer to an application.
type answerToGroup struct {
	group               im.GroupID
	user                im.UserID // who asked; oneself for an invitation
	action              im.HandleAction
	words               string
	key, authentication string
}

// answerApplication lets in or refuses who asks to join, or accepts or refuses
// an invitation. The group's record decides which answer came first; all
// others are im.CodeRequestHandled.
func (s *Server) answerApplication(ctx context.Context, user im.UserID, f answerToGroup) error {
	if f.action != im.HandleAgree && f.action != im.HandleReject {
		return im.Errorf(im.CodeInvalidGroupParameter, "action %.20q is neither %s nor %s", f.action, im.HandleAgree, im.HandleReject)
	}
	if err := errors.Join(f.user.Validate(), checkWords(f.words)); err != nil {
		return err
	}
	kind := applyRequest
	if f.user == user {
		kind = applyInvite
	}
	_, err := s.changeGroup(ctx, user, f.group, func(st *groupState, change *intent) (bool, error) {
		if kind == applyRequest {
			if err := st.may(user, im.GroupOpAnswer, ""); err != nil {
				return false, err
			}
		}
		key := applicationKey(kind, f.group, f.user)
		var a application
		_, err := s.groups.applications.get(ctx, key, &a)
		if err != nil && !errors.Is(err, errNoMessage) {
			return false, err
		}
		if err != nil || !a.answeredBy(f.key, f.authentication) || st.isMember(f.user) {
			return false, im.Errorf(im.CodeRequestHandled, "it was answered, renewed or withdrawn")
		}
		change.Answer = []string{key}
		op := map[applyKind]im.GroupNoticeOperation{applyRequest: im.NoticeJoinRefused, applyInvite: im.NoticeInviteRefused}[kind]
		if f.action == im.HandleAgree {
			if err := errors.Join(st.roomFor(1), s.mayJoinAnother(ctx, f.user)); err != nil {
				return false, err
			}
			if err := s.planJoin(ctx, st, change, f.user); err != nil {
				return false, err
			}
			op = map[applyKind]im.GroupNoticeOperation{applyRequest: im.NoticeJoinAccepted, applyInvite: im.NoticeInviteAccepted}[kind]
		}
		names, err := s.names(ctx, []im.UserID{user})
		p := change.note(st, op, a.By) // the applicant itself, or the inviter
		p.HandleMessage, p.Names = f.words, names
		return true, err
	})
	return err
}

// answeredBy reports whether key and authentication are those of the
// application's notice.
func (a application) answeredBy(key, authentication string) bool {
	right := subtle.ConstantTimeCompare([]byte(a.Key), []byte(key)) & subtle.ConstantTimeCompare([]byte(a.Authentication), []byte(authentication))
	return right == 1
}

// checkWords returns im.CodeInvalidGroupParameter unless words may go with a
// request, an answer or a removal.
func checkWords(words string) error {
	if len(words) > im.MaxHandleMessageBytes || strings.ContainsRune(words, 0) {
		return im.Errorf(im.CodeInvalidGroupParameter, "words of %d bytes, %d are allowed, without NUL", len(words), im.MaxHandleMessageBytes)
	}
	return nil
}
