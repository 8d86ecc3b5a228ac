package im

// groupText has the words for groups and for what happens to messages in them.
func groupText(c Code) (en, zh string) {
	switch c {
	// Found by the program itself.
	case CodeInvalidGroupType:
		return "There is no such kind of group. Choose one of those offered.", "群类型无效，请从列表中选择。"
	case CodeCannotJoinWork:
		return "Nobody can join a work group alone. Ask a member to bring you in.", "工作群不能主动加入，请让群成员邀请你。"
	case 2602, CodeInvalidGroupID:
		return "A group id has 1 to 48 plain characters and does not begin with \"@TGS#\". Choose another.", "群 ID 须为 1 至 48 个普通字符，且不能以“@TGS#”开头，请重新填写。"
	case 2603, CodeGroupNotFound, CodeGroupIDUnknown:
		return "There is no such group, or it was closed. Check the id or ask a member.", "群聊不存在或已解散，请检查群 ID 或询问群成员。"
	case 2620:
		return "A live room keeps its owner. Make a new room instead.", "直播群不能转让群主，可新建一个群。"
	case 2621:
		return "You are the owner already. Choose somebody else.", "你已经是群主，请选择其他成员。"
	case 2622:
		return "A work group cannot be closed. You can leave it.", "工作群不能解散，可以退出该群。"
	case CodeMemberNotInGroup:
		return "This person is not in the group. Look at the list of members again.", "该用户不在群中，请刷新成员列表。"
	case 2660:
		return "You could not join the group. Check the id and try again.", "加入群聊失败，请检查群 ID 后重试。"
	case CodeGroupNoInvite:
		return "Nobody can be brought into a live room. Give them its id to join by themselves.", "直播群不支持邀请成员，请让对方通过群 ID 自行加入。"
	case 2662:
		return "Only live rooms can be joined without signing in. Sign in first.", "未登录时只能加入直播群，请先登录。"
	case 2680:
		return "Nobody can be removed from a live room. Mute them instead.", "直播群不支持移出成员，可将其禁言。"
	case CodeNotOwner:
		return "Only the owner of the group can do this. Ask the owner.", "只有群主可以进行此操作，请联系群主。"
	case 2682:
		return "Groups of this kind have no admins. Nothing was changed.", "该类型的群不支持设置管理员，未作更改。"
	case CodeInvalidRole:
		return "There is no such role in a group. Choose member or admin.", "群成员身份无效，请选择成员或管理员。"
	case CodeOwnRole:
		return "You cannot change your own role. Ask the owner.", "不能更改自己的群身份，请联系群主。"
	case CodeMuteSelf:
		return "You cannot mute yourself. Choose somebody else.", "不能将自己禁言，请选择其他成员。"
	case 2686:
		return "This length of time is not allowed. Choose another.", "禁言时长无效，请重新选择。"
	case CodeInvalidGroupName:
		return "A group needs a name of at most 30 bytes on one line, about ten Chinese characters. Choose another.", "群名称不能为空，最多 30 字节（约 10 个汉字），且不能换行。请修改。"
	case CodeInvalidGroupIntroduction:
		return "The description is longer than 240 bytes. Shorten it.", "群简介超过 240 字节，请缩短。"
	case CodeInvalidGroupNotification:
		return "The notice is longer than 300 bytes. Shorten it.", "群公告超过 300 字节，请缩短。"
	case CodeInvalidGroupAvatar:
		return "The address of the picture is longer than 100 bytes. Choose another picture.", "群头像地址超过 100 字节，请更换头像。"
	case CodeInvalidNameCard:
		return "A name in the group has at most 50 bytes on one line. Choose another.", "群名片最多 50 字节，且不能换行，请修改。"

	// Said by the server.
	case CodeGroupInternal:
		return "The server had a problem with the group. Try again.", "服务器处理群聊时出错，请重试。"
	case 10003, 10026:
		return "The server does not offer this. Update the program, or ask whoever runs the server.", "服务器不支持该操作，请更新程序或联系管理员。"
	case CodeInvalidGroupParameter, 10011:
		return "Something in the request about the group is not allowed. Check what you entered.", "群聊请求的内容无效，请检查输入。"
	case CodeTooManyAccounts:
		return "Those are too many people at once. Choose fewer.", "一次选择的用户过多，请减少人数。"
	case CodeGroupRate:
		return "That was too often for this group. Wait a moment and try again.", "对该群的操作过于频繁，请稍候再试。"
	case CodeGroupPermission:
		return "You are not allowed to do this in the group. Ask the owner or an admin.", "你没有该操作的权限，请联系群主或管理员。"
	case 10008, 10012:
		return "The server did not accept who you are. Sign in again.", "身份验证未通过，请重新登录。"
	case CodeOwnerMayNotQuit:
		return "The owner cannot leave this group. Hand it to somebody else or close it.", "群主不能退出该群，请先转让群主或解散群聊。"
	case CodeAlreadyMember:
		return "This person is a member already. There is nothing to do.", "对方已是群成员，无需重复邀请。"
	case CodeGroupFull:
		return "The group is full. Somebody must leave first, or make another group.", "群成员已满，请待有人退出后再试，或新建群聊。"
	case CodeGroupRefused:
		return "The operator of the server does not allow this. Ask whoever runs it.", "服务方拒绝了该操作，请联系管理员。"
	case CodeMuted:
		return "You are muted in this group. Wait until it is over, or ask an admin.", "你已被禁言，请等待禁言结束或联系管理员。"
	case 10018:
		return "The answer would be too large. Ask for less at once.", "返回内容过多，请减少每次请求的数量。"
	case CodeGroupUserNotFound:
		return "There is no such person. Check the id.", "用户不存在，请检查用户 ID。"
	case CodeGroupIDTaken:
		return "This group id is taken. Choose another.", "该群 ID 已被使用，请换一个。"
	case CodeRateLimited:
		return "Too many messages in this group at once. Wait a second and send it again.", "群内消息发送过快，请稍等后重新发送。"
	case CodeRequestHandled:
		return "Somebody has answered this request already. There is nothing to do.", "该申请或邀请已被处理，无需重复操作。"
	case CodeGroupIDOwned:
		return "You already have a group of this id. Open it from the list.", "你已拥有该 ID 的群聊，可直接使用。"
	case CodeRevokeNotFound:
		return "The message that should be recalled is no longer there. There is nothing to do.", "要撤回的消息不存在，无需操作。"
	case CodeRevokeTooLate:
		return "The message is too old to be recalled. You can only do that for two minutes after sending.", "消息已超过可撤回的时间（默认 2 分钟），无法撤回。"
	case CodeRevokeUnsupported, 10033, 10041:
		return "Messages of this kind cannot be recalled. Ask an admin of the group to help.", "该类消息不支持撤回，可联系群管理员处理。"
	case 10034, 10035:
		return "Messages of this kind cannot be deleted here. You can leave them unread.", "该类消息不支持删除，可忽略它。"
	case 10036, 10058, CodeTooManyGroups:
		return "No more groups can be made or joined. Leave one first.", "可创建或加入的群聊数量已达上限，请先退出一些群聊。"
	case CodeTooManyMembers:
		return "The group would have more members than are allowed. Bring in fewer.", "群成员数量超过上限，请减少邀请人数。"
	case 10045:
		return "The name of a custom field is too long. Shorten it.", "自定义属性的名称过长，请缩短。"
	case CodeTooManyMentions:
		return "A message can mention 30 people at most. Mention fewer, or everybody.", "一条消息最多可 @ 30 人，请减少人数或 @所有人。"
	case 10054:
		return "The group has too many members to list at once. Load them page by page.", "群成员过多，请分页加载。"
	case 10056:
		return "Somebody else changed this at the same time. Look at it again and repeat your change.", "他人同时修改了该内容，请刷新后重试。"
	}
	return "", ""
}
