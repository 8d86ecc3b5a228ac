package im

// accountText has the words for messages between two people, contacts, profiles
// and the conversation list.
func accountText(c Code) (en, zh string) {
	switch c {
	// Messages.
	case CodeInvalidRequest:
		return "The server could not read the request. Update the program if there is a newer version.", "服务器无法识别该请求，请检查程序是否为最新版本。"
	case 20002:
		return "Your sign-in is no longer valid. Sign in again.", "登录状态已失效，请重新登录。"
	case CodeC2CUserNotFound:
		return "There is no such person to write to. Check the id.", "收发双方的用户不存在，请检查用户 ID。"
	case 20004:
		return "The connection was disturbed. Try again.", "网络异常，请重试。"
	case CodeServerInternal, 20018:
		return "The server had a problem. Try again.", "服务器出现问题，请重试。"
	case CodeSendRefused:
		return "The operator of the server does not let this message through. Change it, or ask whoever runs the server.", "服务方不允许发送该消息，请修改内容或联系管理员。"
	case CodeBlocked:
		return "This person does not take messages from you. Nothing was sent.", "对方拒绝接收你的消息，消息未发送。"
	case 20008:
		return "This person belongs to another application. Check the id.", "对方属于另一个应用，请检查用户 ID。"
	case CodeNotFriends, 20010, 20011:
		return "Only contacts can write to each other here. Add the person first.", "仅互为联系人时才能发送消息，请先添加对方。"
	case CodeSenderMuted:
		return "You may not send messages at the moment. Wait until that is over, or ask whoever runs the server.", "你已被禁言，请等待结束或联系管理员。"
	case CodeRevokeTooLateC2C:
		return "The message is too old to be recalled. You can only do that for two minutes after sending.", "消息已超过可撤回的时间（默认 2 分钟），无法撤回。"
	case CodeRevokeNotFoundC2C:
		return "The message that should be recalled is no longer there. There is nothing to do.", "要撤回的消息不存在，无需操作。"
	case CodeAlreadyRevoked:
		return "The message was recalled already. There is nothing to do.", "该消息已被撤回，无需重复操作。"

	// Contacts.
	case 30001:
		return "Something in the request about contacts is not allowed. Check what you entered.", "联系人请求的内容无效，请检查输入。"
	case 30003:
		return "There is no such person. Check the id.", "用户不存在，请检查用户 ID。"
	case CodeNotFriend:
		return "You two are not in each other's contacts. Add the person first.", "对方不是你的联系人，请先添加。"
	case CodeTooManyFriends:
		return "The list of contacts is full. Remove somebody first.", "联系人数量已达上限，请先删除一些联系人。"
	case 30515:
		return "You have blocked this person. Unblock them first.", "对方在你的黑名单中，请先将其移出。"
	case 30516, 30525:
		return "This person does not accept requests from you. You can ask them in another way.", "对方不接受你的好友申请，请通过其他方式联系。"
	case 30539:
		return "Your request was sent. Wait until the person has agreed.", "好友申请已发送，请等待对方确认。"

	// Profiles.
	case 40001, CodeProfileValueInvalid, 40610:
		return "Something in the profile is not allowed. Check what you entered.", "资料内容不符合要求，请检查输入。"
	case 40002, 40003:
		return "There is no such person. Check the id.", "用户不存在，请检查用户 ID。"
	case 40004, 50003:
		return "Only an administrator of the server can do this. Ask one.", "该操作需要管理员权限，请联系管理员。"
	case 40005:
		return "The profile has words that are not allowed here. Change them.", "资料包含不允许的词语，请修改。"
	case 40006, 50004:
		return "The server had a problem. Try again.", "服务器出现问题，请重试。"
	case 40007, 40008, 40009:
		return "This part of a profile cannot be seen or changed. Leave it as it is.", "该资料项无法查看或修改，请保持原样。"
	case CodeProfileValueTooLong:
		return "Something in the profile is too long. Nicks and signatures have at most 500 bytes. Shorten it.", "资料内容过长，昵称和签名最多 500 字节，请缩短。"

	// The conversation list.
	case 50001:
		return "There is no such person. Check the id.", "用户不存在，请检查用户 ID。"
	case 50002:
		return "The conversation list could not be asked for in this way. Restart the program.", "会话列表请求无效，请重新启动程序。"
	case 50005:
		return "The conversation list did not come in time. Try again.", "获取会话列表超时，请重试。"
	}
	return "", ""
}
