package im

import "sync"

// emojiCodes pairs the codes that people of WeChat, QQ and the interface's own
// kits write with the Unicode emoji that comes nearest. A code that the
// panels of those programs name twice stands here under both names.
var emojiCodes = [...]struct{ code, sequence string }{
	// Faces, in the order of WeChat's panel.
	{"[微笑]", "🙂"}, {"[撇嘴]", "😒"}, {"[色]", "😍"}, {"[发呆]", "😳"}, {"[得意]", "😎"},
	{"[流泪]", "😢"}, {"[害羞]", "😊"}, {"[闭嘴]", "🤐"}, {"[睡]", "😴"}, {"[大哭]", "😭"},
	{"[尴尬]", "😅"}, {"[发怒]", "😡"}, {"[调皮]", "😜"}, {"[呲牙]", "😁"}, {"[惊讶]", "😮"},
	{"[难过]", "🙁"}, {"[酷]", "😎"}, {"[冷汗]", "😰"}, {"[囧]", "😖"}, {"[抓狂]", "😫"},
	{"[吐]", "🤮"}, {"[偷笑]", "🤭"}, {"[可爱]", "☺️"}, {"[愉快]", "😄"}, {"[白眼]", "🙄"},
	{"[傲慢]", "😤"}, {"[饥饿]", "😋"}, {"[困]", "😪"}, {"[惊恐]", "😱"}, {"[流汗]", "😓"},
	{"[憨笑]", "😃"}, {"[悠闲]", "😌"}, {"[大兵]", "💂"}, {"[奋斗]", "💪"}, {"[咒骂]", "🤬"},
	{"[疑问]", "🤔"}, {"[嘘]", "🤫"}, {"[晕]", "😵"}, {"[折磨]", "😣"}, {"[衰]", "😞"},
	{"[骷髅]", "💀"}, {"[敲打]", "🔨"}, {"[再见]", "👋"}, {"[擦汗]", "😥"}, {"[抠鼻]", "😑"},
	{"[鼓掌]", "👏"}, {"[糗大了]", "🫣"}, {"[坏笑]", "😏"}, {"[左哼哼]", "😾"}, {"[右哼哼]", "😤"},
	{"[哈欠]", "🥱"}, {"[鄙视]", "👎"}, {"[委屈]", "🥺"}, {"[快哭了]", "😿"}, {"[阴险]", "😈"},
	{"[亲亲]", "😘"}, {"[吓]", "😨"}, {"[可怜]", "🥹"}, {"[笑脸]", "😀"}, {"[生病]", "😷"},
	{"[脸红]", "😳"}, {"[破涕为笑]", "😂"}, {"[恐惧]", "😱"}, {"[失望]", "😔"}, {"[无语]", "😶"},
	{"[嘿哈]", "😆"}, {"[捂脸]", "🤦"}, {"[奸笑]", "😏"}, {"[机智]", "🤓"}, {"[皱眉]", "😟"},
	{"[耶]", "✌️"}, {"[吃瓜]", "🍉"}, {"[加油]", "💪"}, {"[汗]", "😓"}, {"[天啊]", "😲"},
	{"[Emm]", "🤨"}, {"[社会社会]", "🤝"}, {"[旺柴]", "🐕"}, {"[好的]", "👌"}, {"[打脸]", "🤕"},
	{"[哇]", "🤩"}, {"[翻白眼]", "🙄"}, {"[666]", "🤙"}, {"[让我看看]", "👀"}, {"[叹气]", "😮‍💨"},
	{"[苦涩]", "😣"}, {"[裂开]", "🤯"}, {"[斜眼笑]", "😏"}, {"[笑哭]", "😂"}, {"[doge]", "🐶"},
	{"[泪奔]", "😭"}, {"[无奈]", "🤷"}, {"[托腮]", "🤔"}, {"[卖萌]", "😚"}, {"[喷血]", "🤧"},
	{"[小纠结]", "😕"}, {"[拜托]", "🙏"}, {"[惊喜]", "😲"}, {"[呵呵]", "🙂"},

	// Hands, love and things.
	{"[嘴唇]", "👄"}, {"[爱心]", "❤️"}, {"[心碎]", "💔"}, {"[拥抱]", "🤗"}, {"[强]", "👍"},
	{"[弱]", "👎"}, {"[握手]", "🤝"}, {"[胜利]", "✌️"}, {"[抱拳]", "🙏"}, {"[勾引]", "☝️"},
	{"[拳头]", "👊"}, {"[差劲]", "👎"}, {"[爱你]", "🤟"}, {"[NO]", "🙅"}, {"[OK]", "👌"},
	{"[合十]", "🙏"}, {"[赞]", "👍"}, {"[击掌]", "🙌"}, {"[爱情]", "💑"}, {"[飞吻]", "😘"},
	{"[啤酒]", "🍺"}, {"[咖啡]", "☕"}, {"[蛋糕]", "🎂"}, {"[玫瑰]", "🌹"}, {"[凋谢]", "🥀"},
	{"[菜刀]", "🔪"}, {"[刀]", "🗡️"}, {"[炸弹]", "💣"}, {"[便便]", "💩"}, {"[月亮]", "🌙"},
	{"[太阳]", "☀️"}, {"[礼物]", "🎁"}, {"[红包]", "🧧"}, {"[發]", "🀄"}, {"[福]", "㊗️"},
	{"[庆祝]", "🎉"}, {"[烟花]", "🎆"}, {"[爆竹]", "🧨"}, {"[猪头]", "🐷"}, {"[瓢虫]", "🐞"},
	{"[西瓜]", "🍉"}, {"[饭]", "🍚"}, {"[面条]", "🍜"}, {"[香蕉]", "🍌"}, {"[茶]", "🍵"},
	{"[篮球]", "🏀"}, {"[足球]", "⚽"}, {"[乒乓]", "🏓"}, {"[闪电]", "⚡"}, {"[下雨]", "🌧️"},
	{"[多云]", "☁️"}, {"[彩虹]", "🌈"}, {"[星星]", "⭐"}, {"[钱]", "💰"}, {"[灯泡]", "💡"},
	{"[药]", "💊"}, {"[手枪]", "🔫"}, {"[风车]", "🎡"}, {"[气球]", "🎈"}, {"[灯笼]", "🏮"},
	{"[麦克风]", "🎤"}, {"[音乐]", "🎵"}, {"[飞机]", "✈️"}, {"[汽车]", "🚗"}, {"[熊猫]", "🐼"},
	{"[青蛙]", "🐸"}, {"[鬼魂]", "👻"}, {"[菊花]", "🌼"}, {"[棒棒糖]", "🍭"}, {"[钟]", "⏰"},
	{"[雨伞]", "☂️"}, {"[双喜]", "㊗️"}, {"[鞭炮]", "🧨"}, {"[发财]", "🤑"}, {"[信封]", "✉️"},
	{"[帅]", "😎"}, {"[蜡烛]", "🕯️"}, {"[钻戒]", "💍"}, {"[沙发]", "🛋️"}, {"[纸巾]", "🧻"},

	// The keys of the interface's own kits.
	{"[TUIEmoji_Expect]", "🤩"}, {"[TUIEmoji_Blink]", "😉"}, {"[TUIEmoji_Guffaw]", "😆"},
	{"[TUIEmoji_KindSmile]", "😊"}, {"[TUIEmoji_Haha]", "😄"}, {"[TUIEmoji_Cheerful]", "😁"},
	{"[TUIEmoji_Smile]", "🙂"}, {"[TUIEmoji_Sorrow]", "😢"}, {"[TUIEmoji_Speechless]", "😶"},
	{"[TUIEmoji_Amazed]", "😲"}, {"[TUIEmoji_Complacent]", "😎"}, {"[TUIEmoji_Lustful]", "😍"},
	{"[TUIEmoji_Stareyes]", "🤩"}, {"[TUIEmoji_Giggle]", "🤭"}, {"[TUIEmoji_Daemon]", "😈"},
	{"[TUIEmoji_Rage]", "😡"}, {"[TUIEmoji_Yawn]", "🥱"}, {"[TUIEmoji_TearsLaugh]", "😂"},
	{"[TUIEmoji_Silly]", "🤪"}, {"[TUIEmoji_Wail]", "😭"}, {"[TUIEmoji_Kiss]", "😘"},
	{"[TUIEmoji_Trapped]", "😖"}, {"[TUIEmoji_Fear]", "😱"}, {"[TUIEmoji_BareTeeth]", "😬"},
	{"[TUIEmoji_FlareUp]", "🤬"}, {"[TUIEmoji_Tact]", "😏"}, {"[TUIEmoji_Shit]", "💩"},
	{"[TUIEmoji_ShutUp]", "🤐"}, {"[TUIEmoji_Sigh]", "😮‍💨"}, {"[TUIEmoji_Hehe]", "🙂"},
	{"[TUIEmoji_Silent]", "🤫"}, {"[TUIEmoji_Skull]", "💀"}, {"[TUIEmoji_Mask]", "😷"},
	{"[TUIEmoji_Beer]", "🍺"}, {"[TUIEmoji_Cake]", "🎂"}, {"[TUIEmoji_RedPacket]", "🧧"},
	{"[TUIEmoji_Bombs]", "💣"}, {"[TUIEmoji_Ai]", "❤️"}, {"[TUIEmoji_Celebrate]", "🎉"},
	{"[TUIEmoji_Bless]", "㊗️"}, {"[TUIEmoji_Flower]", "🌹"}, {"[TUIEmoji_Watermelon]", "🍉"},
	{"[TUIEmoji_Cow]", "🐮"}, {"[TUIEmoji_Fool]", "🤡"}, {"[TUIEmoji_Surprised]", "😮"},
	{"[TUIEmoji_Askance]", "🙄"}, {"[TUIEmoji_Monster]", "👾"}, {"[TUIEmoji_Pig]", "🐷"},
	{"[TUIEmoji_Coffee]", "☕"}, {"[TUIEmoji_Ok]", "👌"}, {"[TUIEmoji_Heart]", "❤️"},
	{"[TUIEmoji_Sun]", "☀️"}, {"[TUIEmoji_Moon]", "🌙"}, {"[TUIEmoji_Star]", "⭐"},
	{"[TUIEmoji_Rich]", "🤑"}, {"[TUIEmoji_Fortune]", "💰"}, {"[TUIEmoji_857]", "👋"},
	{"[TUIEmoji_666]", "🤙"}, {"[TUIEmoji_Prohibit]", "🚫"}, {"[TUIEmoji_Convinced]", "🙇"},
	{"[TUIEmoji_Knife]", "🔪"}, {"[TUIEmoji_Like]", "👍"},
}

// codeTable is the table by code, with the length of its longest code, beyond
// which nothing needs to be looked up.
var codeTable = sync.OnceValue(func() (t struct {
	sequences map[string]string
	longest   int
}) {
	t.sequences = make(map[string]string, len(emojiCodes))
	for _, e := range emojiCodes {
		t.sequences[e.code] = e.sequence
		t.longest = max(t.longest, len(e.code))
	}
	return t
})

// EmojiByCode returns the Unicode emoji that a code such as "[微笑]" stands for.
// The brackets belong to the code, and capitals matter.
func EmojiByCode(code string) (sequence string, ok bool) {
	t := codeTable()
	if len(code) > t.longest {
		return "", false
	}
	sequence, ok = t.sequences[code]
	return sequence, ok
}

// EmojiCodes lists the codes that [EmojiByCode] knows, in the order of a panel.
func EmojiCodes() []string {
	codes := make([]string, len(emojiCodes))
	for i, e := range emojiCodes {
		codes[i] = e.code
	}
	return codes
}
