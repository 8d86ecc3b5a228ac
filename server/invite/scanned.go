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
	return Invitation{}, im.Errorf(im.CodeNotInvitation, "the QR code says %.60q", texts[0])
}
