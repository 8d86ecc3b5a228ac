package probe

import (
	"context"
	"errors"
	"fmt"
	"image"

	"magpie/media/picture"
	"magpie/media/voice"
)

// Show decodes a picture for the screen, the clipboard or a reader of codes, as
// [picture.Show] does, in isolation if need be.
func Show(ctx context.Context, f voice.File, isolated Isolated, width, height int) (*image.RGBA, error) {
	_, img, err := picture.Show(ctx, f, f.Size(), width, height)
	if !errors.Is(err, picture.ErrNeedsIsolation) {
		return img, err
	}
	elsewhere, err := isolated.Picture(ctx, f, max(width, height))
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w", picture.ErrNeedsIsolation, err)
	}
	return picture.Reduce(ctx, elsewhere, width, height)
}
