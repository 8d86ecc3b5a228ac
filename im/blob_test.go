package im_test

import (
	"strings"
	"testing"

	"magpie/im"
)

func TestBlobAddresses(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	if got, ok := im.BlobHash(im.BlobAddress(hash)); !ok || got != hash {
		t.Errorf("the address of %s names %q, %v", hash, got, ok)
	}
	for _, bad := range []string{
		"", "blob:", "blob:" + hash[1:], "blob:" + hash + "0", "blob:" + strings.ToUpper(hash),
		"blob:../../" + hash[6:], "https://example.org/" + hash, hash, "BLOB:" + hash,
	} {
		if _, ok := im.BlobHash(bad); ok {
			t.Errorf("%q is taken for the address of a file", bad)
		}
	}
}

func TestBlobsOf(t *testing.T) {
	a, b, c := strings.Repeat("a", 64), strings.Repeat("b", 64), strings.Repeat("c", 64)
	image := im.ImagePayload{ImageInfoArray: []im.ImageInfo{{ImageURL: im.BlobAddress(a), URL: im.BlobAddress(a)}, {ImageURL: "https://example.org/x.jpg"}}}
	video := im.VideoPayload{VideoURL: im.BlobAddress(b), ThumbURL: im.BlobAddress(c)}
	inner := im.MergerPayload{MessageList: []im.Message{{Payload: image}, {Payload: video}, {Payload: im.TextPayload{Text: im.BlobAddress(a)}}}}
	got, err := im.BlobsOf(im.MergerPayload{MessageList: []im.Message{{Payload: inner}, {Payload: im.FilePayload{FileURL: im.BlobAddress(a)}}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []im.BlobUse{
		{a, im.MaxImageBytes, im.CodeImageTooLarge}, {b, im.MaxVideoBytes, im.CodeVideoTooLarge},
		{c, im.MaxImageBytes, im.CodeImageTooLarge}, {a, im.MaxFileBytes, im.CodeFileTooLarge},
	}
	if len(got) != len(want) {
		t.Fatalf("uses %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("use %d is %v, want %v", i, got[i], want[i])
		}
	}
	_, err = im.BlobsOf(im.AudioPayload{URL: "blob:../../etc/passwd"})
	if im.CodeOf(err) != im.CodeInvalidParameter {
		t.Errorf("a malformed address: %v", err)
	}
}
