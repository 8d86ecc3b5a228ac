package im

// requestText has the words for refused content and for the requests of other
// servers.
func requestText(c Code) (en, zh string) {
	switch c {
	case CodeTextRefused:
		return "The text has words that are not allowed here. Change it and send it again.", "内容包含不允许的词语，请修改后重新发送。"
	case CodeMessageTooLongAtAll, CodeBodyTooLong, 90055:
		return "The message is longer than 8000 bytes. Shorten it or send it in parts.", "消息超过 8000 字节，请缩短或分几条发送。"
	case 80003:
		return "The operator of the server could not check the message in time. Send it again.", "服务方未能及时审核该消息，请重新发送。"
	case 90001, 90002, 90007, 90010, 90043:
		return "The message in the request could not be read. Check its form against the documentation.", "请求中的消息格式有误，请对照文档检查。"
	case 90003, 90008, 90012:
		return "The sender or the receiver is missing or does not exist. Check both ids.", "发送方或接收方缺失或不存在，请检查双方的用户 ID。"
	case 90005, 90006, 90030, 90031, 90044:
		return "A number is missing in the request. Check its form against the documentation.", "请求缺少必要的数字字段，请对照文档检查。"
	case 90009:
		return "Only an administrator of the application can do this. Use such an account.", "该操作需要应用管理员账号，请更换账号。"
	case 90011, 90018:
		return "Those are too many receivers at once. Choose fewer.", "接收方过多，请减少人数。"
	case 90026:
		return "A message is kept for seven days at most. Choose a shorter time.", "消息最长保存 7 天，请缩短时间。"
	case 90048:
		return "There is no such person. Check the id.", "用户不存在，请检查用户 ID。"
	case 90054:
		return "This names no message that could be recalled. Check its key.", "撤回请求中的消息标识无效，请检查。"
	case 90992, 90994, 90995, 91000:
		return "The server had a problem. Try again.", "服务器出现问题，请重试。"
	case 91101:
		return "You were signed out because this account signed in somewhere else. Sign in again if that was you; otherwise change the password.", "账号在其他地方登录，本机已退出。如非本人操作，请修改密码后重新登录。"
	}
	return "", ""
}
