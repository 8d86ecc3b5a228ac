package im

import "fmt"

// Message is what to tell a person about code c: what happened and what to do.
// A code that this program has no words for is told by its number.
func (c Code) Message(l Language) string {
	en, zh := c.words()
	if en == "" {
		return fmt.Sprintf(l.pick(
			"Something went wrong (code %d). Try again; if it stays, tell whoever runs the server.",
			"出现了未知错误（代码 %d）。请重试；如果一直如此，请联系服务器管理员。"), int(c))
	}
	return l.pick(en, zh)
}

// Known reports whether there are words for c itself.
func (c Code) Known() bool {
	en, _ := c.words()
	return en != ""
}

// words returns the texts of c in English and Chinese, "" if it has none.
func (c Code) words() (en, zh string) {
	switch {
	case c >= 130100 && c < 130200:
		return ownText(c)
	case c >= 10000 && c < 20000, c >= 2600 && c < 2690, c >= 8501 && c <= 8506:
		return groupText(c)
	case c >= 20000 && c < 60000:
		return accountText(c)
	case c >= 60000 && c < 80000:
		return signInText(c)
	case c >= 80000 && c < 100000:
		return requestText(c)
	}
	return clientText(c)
}

// ownText has the words for the codes of our own range.
func ownText(c Code) (en, zh string) {
	switch c {
	case CodeWrongPassword:
		return "The name or the password is not right. Check both and try again.",
			"用户名或密码不正确，请检查后重试。"
	case CodeDiskFull:
		return "There is no room left on the disk, so nothing more can be stored. Free some space and try again.",
			"磁盘空间不足，无法继续保存。请清理一些空间后重试。"
	case CodeDiverged:
		return "What is stored here differs from the server. It is being fetched again; you need do nothing.",
			"本机记录与服务器不一致，正在重新获取，无需操作。"
	case CodeVersion:
		return "This version of the program and that of the server do not understand each other. Update the older of the two.",
			"本程序与服务器的版本不兼容，请更新较旧的一方。"
	case CodeBusy:
		return "The server has too much to do at the moment. Try again in a little while.",
			"服务器当前繁忙，请稍后重试。"
	case CodeDataFolderInUse:
		return "Another running copy of the program already uses this data folder. Close it first, or choose another folder.",
			"另一个正在运行的程序已在使用此数据文件夹。请先将其关闭，或选择其他文件夹。"
	case CodeStoreDamaged:
		return "The history on this computer was damaged. It was set aside and is being fetched again from the server.",
			"本机的聊天记录已损坏，已另行保存，正在从服务器重新获取。"
	case CodeFrameTooLarge:
		return "What was sent is larger than the server takes. Send it in smaller parts.",
			"发送的内容超过了服务器允许的大小，请分成几部分发送。"
	case CodeServerUnreachable:
		return "The server cannot be reached. Check its address and your connection; the program keeps trying.",
			"无法连接服务器。请检查服务器地址和网络，程序会继续尝试连接。"
	case CodeUserExists:
		return "There is an account with this name already. Choose another name.",
			"这个用户名已被使用，请换一个。"
	case CodeBlobNotFound:
		return "The file is no longer on the server, or was never meant for you. Ask for it to be sent again.",
			"文件已不在服务器上，或您无权查看。请让对方重新发送。"
	case CodeBlobDamaged:
		return "The file was damaged on its way, or on the server. Try again, or ask for it to be sent again.",
			"文件在传输途中或服务器上损坏。请重试，或让对方重新发送。"
	case CodeSealed:
		return "The history on this computer is encrypted and locked. Unlock it first.",
			"本机的聊天记录已加密并锁定，请先解锁。"
	case CodeWrongKey:
		return "It does not fit: what is on this computer was encrypted with something else. Nothing was changed. Try again.",
			"不匹配：本机数据使用了其他密钥加密。未做任何更改，请重试。"
	case CodeReadOnly:
		return "The folder of your history can be read and not written to. Nothing can be sent or received until that is changed.",
			"聊天记录所在的文件夹只能读取，不能写入。在更改权限之前无法收发消息。"
	case CodeHistoryGone:
		return "The folder of your history is gone, so nothing more can be kept. Put it back, or connect the disk again, and restart the program.",
			"聊天记录所在的文件夹已不存在，无法继续保存。请恢复该文件夹或重新连接磁盘，然后重新启动程序。"
	case CodeVaultDamaged:
		return "The file vault.json, which holds the key of your history, is missing or damaged. Nothing was changed. Put it back from a backup of the data folder.",
			"保存聊天记录密钥的文件 vault.json 丢失或已损坏，未做任何更改。请从数据文件夹的备份中恢复该文件。"
	case CodeKeyStore:
		return "The key store of this computer does not answer. It may be waiting for you to unlock it. Do so and try again.",
			"本机的密钥库没有响应，可能正在等待您解锁。请解锁后重试。"
	case CodeKeyGone:
		return "The key store of this computer has no key for this history; it may come from another computer or a backup. Use your recovery code or passphrase.",
			"本机的密钥库中没有此聊天记录的密钥，数据可能来自其他电脑或备份。请使用恢复码或口令。"
	case CodeWeakPassphrase:
		return "The passphrase is too short: whoever has the disk could find it by trying them all. Use at least 8 characters.",
			"口令太短：拿到磁盘的人可以通过穷举破解。请至少使用 8 个字符。"
	case CodeInvitationUnknown:
		return "This link is not valid any more: it was withdrawn or replaced. Ask for a new one.",
			"此链接已失效，可能已被撤回或更换。请向对方索取新链接。"
	case CodeInvitationExpired:
		return "This link is too old: its time is over. Ask for a new one.",
			"此链接已过期，请向对方索取新链接。"
	case CodeInvitationUsed:
		return "As many people have joined with this link as it was made for. Ask for a new one.",
			"使用此链接加入的人数已满，请向对方索取新链接。"
	case CodeInvitationMalformed:
		return "This is not the whole link of an invitation. Copy it again, from magpie:// to its end.",
			"这不是完整的邀请链接。请从 magpie:// 开始完整复制。"
	case CodeCertificate:
		return "The server showed another certificate than the one you joined with, so nothing was sent to it. It may be another computer at the same address, or somebody listening in between. Ask whom you joined for a new link, in person or by phone, before you go on.",
			"服务器出示的证书与您加入时的不同，因此未发送任何内容。可能是同一地址上换了另一台电脑，也可能有人在中间窃听。请先当面或通过电话向对方索取新链接，再继续使用。"
	case CodePortInUse:
		return "Another program on this computer uses the port that others would connect to. Close that program, or choose another port.",
			"本机的另一个程序占用了供他人连接的端口。请关闭该程序，或改用其他端口。"
	case CodePictureUnreadable:
		return "This file cannot be read as a picture: it is another kind of file, damaged, or far too large. A screenshot of the code works best.",
			"无法将此文件作为图片读取：可能不是图片、已损坏，或尺寸过大。建议使用二维码的截图。"
	case CodeNoQRCode:
		return "No QR code was found in this picture. It has to be on it whole, sharp, and with its light frame.",
			"未在此图片中找到二维码。请确保二维码完整、清晰，并保留四周的浅色边框。"
	case CodeNotInvitation:
		return "The QR code in this picture is not an invitation to Magpie. Ask for the code that is shown to let others join.",
			"此图片中的二维码不是喜鹊的邀请。请向对方索取“让他人加入”中显示的二维码。"
	case CodeNotAFile:
		return "This is a folder or a device, not a file. Choose a file; a folder can go as an archive, like a ZIP.",
			"这是文件夹或设备，不是文件。请选择文件；文件夹可以打包（如 ZIP）后发送。"
	}
	return "", ""
}
