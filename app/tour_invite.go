package app

import (
	"context"

	"magpie/app/host"
)

// inviting opens the server inside to the network, looks at the link by which others
// join, and closes it again.
func (t *tourist) inviting(ctx context.Context, _ *host.Host) error {
	t.do(func() { t.a.main.letOthersJoin() })
	settled := func() bool { return t.a.main.hosting != nil && !t.a.main.hosting.busy }
	if err := t.until(ctx, "it is known how the server stands", settled); err != nil {
		return err
	}
	t.do(func() { t.a.main.hosting.openAt(anyFreePort) }) // the usual one may be somebody's
	if err := t.until(ctx, "there is a link", func() bool { return settled() && t.a.main.hosting.link != "" }); err != nil {
		return err
	}
	if err := t.picture("80-invite"); err != nil {
		return err
	}
	t.do(func() { t.a.main.hosting.switched(false) })
	if err := t.until(ctx, "the server is closed to others", func() bool { return settled() && t.a.main.hosting.link == "" }); err != nil {
		return err
	}
	t.do(func() { t.a.main.hosting.sheet.Close() })
	return nil
}
