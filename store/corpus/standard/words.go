package standard

// The lists are in the order of how common a word is in chat, roughly; they were
// written for this project.

const chineseWords = `的 了 我 你 是 不 好 啊 在 吗 就 都 也 有 吧 他 要 没 去 这 那 说 一下 可以 今天 什么 明天 知道 现在
没有 我们 你们 还是 不是 怎么 觉得 这个 那个 已经 时候 他们 一个 然后 真的 因为 所以 但是 如果 可能 应该 今晚 晚上 下午 上午
早上 昨天 后天 周末 下周 时间 地方 东西 事情 问题 朋友 公司 工作 开会 老师 同学 学校 家里 回家 吃饭 睡觉 起床 上班 下班
谢谢 不客气 没事 没关系 对不起 抱歉 辛苦了 麻烦 收到 好的 可以的 知道了 明白 没问题 当然 哈哈 哈哈哈 嗯嗯 嘿嘿 呵呵 晚安
早安 加油 再见 拜拜 你好 在吗 等一下 马上 稍等 快点 慢慢 一起 自己 大家 别人 有人 孩子 妈妈 爸爸 老婆 老公 哥哥 姐姐
弟弟 妹妹 爷爷 奶奶 手机 电脑 电话 微信 邮件 文件 图片 照片 视频 语音 链接 密码 账号 网络 信号 充电 电池 版本 代码 服务器
项目 需求 测试 上线 会议 客户 合同 报告 数据 方案 设计 产品 部门 经理 老板 工资 价格 便宜 太贵 多少钱 付款 转账 红包 快递
地址 地铁 公交 打车 开车 堵车 停车 机场 火车 高铁 飞机 航班 酒店 旅游 出差 天气 下雨 下雪 太热 好冷 出门 带伞 医院 医生
感冒 发烧 吃药 身体 健康 休息 运动 跑步 健身 游泳 爬山 篮球 足球 电影 音乐 唱歌 游戏 小说 电视 新闻 学习 考试 作业 英语
数学 上课 下课 毕业 面试 简历 生日 快乐 礼物 蛋糕 咖啡 奶茶 火锅 烧烤 面条 米饭 饺子 水果 苹果 西瓜 牛奶 鸡蛋 蔬菜 超市
买菜 做饭 外卖 好吃 饿了 减肥 喜欢 讨厌 开心 难过 生气 着急 担心 害怕 无聊 有趣 漂亮 帅气 可爱 厉害 聪明 努力 认真 随便
突然 终于 其实 反正 果然 居然 大概 差不多 特别 非常 比较 有点 一直 经常 偶尔 以前 以后 刚才 最近 第一 第二 三点 五点 八点
半小时 分钟 小时 星期 月底 年底 春节 中秋 国庆 放假 请假 加班 房子 房租 搬家 装修 空调 冰箱 洗衣机 衣服 鞋子 钥匙 身份证
护照 签证 银行 信用卡 贷款 保险 股票 基金 北京 上海 广州 深圳 杭州 成都 武汉 西安 南京 重庆 香港 日本 美国 欧洲`

// chineseCharacters are those that the rare words of the lexicon are made of.
const chineseCharacters = `一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里
用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使
情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常
先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直
德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取
拉格望觉术领共确传师观清今切院让识候带导争运笔城集远单友造志收林布九请件究音流服站越精红约步房照酒客落足快双吃飞河爱花写热热冷雨雪风云石
木火土夜春夏秋冬早晚左右男父母兄弟姐妹朋友叔姨爷孙狗猫鱼鸟牛羊鸡鸭虎龙兔蛇马猴猪鼠树草叶根果米面饭菜汤茶酒糖盐油醋肉蛋奶豆瓜茄葱姜蒜椒
衣裤鞋帽袜裙包箱车船票桥店铺楼梯窗床桌椅灯镜钟伞锁刀锅碗杯盘瓶纸笔墨画歌舞棋球泳跑跳骑游玩笑哭喊唱讲读写算画剪缝洗扫擦拖晒煮炒蒸烤炸拌切
黑白灰蓝绿紫黄橙粉亮暗深浅粗细软硬厚薄甜酸苦辣咸香臭冰凉暖湿干净脏乱忙闲累困饿饱渴醉醒病痛药针医护伤痒肿咳烧喷嚏胃肝肺肾骨血脑皮毛脸嘴鼻
耳齿舌脖肩背胸腰腹臀腿膝脚指掌拳汗泪梦魂鬼神佛仙妖寺庙塔碑墓岛湖江溪泉潭洞谷岭峰崖坡坪沙漠原野村镇县州省京沪粤浙苏皖赣闽湘鄂豫冀鲁晋陕甘
青藏疆蒙宁川渝贵云桂琼港澳台韩英法德俄印泰越菲缅柬荷比瑞丹挪芬波匈希意葡巴阿墨智秘鲁古埃及摩洛肯尼亚坦桑赞比津布韦`

const englishWords = `the i to you and a it is of in that ok for on me this my we be not have so with do are but just at what
can if yes no was like know go good will get now there your time all don't up one he she they out about see think when how then
from or an think want need here back too did some going today tomorrow thanks please really would sorry sure let come say make
right work home day later well haha lol yeah more who why tell them him her us our been has had could should than love look great
nice still got way people thing night week morning meeting call send said check new next very first last done call phone email
file link photo video room house car train flight ticket hotel dinner lunch coffee beer food party birthday weekend monday tuesday
wednesday thursday friday saturday sunday january february march april june july august september october november december
school class teacher exam office boss team project code build test release server bug fix branch review merge deploy report
contract client money price cheap expensive pay bank card order package address street doctor hospital sick feel better sleep
tired hungry happy sad angry worried funny crazy beautiful weather rain snow sunny cold hot summer winter music movie game book
read write run play watch listen wait start stop open close buy sell bring take leave arrive late early soon never always maybe
probably actually anyway also again around before after because without between something nothing everything someone everyone
hello hey morning bye goodnight welcome congratulations please picture message answer question problem idea plan place minute hour
month year family mother father brother sister friend baby dog cat water bread cheese apple chicken rice soup salad restaurant
kitchen bathroom bedroom window door garden key bag shoes shirt dress password account update download upload version install
screen keyboard battery charger internet connection café naïve résumé déjà über`

const englishSyllables = `an ar ba be bi bo bra bri ca ce chi con cor da de di do dra el en er es fa fe fi flo for fra ga ge gi
go gra ha he hi ho im in is ja jo ka ke ki la le li lo lu ma me mi mo mu na ne ni no nor ob or pa pe pi po pra pre pro qui ra re
ri ro ru sa se sha si so sta ste stra su ta te ter ti to tra tri tu ul un ur va ve vi vo wa we wi xe ya za ze zo tion ment ness able
ing ed ly ous ive al ist ism ship hood ward wise less ful`

// phrases are said as they are.
var phrases = [...]string{
	"好的", "收到，谢谢！", "哈哈哈哈", "没问题", "明天下午三点开会，别忘了", "周末一起去爬山吧", "路上堵得厉害，晚点到", "你吃饭了吗？",
	"我到家了", "辛苦了，早点休息", "这个版本修好了吗？", "图片我晚点发给你", "记得带上身份证和充电器", "生日快乐！🎂", "新年快乐，恭喜发财",
	"在忙吗？", "等我五分钟", "我马上到", "可以，听你的", "晚安", "早上好", "好久不见", "加油！", "我觉得不太行", "先这样吧", "👍", "😂😂😂", "❤️",
	"ok", "on my way", "sounds good to me", "let me check the logs first", "what about 19:30?", "see you tomorrow", "happy birthday! 🎉",
	"can you read the second paragraph again?", "I pushed the branch, please have a look", "lol", "thanks a lot!", "no worries", "good night",
	"merge conflict in the parser, fixing it", "running late, sorry", "call me when you can",
}

var emoji = [...]string{"😂", "😊", "👍", "🙏", "😭", "🎉", "❤️", "😅", "🤔", "😘", "💪", "🌹", "👏🏻", "🐶", "🍜"}

var givenNames = [...]string{"ann", "ben", "carol", "dave", "emma", "felix", "grace", "hugo", "iris", "jack", "kate", "leo", "mia", "nina",
	"oscar", "paul", "quinn", "rosa", "sam", "tina", "uma", "victor", "wendy", "xavier", "yuki", "zoe", "lihua", "xiaoming", "wangwei", "meiling"}

var nicks = [...]string{"李华", "小明", "王伟", "美玲", "Ann", "Ben", "张三丰", "刘洋", "陈静", "Emma 🌸", "赵敏", "老周", "Kate", "产品-林", "阿杰"}
