package invite_test

import (
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"magpie/server/invite"
	"magpie/server/invite/invitetest"
)

// What another program reads from the picture is the link.
func TestCodeSaysTheLink(t *testing.T) {
	for _, hosts := range [][]string{{"192.168.1.20"}, {"fd00::2"}, {"192.168.1.20", "fd00::2", "10.0.0.7"}, {strings.Repeat("a.", 100) + "example"}} {
		i, err := invite.New(hosts, 7443, secret, print)
		if err != nil {
			t.Fatal(err)
		}
		c, err := i.Code()
		if err != nil {
			t.Fatal(err)
		}
		m, err := gozxing.NewBinaryBitmapFromImage(invitetest.Picture(c, 3))
		if err != nil {
			t.Fatal(err)
		}
		got, err := qrcode.NewQRCodeReader().Decode(m, nil)
		if err != nil || got.GetText() != i.String() {
			t.Errorf("%v, %d modules: %v, %v", hosts, c.Side(), got, err)
		}
	}
}
