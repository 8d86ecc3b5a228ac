package cli

import (
	"context"
	"fmt"
	"time"

	"magpie/app/profile"
	"magpie/app/vault"
)

// keyPatience is how long a command waits for a key store that may be asking the
// person to unlock it.
const keyPatience = 2 * time.Minute

// vaultCommand says or changes how the key of a data folder is kept.
func vaultCommand(ctx context.Context, e *Env, args []string) error {
	f := e.flags("vault")
	data := f.String("data", "", "data `folder` (default: the system's place for application data)")
	file := f.String("passphrase-file", "", "`file` with the new passphrase, - for standard input")
	yes := f.Bool("yes", false, "begin-anew: do it")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return usageError("say: status, passphrase, keyring, recovery, none or begin-anew")
	}
	if *yes && rest[0] != "begin-anew" {
		return usageError("--yes goes with begin-anew, and only with it")
	}
	if (rest[0] == "passphrase") != (*file != "") {
		return usageError("--passphrase-file goes with passphrase, and only with it")
	}
	p, err := profile.Open(*data, "")
	if err != nil {
		return err
	}
	if rest[0] == "begin-anew" { // also with a vault that cannot be read
		return beginAnew(e, p, *yes)
	}
	v, err := vault.Load(p.Root, e.KeyStore)
	if err != nil {
		return err
	}
	if rest[0] == "status" {
		return vaultStatus(e, v)
	}
	if v.Kind() != vault.New {
		if err := e.unlock(ctx, v); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, keyPatience)
	defer cancel()
	switch rest[0] {
	case "passphrase":
		passphrase, err := readLine(*file, e.Stdin, vault.MaxPassphraseBytes)
		if err != nil {
			return fmt.Errorf("read the passphrase: %w", err)
		}
		return v.UsePassphrase(ctx, passphrase)
	case "keyring":
		return v.UseKeyring(ctx)
	case "none":
		return v.UseNone(ctx)
	case "recovery":
		code, err := v.NewRecovery()
		if err != nil {
			return err
		}
		fmt.Fprintln(e.Stdout, code)
		return nil
	}
	return usageError("%q is none of status, passphrase, keyring, recovery, none and begin-anew", rest[0])
}

// beginAnew sets everything aside that the key protects, for who has lost it, and prints
// where it is kept.
func beginAnew(e *Env, p profile.Profile, sure bool) error {
	if !sure {
		return usageError("this moves all accounts of %s, as they are, into a folder of their own there, and begins empty. "+
			"Nothing is deleted, but without the passphrase, the recovery code or the key store nobody can read it; "+
			"messages not sent yet, drafts, imported messages and local accounts do not come back by signing in. Say --yes to do it", p.Root)
	}
	s, _, err := p.Load(time.Now())
	if err != nil {
		return err
	}
	folder, err := vault.SetAside(p.Root, "", time.Now())
	if folder != "" {
		fmt.Fprintln(e.Stdout, folder)
	}
	if err != nil {
		return err
	}
	// What a person likes stays; whose accounts these were went along.
	s.Accounts, s.Conversation = nil, ""
	_, err = p.Update(time.Now(), func(now *profile.Settings) { *now = s })
	return err
}

func vaultStatus(e *Env, v *vault.Vault) error {
	fmt.Fprintln(e.Stdout, map[vault.Kind]string{
		vault.New:        "nothing is stored yet; the first command or window decides",
		vault.Open:       "not encrypted",
		vault.Keyring:    "encrypted; the key store of this computer has the key",
		vault.Passphrase: "encrypted; a passphrase is asked for",
	}[v.Kind()])
	if v.HasPassphrase() && v.Kind() == vault.Keyring {
		fmt.Fprintln(e.Stdout, "a passphrase unlocks it too")
	}
	if v.HasRecovery() {
		fmt.Fprintln(e.Stdout, "a recovery code unlocks it too")
	}
	return v.Trouble()
}
