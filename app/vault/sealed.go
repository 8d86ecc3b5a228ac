package vault

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"magpie/im"
	"magpie/store"
)

// nothingSealed returns [im.CodeVaultDamaged] if there is a history below the data
// folder that is encrypted: no new key opens it, so none may take the place of the
// one that is missing.
func nothingSealed(root string) error {
	all, err := fs.Glob(os.DirFS(root), "profiles/*/accounts/*/history.db")
	if err != nil {
		return fmt.Errorf("vault: %w", err)
	}
	var errs []error
	for _, name := range all {
		path := filepath.Join(root, filepath.FromSlash(name))
		sealed, err := store.IsSealed(path)
		if err == nil && sealed {
			err = im.Errorf(im.CodeVaultDamaged, "%s is missing, and %s is encrypted", filepath.Join(root, FileName), path)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
