// Package vault keeps the key under which a data folder is encrypted.
//
// A data folder has one random root key, from which those of its accounts and of
// its server are derived. The file vault.json holds that key, wrapped once for each
// way to it: by a secret in the key store of the system, by a passphrase (argon2id),
// by a recovery code. One of them is enough. A way is added, changed or removed by
// rewriting that file alone, never what the key protects.
//
// What it never does: it makes no key where something is sealed already, replaces no
// file that it cannot read, and tells nobody a key but the caller. It does not protect
// from other programs of the same user while Magpie runs: the key is in the memory.
//
// Begin with [Load]; what opens something takes [Keys], which only an unlocked vault
// gives.
package vault
