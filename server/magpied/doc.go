// Command magpied is Magpie's server alone, without window and without cgo.
//
//	magpied --data DIR [--key-file FILE] [--listen HOST:PORT] [--origin ORIGIN]... [--echo]
//	magpied user add NAME [--nick NICK] --data DIR    # password from stdin
//	magpied usersig NAME [--expire 180d] --data DIR
//	magpied host status|open|close|invite|revoke --data DIR [--user NAME] [--listen HOST:PORT] [--hours N] [--uses N] [--json] [--qr]
//
// Served, it prints one line of JSON on stdout once clients can connect, and
// logs to stderr; SIGTERM and SIGINT stop it gracefully. The exit code is 0 when
// all went well, 1 when it did not, 2 for a wrong command line.
package main
