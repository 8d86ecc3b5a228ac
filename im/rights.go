package im

// GroupOperation is something a member, or somebody who wants to be one, does
// to a group.
type GroupOperation int

// Group operations.
const (
	GroupOpSend     GroupOperation = iota // say something
	GroupOpJoin                           // join or apply, of one's own accord
	GroupOpInvite                         // bring others in
	GroupOpQuit                           // leave
	GroupOpDismiss                        // end the group for everybody
	GroupOpTransfer                       // make another member the owner
	GroupOpSetRole                        // make a member an admin, or no longer one
	GroupOpKick                           // remove a member
	GroupOpMute                           // silence a member
	GroupOpMuteAll                        // silence everybody but owner and admins
	GroupOpEdit                           // change the group's profile
	GroupOpEditCard                       // change another member's name card
	GroupOpAnswer                         // accept or refuse who asks to join
	GroupOpRevoke                         // recall another member's message
)

// MayGroup decides whether somebody of a role ("" for who is no member) may do
// op in a group of type t, to a member of role target where op is done to one.
// The error is an *Error with the published code. It is the matrix of the
// interface's group types; whether the group is full, muted or gone is not
// looked at.
//
// Source: the interface's documentation of group types, and the client-side
// refusals of its 2.6 era (2601, 2620, 2622, 2661, 2680, 2682).
func MayGroup(t GroupType, role Role, op GroupOperation, target Role) error {
	if op == GroupOpJoin {
		if t == GroupWork {
			return Errorf(CodeCannotJoinWork, "nobody joins a work group without being invited")
		}
		return nil
	}
	// What the type does not know at all comes before who asks.
	switch {
	case op == GroupOpInvite && t == GroupAVChatRoom:
		return Errorf(CodeGroupNoInvite, "nobody is invited into a live room")
	case op == GroupOpTransfer && t == GroupAVChatRoom:
		return Errorf(CodeNoTransferInLive, "a live room keeps its owner")
	case op == GroupOpDismiss && t == GroupWork:
		return Errorf(CodeCannotDismissWork, "a work group cannot be dismissed")
	case op == GroupOpKick && t == GroupAVChatRoom:
		return Errorf(CodeNoKickInLive, "nobody is removed from a live room")
	case op == GroupOpSetRole && (t == GroupWork || t == GroupAVChatRoom):
		return Errorf(CodeNoRolesInType, "a %s group has no admins", t)
	case op == GroupOpRevoke && t == GroupAVChatRoom:
		return Errorf(CodeRevokeGroupType, "nothing is recalled in a live room")
	}
	if role == "" {
		return Errorf(CodeGroupPermission, "not a member of the group")
	}
	if op == GroupOpQuit && role == RoleOwner && !t.OwnerMayQuit() {
		return Errorf(CodeOwnerMayNotQuit, "the owner of a %s group cannot leave it", t)
	}
	if !groupAllows(t, role, op, target) {
		return Errorf(CodeGroupPermission, "a %s of a %s group may not do that", role, t)
	}
	return nil
}

func groupAllows(t GroupType, role Role, op GroupOperation, target Role) bool {
	owner := role == RoleOwner
	// above: the owner is above everybody, an admin above plain members.
	above := owner || role == RoleAdmin && target == RoleMember
	switch op {
	case GroupOpSend, GroupOpQuit:
		return true
	case GroupOpInvite:
		return t.MembersInvite() || role != RoleMember
	case GroupOpDismiss, GroupOpTransfer, GroupOpSetRole:
		return owner
	case GroupOpKick:
		return owner || t != GroupWork && above
	case GroupOpMute:
		return t != GroupWork && above
	case GroupOpMuteAll:
		return t != GroupWork && role != RoleMember
	case GroupOpEdit:
		switch t {
		case GroupWork:
			return true
		case GroupPublic:
			return role != RoleMember
		case GroupMeeting:
			return owner
		}
		return false // the operator's, in a live room
	case GroupOpEditCard, GroupOpRevoke:
		return above
	case GroupOpAnswer:
		return role != RoleMember
	}
	return false
}

// MaxMembers is how many members a group of type t may have, 0 for any number.
func (t GroupType) MaxMembers() int {
	if t == GroupAVChatRoom {
		return 0
	}
	return MaxGroupMembers
}

// Stored reports whether messages of groups of type t are kept: what is said in
// an AVChatRoom reaches who is there and nobody else.
func (t GroupType) Stored() bool { return t != GroupAVChatRoom }

// DefaultRemind is what a new member's messages of groups of type t do until it
// chooses otherwise.
func (t GroupType) DefaultRemind() RemindType {
	if t == GroupMeeting || t == GroupAVChatRoom {
		return RemindQuiet
	}
	return RemindNotify
}

// NeedsActivation reports whether a new group of type t stays hidden from its
// members until its owner has said something.
func (t GroupType) NeedsActivation() bool { return t == GroupWork }
