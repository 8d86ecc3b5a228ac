package im

import "strings"

// blobScheme begins the address of a file that the server keeps.
const blobScheme = "blob:"

// blobHashBytes is the length of a hash as it is written: SHA-256 in hexadecimal.
const blobHashBytes = 64

// BlobAddress is how payloads name the file whose content has the SHA-256 hash.
func BlobAddress(hash string) string { return blobScheme + hash }

// BlobHash returns the hash that a payload's address names; false for what is no
// address of a file on the server: another kind of address, or a malformed one.
func BlobHash(address string) (string, bool) {
	hash, ok := strings.CutPrefix(address, blobScheme)
	return hash, ok && ValidBlobHash(hash)
}

// ValidBlobHash reports whether s is a SHA-256 in lower-case hexadecimal, and so
// may be part of a path.
func ValidBlobHash(s string) bool {
	return len(s) == blobHashBytes && strings.Trim(s, "0123456789abcdef") == ""
}

// BlobUse is one file that a payload names.
type BlobUse struct {
	Hash string
	// MaxBytes is how large the file may be where it is used, TooLarge the code if
	// it is larger.
	MaxBytes int64
	TooLarge Code
}

// BlobsOf returns the files on the server that p names, those of merged messages
// among them, each use once. An address that only looks like one has the code
// 6017.
func BlobsOf(p Payload) ([]BlobUse, error) {
	var found blobUses
	found.payload(p)
	return found.list, found.err
}

type blobUses struct {
	list []BlobUse
	seen map[BlobUse]bool
	err  error
}

func (u *blobUses) payload(p Payload) {
	switch p := p.(type) {
	case ImagePayload:
		for _, info := range p.ImageInfoArray {
			u.add(MaxImageBytes, CodeImageTooLarge, info.ImageURL, info.URL)
		}
	case AudioPayload:
		u.add(MaxAudioBytes, CodeAudioTooLarge, p.URL, p.RemoteAudioURL)
	case VideoPayload:
		u.add(MaxVideoBytes, CodeVideoTooLarge, p.VideoURL, p.RemoteVideoURL)
		u.add(MaxImageBytes, CodeImageTooLarge, p.ThumbURL)
	case FilePayload:
		u.add(MaxFileBytes, CodeFileTooLarge, p.FileURL)
	case MergerPayload:
		for i := range p.MessageList {
			u.payload(p.MessageList[i].Payload)
		}
		u.add(MaxMergedListBytes, CodeMergerInvalid, p.DownloadKey)
		u.add(MaxFileBytes, CodeFileTooLarge, p.Files...)
	}
}

func (u *blobUses) add(limit int64, tooLarge Code, addresses ...string) {
	for _, a := range addresses {
		if !strings.HasPrefix(a, blobScheme) {
			continue
		}
		hash, ok := BlobHash(a)
		if !ok {
			u.err = Errorf(CodeInvalidParameter, "%.80q is not the address of a file", a)
			return
		}
		use := BlobUse{hash, limit, tooLarge}
		if u.seen[use] {
			continue
		}
		if u.seen == nil {
			u.seen = map[BlobUse]bool{}
		}
		u.seen[use] = true
		u.list = append(u.list, use)
	}
}
