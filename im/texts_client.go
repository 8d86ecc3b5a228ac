package im

// clientText has the words for what the program itself finds wrong before or
// without asking the server.
func clientText(c Code) (en, zh string) {
	switch c {
	// Sending.
	case 2100, 2101, 2115:
		return "The message was not sent. Try to send it again.", "消息未能发送，请重新发送。"
	case CodeInvalidMessage, 2103:
		return "This is not a message that can be sent. Write it again.", "这条消息无法发送，请重新编辑。"
	case CodeInvalidConversationType:
		return "Messages can go to a person or a group only. Choose one of these.", "消息只能发给用户或群聊，请重新选择。"
	case CodeFileEmpty, CodeFileEmptyNative:
		return "The file is empty. Choose one that has something in it.", "文件是空的，请选择有内容的文件。"
	case 2109, 2903, 2998, 2902, 2802, 2803, 2804:
		return "The program made a mistake. Restart it; if it happens again, report it.", "程序出现内部错误。请重新启动；如再次出现，请反馈给我们。"
	case CodeRevokeFailed:
		return "The message was not recalled. Try again soon, before the time for it is over.", "消息未能撤回，请在允许的时间内尽快重试。"
	case 2111:
		return "The message was not deleted. Try again.", "消息未能删除，请重试。"
	case 2112:
		return "Not everything could be marked as read. Try again.", "未能全部标记为已读，请重试。"
	case 2114:
		return "There is no message to send a receipt for. Choose one first.", "没有可发送回执的消息，请先选择消息。"
	case 2116:
		return "System notices of groups cannot be deleted one by one. Delete the conversation instead.", "群系统通知不能单条删除，可删除整个会话。"
	case 2117:
		return "The text was not translated. Try again later.", "文本翻译失败，请稍后重试。"
	case 2251:
		return "No picture was chosen. Choose one first.", "尚未选择图片，请先选择一张。"
	case CodeImageFormat:
		return "This cannot be sent as a picture: it is damaged, has too many pixels, or is in none of the usual forms of JPEG, PNG, GIF, BMP, TIFF, WebP, AVIF and HEIC. Send it as a file instead.",
			"无法作为图片发送：文件已损坏、像素过多，或不是 JPEG、PNG、GIF、BMP、TIFF、WebP、AVIF、HEIC 的常见形式。可改为以文件发送。"
	case CodeImageTooLarge:
		return "The picture is larger than 20 MB. Make it smaller or send it as a file.", "图片超过 20 MB。请压缩后再发，或以文件发送。"
	case 2300, 2350, 2400, 2040, 2041:
		return "The upload did not succeed. Check the connection and try again.", "上传失败，请检查网络后重试。"
	case CodeAudioTooLarge:
		return "The voice note is larger than 20 MB. Record a shorter one.", "语音超过 20 MB，请缩短录音。"
	case CodeVideoTooLarge:
		return "The video is larger than 100 MB. Cut it shorter or make it smaller.", "视频超过 100 MB，请剪短或压缩后再发。"
	case CodeVideoFormat:
		return "Videos can be MP4 only. Convert it, or send it as a file.", "视频仅支持 MP4 格式。请转换格式，或以文件发送。"
	case 2401:
		return "No file was chosen. Choose one first.", "尚未选择文件，请先选择。"
	case CodeFileTooLarge, CodeFileTooLargeNative:
		return "The file is larger than 100 MB. Make it smaller or send it in parts.", "文件超过 100 MB，请压缩或分开发送。"
	case CodeEmptyMessage:
		return "There is nothing to send yet. Write or choose something first.", "没有可发送的内容，请先输入或选择。"
	case CodeMergerInvalid, CodeForwardInvalid:
		return "These messages cannot be forwarded together. Choose others, or forward them one by one.", "所选消息无法合并转发，请重新选择或逐条转发。"
	case 2451, 2452:
		return "The forwarded messages could not be fetched. Try again.", "合并转发的内容获取失败，请重试。"
	case 2480, 2481:
		return "The message cannot be changed now. Look at its newest version and try again.", "消息当前无法修改，请查看最新内容后重试。"

	// Conversations and profiles.
	case CodeConversationNotFound:
		return "There is no such conversation here. Open it again from the list.", "找不到该会话，请从列表中重新打开。"
	case CodeUserOrGroupNotFound:
		return "There is no such person or group. Check the id.", "找不到该用户或群聊，请检查 ID。"
	case 2502, CodeInvalidConversationID:
		return "This names no conversation. Check the id.", "会话 ID 无效，请检查。"
	case 2700:
		return "This person is not among your contacts. Look at the list again.", "对方不是你的联系人，请刷新列表。"
	case 2701:
		return "This person is already among your contacts. There is nothing to do.", "对方已是你的联系人，无需重复添加。"
	case 2710:
		return "There already is a contact group of this name. Choose another.", "已有同名的好友分组，请换一个名称。"
	case 2711:
		return "There is no such contact group. Look at the list again.", "该好友分组不存在，请刷新列表。"
	case 2716:
		return "This contact request no longer exists. Look at the list again.", "该好友申请已不存在，请刷新列表。"
	case 2721, 2722:
		return "Nothing in this profile could be saved. Check what you entered.", "资料内容无效，未能保存，请检查。"
	case 2740, 2741:
		return "The list of blocked people was not changed. Check whom you chose.", "黑名单未更改，请检查所选用户。"
	case CodeBlacklistSelf:
		return "You cannot block yourself. Choose somebody else.", "不能将自己加入黑名单，请选择其他用户。"

	// Connection and session.
	case CodeNetworkError, CodeNoNetwork, CodeNetworkDown:
		return "There is no connection. Messages wait here and go out when it is back.", "网络已断开。消息会保留，联网后自动发送。"
	case CodeNetworkTimeout, CodeConnectTimeout, CodeAnswerTimeout:
		return "The server did not answer in time. Check the connection and try again.", "服务器响应超时，请检查网络后重试。"
	case 2900, CodeInvalidParameter:
		return "Something in the request is not allowed. Check what you entered.", "参数无效，请检查输入的内容。"
	case 2905:
		return "This cannot be done here. Choose something else.", "此处不支持该操作，请选择其他操作。"
	case CodeTooFrequent, CodeCallRate:
		return "That was too often in a short time. Wait a moment and try again.", "操作过于频繁，请稍候再试。"
	case 2995, 2997, 3122:
		return "This program does not have that feature. Update it if there is a newer version.", "当前程序不支持该功能，可尝试更新版本。"
	case CodeNotReady, 3000:
		return "The program is still signing in. Wait until it is connected and try again.", "正在登录，请在连接完成后重试。"
	case 3001:
		return "Signing in did not succeed. Check the name, the password and the server, and try again.", "登录失败，请检查用户名、密码和服务器后重试。"
	case CodeKickedDevice, CodeKickedAccount, CodeKickedElsewhere, 1002:
		return "You were signed out because this account signed in somewhere else. Sign in again if that was you; otherwise change the password.", "账号在其他地方登录，本机已退出。如非本人操作，请修改密码后重新登录。"
	case CodeKickedExpired, CodeSessionExpired:
		return "Your sign-in has expired. Sign in again.", "登录已过期，请重新登录。"
	case CodeKickedByServer:
		return "You were signed out by whoever runs the server. Ask them why, then sign in again.", "你已被服务器管理员强制下线，请与管理员联系后重新登录。"
	case CodeLoggedOut, CodeNotLoggedIn, 2024, 6013:
		return "You are not signed in. Sign in first.", "尚未登录，请先登录。"
	case 2025:
		return "You are signed in already. There is nothing to do.", "你已登录，无需重复登录。"
	case 2000, 2001, 2002, 2003, 2022, 2023:
		return "Something is missing for signing in. Fill in server, name and password.", "登录信息不完整，请填写服务器、用户名和密码。"
	case 3021:
		return "This names no topic. Check the id.", "话题 ID 无效，请检查。"
	case 3123:
		return "The text has words that are not allowed here. Change it and try again.", "内容包含不允许的词语，请修改后重试。"

	// Codes of native clients.
	case CodeRevokeTooLateNative:
		return "The message is too old to be recalled. You can only do that for two minutes after sending.", "消息已超过可撤回的时间（默认 2 分钟），无法撤回。"
	case CodeInvalidUserID:
		return "A user id has 1 to 32 letters, digits, \"_\" or \"-\". Choose another.", "用户 ID 只能是 1 至 32 个字母、数字、“_”或“-”，请重新填写。"
	case CodeFileMissing:
		return "The file is no longer there. Choose it again.", "文件已不存在，请重新选择。"
	case CodeMessageTooLong:
		return "The message is longer than 8000 bytes. Shorten it or send it in parts.", "消息超过 8000 字节，请缩短或分几条发送。"
	case CodeMergerTooDeep:
		return "These messages hold too many forwarded messages inside one another. Forward them one by one.", "合并转发的嵌套层数过多，请逐条转发。"
	case CodePacketTooLarge:
		return "The request is too large. Do it in smaller parts.", "请求内容过大，请分批操作。"
	}
	return "", ""
}
