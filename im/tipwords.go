package im

import (
	"fmt"
	"strings"
)

// maxNamed is how many users a sentence names before it counts them.
const maxNamed = 5

// Words is the tip as a sentence, with the nicks of that time. An operation
// that this program does not know is told in general words.
func (p GroupTipPayload) Words(l Language) string {
	op := person(p.Names, p.OperatorID)
	users := p.UserIDList
	if len(users) == 0 {
		users = []UserID{p.OperatorID}
	}
	who := people(l, p.Names, users)
	byOther := p.OperatorID != "" && p.OperatorID != SystemUser && (len(users) != 1 || users[0] != p.OperatorID)
	switch p.OperationType {
	case TipMemberJoin:
		if byOther && p.GroupJoinType != JoinedByApplying {
			return l.pick(op+" brought "+who+" into the group", op+"邀请"+who+"加入了群聊")
		}
		return l.pick(who+" joined the group", who+"加入了群聊")
	case TipMemberQuit:
		return l.pick(who+" left the group", who+"退出了群聊")
	case TipMemberKickedOut:
		if byOther {
			return l.pick(op+" removed "+who+" from the group", op+"将"+who+"移出了群聊")
		}
		return l.pick(who+was(users)+" removed from the group", who+"被移出了群聊")
	case TipMemberSetAdmin:
		if len(users) == 1 {
			return l.pick(who+" is now an admin", who+"成为了管理员")
		}
		return l.pick(who+" are now admins", who+"成为了管理员")
	case TipMemberCanceledAdmin:
		if len(users) == 1 {
			return l.pick(who+" is no longer an admin", who+"不再是管理员")
		}
		return l.pick(who+" are no longer admins", who+"不再是管理员")
	case TipGroupProfileUpdated:
		return p.changeWords(l, op)
	case TipMemberProfileUpdated:
		return p.muteWords(l)
	}
	return l.pick("Something changed in the group", "群聊有新的变动")
}

// changeWords tells each changed field of the group's profile.
func (p GroupTipPayload) changeWords(l Language, op string) string {
	if op == "" {
		op = l.pick("Somebody", "有人")
	}
	c := p.NewGroupProfile
	if c == nil {
		return op + l.pick(" changed the group's profile", "修改了群资料")
	}
	var did []string
	add := func(en, zh string) { did = append(did, l.pick(en, zh)) }
	// text tells of a field by its new value, or that it was emptied.
	text := func(v *string, set, setZH, emptied, emptiedZH string) {
		if v == nil {
			return
		}
		if s := oneLine(*v); s != "" {
			add(set+" "+quoted(l, s), setZH+quoted(l, s))
		} else {
			add(emptied, emptiedZH)
		}
	}
	text(c.Name, "renamed the group to", "将群名修改为", "took away the group's name", "清除了群名")
	if c.Avatar != nil {
		add("changed the group's picture", "更换了群头像")
	}
	text(c.Introduction, "changed the description to", "将群简介修改为", "took away the description", "清除了群简介")
	text(c.Notification, "put up the notice", "发布了群公告", "took down the notice", "清除了群公告")
	if c.OwnerID != nil {
		owner := person(p.Names, *c.OwnerID)
		add("made "+owner+" the owner", "将群主转让给"+owner)
	}
	if c.JoinOption != nil {
		switch *c.JoinOption {
		case JoinFree:
			add("let everybody join", "允许任何人加群")
		case JoinNeedPermission:
			add("let people join when an admin agrees", "设置加群需要管理员同意")
		case JoinDisabled:
			add("stopped people from joining by themselves", "禁止申请加群")
		default:
			add("changed who may join", "修改了加群方式")
		}
	}
	if c.MuteAllMembers != nil {
		if *c.MuteAllMembers {
			add("muted everybody but the admins", "开启了全员禁言")
		} else {
			add("let everybody speak again", "解除了全员禁言")
		}
	}
	if len(did) == 0 {
		add("changed the group's profile", "修改了群资料")
	}
	return op + l.pick(" ", "") + strings.Join(did, l.pick(", ", "，"))
}

// muteWords tells who may not speak for how long.
func (p GroupTipPayload) muteWords(l Language) string {
	if len(p.MemberList) == 0 {
		return l.pick("The profile of a member changed", "群成员资料有更新")
	}
	var all []string
	for _, m := range p.MemberList[:min(len(p.MemberList), maxNamed)] {
		who := person(p.Names, m.UserID)
		if m.MuteTime <= 0 {
			all = append(all, l.pick(who+" may speak again", who+"被解除禁言"))
		} else {
			all = append(all, l.pick(who+" was muted for "+span(l, m.MuteTime), who+"被禁言"+span(l, m.MuteTime)))
		}
	}
	if n := len(p.MemberList) - maxNamed; n > 0 {
		all = append(all, fmt.Sprintf(l.pick("and %d more", "另有 %d 人"), n))
	}
	return strings.Join(all, l.pick(", ", "，"))
}

// Words is the notice as a sentence, with the nicks of that time. An operation
// that this program does not know is told in general words.
func (p GroupNoticePayload) Words(l Language) string {
	as := func(name string) string { return name }
	return p.sentence(l, as, func(group string) string { return quoted(l, group) })
}

// quoted is a name among words. In Chinese fonts curved marks are as wide as a character,
// which tears an English sentence apart.
func quoted(l Language, s string) string { return l.pick(`"`, "“") + s + l.pick(`"`, "”") }

// Stretch is a part of a sentence. Name says that it is what somebody or something is
// called, which others have chosen.
type Stretch struct {
	Text string
	Name bool
}

// What stands around a name until the sentence is cut up. Both are taken out of all that
// others wrote.
const (
	nameBegins = '\x02'
	nameEnds   = '\x03'
)

// Stretches are [GroupNoticePayload.Words] cut up: the group, and who waits for an
// answer, are names, without quotation marks.
func (p GroupNoticePayload) Stretches(l Language) []Stretch {
	bare := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == nameBegins || r == nameEnds {
				return -1
			}
			return r
		}, s)
	}
	name := func(s string) string { return string(nameBegins) + bare(s) + string(nameEnds) }
	op := bare
	if p.Asks() {
		op = name
	}
	p.HandleMessage, p.UserDefinedField = bare(p.HandleMessage), bare(p.UserDefinedField)
	var all []Stretch
	add := func(s string, name bool) {
		if s != "" {
			all = append(all, Stretch{s, name})
		}
	}
	rest := p.sentence(l, op, name)
	for {
		before, after, found := strings.Cut(rest, string(nameBegins))
		add(before, false)
		if !found {
			return all
		}
		before, rest, _ = strings.Cut(after, string(nameEnds))
		add(before, true)
	}
}

// sentence is the notice in words, with the names as they are to be written.
func (p GroupNoticePayload) sentence(l Language, asPerson, asGroup func(string) string) string {
	op := person(p.Names, p.OperatorID)
	if op == "" || p.OperatorID == SystemUser {
		op = l.pick("An admin", "管理员")
	} else {
		op = asPerson(op)
	}
	group := asGroup(oneLine(p.GroupProfile.Best()))
	said := ""
	if s := oneLine(p.HandleMessage); s != "" {
		said = l.pick(": ", "：") + s
	}
	switch p.OperationType {
	case NoticeJoinRequest:
		return l.pick(op+" asks to join "+group, op+"申请加入群聊"+group) + said
	case NoticeJoinAccepted:
		return l.pick("You are now a member of "+group, "你已加入群聊"+group) + said
	case NoticeJoinRefused:
		return l.pick("Your request to join "+group+" was declined", "你加入群聊"+group+"的申请被拒绝") + said
	case NoticeKickedOut:
		return l.pick(op+" removed you from "+group, op+"将你移出了群聊"+group) + said
	case NoticeDismissed:
		return l.pick(op+" closed the group "+group, op+"解散了群聊"+group)
	case NoticeCreated:
		return l.pick(op+" created the group "+group, op+"创建了群聊"+group)
	case NoticeInvited:
		return l.pick(op+" brought you into "+group, op+"邀请你加入了群聊"+group)
	case NoticeQuit:
		return l.pick("You left "+group, "你已退出群聊"+group)
	case NoticeSetAdmin:
		return l.pick(op+" made you an admin of "+group, op+"将你设为群聊"+group+"的管理员")
	case NoticeCanceledAdmin:
		return l.pick(op+" took back your admin rights in "+group, op+"取消了你在群聊"+group+"的管理员身份")
	case NoticeRecycled:
		return l.pick("The group "+group+" no longer exists", "群聊"+group+"已被系统回收")
	case NoticeInvitation:
		return l.pick(op+" invites you to join "+group, op+"邀请你加入群聊"+group+"，等待你同意") + said
	case NoticeInviteAccepted:
		return l.pick(op+" accepted your invitation to "+group, op+"接受了你加入群聊"+group+"的邀请")
	case NoticeInviteRefused:
		return l.pick(op+" declined your invitation to "+group, op+"拒绝了你加入群聊"+group+"的邀请") + said
	case NoticeReadSync:
		return l.pick("You read "+group+" on another device", "你在其他设备上阅读了群聊"+group)
	case NoticeRemindType:
		return l.pick("You changed the notifications of "+group+" on another device", "你在其他设备上修改了群聊"+group+"的消息提醒")
	case NoticeCustom:
		if s := oneLine(p.UserDefinedField); s != "" {
			return s
		}
		return l.pick("A notice from "+group, "来自群聊"+group+"的通知")
	}
	return l.pick("Something changed in "+group, "群聊"+group+"有新的变动")
}

// person is the nick of u at that time, else its id.
func person(names map[UserID]string, u UserID) string {
	if n := oneLine(names[u]); n != "" {
		return n
	}
	return string(u)
}

// people lists users, the first few by name.
func people(l Language, names map[UserID]string, users []UserID) string {
	named := make([]string, 0, maxNamed)
	for _, u := range users[:min(len(users), maxNamed)] {
		named = append(named, person(names, u))
	}
	more := len(users) - len(named)
	if l == Chinese {
		list := strings.Join(named, "、")
		if more > 0 {
			return fmt.Sprintf("%s等 %d 人", list, len(users))
		}
		return list
	}
	switch last := len(named) - 1; {
	case more > 0:
		return fmt.Sprintf("%s and %d more", strings.Join(named, ", "), more)
	case last > 0:
		return strings.Join(named[:last], ", ") + " and " + named[last]
	}
	return named[0]
}

func was(users []UserID) string {
	if len(users) == 1 {
		return " was"
	}
	return " were"
}

// span writes seconds in the largest unit that tells it to a person.
func span(l Language, seconds int64) string {
	unit := func(n int64, en, zh string) string {
		if l == Chinese {
			return fmt.Sprintf(" %d %s", n, zh)
		}
		if n == 1 {
			return "1 " + en
		}
		return fmt.Sprintf("%d %ss", n, en)
	}
	switch {
	case seconds < 60:
		return unit(seconds, "second", "秒")
	case seconds < 3600:
		return unit((seconds+59)/60, "minute", "分钟")
	case seconds < 86400:
		return unit((seconds+3599)/3600, "hour", "小时")
	}
	return unit((seconds-1)/86400+1, "day", "天")
}
