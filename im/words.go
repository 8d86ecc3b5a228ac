package im

// MessageForShow is a payload in words, as the conversation list shows it:
// text as it is, everything else as a word in brackets.
func MessageForShow(p Payload, l Language) string { return "" }

// Message is what to tell a person about code c: what happened and what to do.
func (c Code) Message(l Language) string { return "" }
