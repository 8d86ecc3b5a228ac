package im

// signInText has the words for accounts, UserSigs and the application's rights.
func signInText(c Code) (en, zh string) {
	switch c {
	// What programs on a server get wrong when they ask over HTTP.
	case 60002, 60009:
		return "The address of the request is not right. Check it against the documentation.", "请求地址有误，请对照文档检查。"
	case 60003, 60013, 60015, 60008:
		return "The request or its answer could not be read. Check its form against the documentation.", "请求或应答的格式有误，请对照文档检查。"
	case 60004, 60005:
		return "The user or the UserSig of the request is not right. Make a new UserSig and try again.", "请求中的用户 ID 或 UserSig 有误，请重新生成后再试。"
	case 60006, 60012, 60016, 70020:
		return "The server does not know this application. Check the application id.", "服务器不识别该应用，请检查 SDKAppID。"
	case 60007, 60011, 60018:
		return "Those were too many requests at once. Wait a moment and try again.", "请求过于频繁，请稍候再试。"
	case 60010, 70403:
		return "Only an administrator of the application can do this. Use such an account.", "该操作需要应用管理员账号，请更换账号。"
	case 60014, 70114, 70169, 70202:
		return "The server took too long. Try again in a little while.", "服务器处理超时，请稍后重试。"
	case 60017, 60021:
		return "The server does not take this request from here. Ask whoever runs it.", "服务器拒绝来自此处的请求，请联系管理员。"

	// UserSigs.
	case CodeUserSigExpired:
		return "Your sign-in has expired. Sign in again.", "登录凭证已过期，请重新登录。"
	case CodeUserSigEmpty:
		return "There is no UserSig to sign in with. Enter one, or use the password.", "登录凭证（UserSig）为空，请填写或改用密码登录。"
	case CodeUserSigInvalid, 70005:
		return "The UserSig cannot be read. Copy it again in full, or make a new one.", "登录凭证（UserSig）无法识别，请完整复制或重新生成。"
	case CodeUserSigMismatch:
		return "The UserSig was not made with this server's key. Make a new one on this server.", "登录凭证（UserSig）与服务器密钥不符，请在该服务器上重新生成。"
	case CodeUserSigWrongUser:
		return "The UserSig belongs to another user. Check the name, or make one for this user.", "登录凭证（UserSig）属于其他用户，请检查用户名或重新生成。"
	case CodeUserSigWrongApp:
		return "The UserSig belongs to another application. Make one for this server.", "登录凭证（UserSig）属于其他应用，请为该服务器重新生成。"
	case CodeNoSecretKey:
		return "The server has no key to check the UserSig with. Ask whoever runs the server.", "服务器没有可用的密钥，无法验证登录凭证，请联系管理员。"
	case CodeTooManyAttempts:
		return "There were too many attempts to sign in. Wait a minute and try again.", "登录尝试过于频繁，请 1 分钟后重试。"
	case CodeAccountBanned:
		return "This account is closed. Ask whoever runs the server.", "该账号已被封禁，请联系管理员。"
	case CodeUserSigRevoked:
		return "This sign-in was withdrawn. Sign in again.", "登录凭证已被撤销，请重新登录。"

	// Accounts.
	case CodeUserNotFound:
		return "There is no such account. Check the name.", "账号不存在，请检查用户名。"
	case 70206, 70402:
		return "Something in the request about accounts is not allowed. Check what you entered.", "账号请求的内容无效，请检查输入。"
	case 70398:
		return "The server can have no more accounts. Ask whoever runs it.", "服务器账号数量已达上限，请联系管理员。"
	case 70500:
		return "The server had a problem. Try again in a little while.", "服务器出现问题，请稍后重试。"
	case 71000:
		return "The account was not deleted. Ask whoever runs the server.", "账号删除失败，请联系管理员。"
	}
	return "", ""
}
