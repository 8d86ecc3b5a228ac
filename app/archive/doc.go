// Package archive takes conversations out of an account, to be read without any
// program of ours, and back in.
//
// An export is a folder:
//
//	index.html, chats/*.html   to be read in any browser
//	messages.jsonl             everything as JSON, one line a thing (below)
//	files/<sha256>.<ending>    pictures, voice notes, films and files, each once
//
// # messages.jsonl
//
// Every line is an object with one field, which says what it is:
//
//	{"export":{"version":1,"account":"alice","time":1785312000000}}
//	{"conversation":{…}}     a row of the list, as docs/protocol.md has it
//	{"message":{…}}          a message of the conversation above, by sequence
//	{"file":{"hash":"…","path":"files/….jpg","size":123}}
//	{"end":{"conversations":1,"messages":1,"files":1}}
//
// The first is the export line and the last is the end line; without that the file
// was cut. Readers pass over fields and lines that they do not know, and refuse a
// version above theirs. Messages and conversations are those of the protocol, so
// what a program of tomorrow puts into them is kept.
package archive
