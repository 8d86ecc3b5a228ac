package invite

import "magpie/im"

// Scanned is the invitation among the texts of the QR codes in a picture. Codes: 130137
// (CodeNoQRCode) if there are none, 130138 (CodeNotInvitation) if all say something else,
// and that of [Parse].
func Scanned(texts []string) (Invitation, error) {
	if len(texts) == 0 {
		return Invitation{}, im.Errorf(im.CodeNoQRCode, "there is no QR code in the picture")
	}
	for _, s := range texts {
		if Is(s) {
			return Parse(s)
		}
	}
	// Not what it says: errors are logged, and it may be the password of a network.
	return Invitation{}, im.Errorf(im.CodeNotInvitation, "the QR code says something else, in %d bytes", len(texts[0]))
}
