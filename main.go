// Magpie is a desktop chat application with its server inside.
//
// Without a sub-command it opens the window:
//
//	magpie [--data DIR] [--profile NAME] [LINK]
//
// LINK is one of the scheme magpie, which the desktop hands over.
// The sub-commands work without one; "magpie help" lists them.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"

	"fyne.io/fyne/v2/lang"

	"magpie/app"
	"magpie/app/cli"
	"magpie/app/clipboard"
	"magpie/app/deeplink"
	"magpie/app/vault"
	"magpie/im"
)

// appID names the application to the system.
const appID = "org.magpie.chat"

// version is set when a release is built.
var version = ""

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	passphrase, file := takeEnv("MAGPIE_PASSPHRASE"), takeEnv("MAGPIE_PASSPHRASE_FILE")
	if cli.Known(args) {
		return cli.Main(ctx, &cli.Env{
			Args: args, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
			Version: programVersion(), Language: terminalLanguage(),
			KeyStore: vault.System{}, Passphrase: passphrase, PassphraseFile: file,
		})
	}
	if len(args) > 0 {
		switch args[0] {
		case "tour":
			return tour(ctx, args[1:])
		case "version", "--version", "-version":
			fmt.Println("magpie", programVersion())
			return cli.ExitOK
		case "help", "--help", "-help", "-h":
			usage(os.Stdout)
			return cli.ExitOK
		}
	}
	return window(ctx, args, passphrase, file)
}

// takeEnv reads a variable of the environment that the programs which this one starts
// must not see.
func takeEnv(name string) string {
	s := os.Getenv(name)
	_ = os.Unsetenv(name) // fails for no name of ours
	return s
}

// scaleOf reads FYNE_SCALE, which is the window's to multiply; 0 for none.
func scaleOf(s string) float32 {
	f, err := strconv.ParseFloat(s, 32)
	if err != nil || f < 0.1 || f > 10 {
		return 0
	}
	return float32(f)
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Magpie "+programVersion()+`

  magpie [--data DIR] [--profile NAME] [magpie://...]
        open the window, and in it the chat or invitation that a link leads to
  magpie tour DIR
        play a conversation and leave pictures of every screen in DIR
`)
	cli.Usage(w)
}

func window(ctx context.Context, args []string, passphrase, passphraseFile string) int {
	if os.Getenv("GOGC") == "" {
		// A window stands open for days: memory is dearer than the few milliseconds.
		debug.SetGCPercent(50)
	}
	keepMemory()
	runtime.MemProfileRate = 0 // the table of the profile, which nobody asks for, is 2 MB
	f := flag.NewFlagSet("magpie", flag.ContinueOnError)
	f.Usage = func() { usage(os.Stderr) }
	data := f.String("data", "", "data folder")
	prof := f.String("profile", "", "profile within the data folder")
	if err := f.Parse(args); err != nil {
		return cli.ExitUsage
	}
	link := ""
	switch {
	case f.NArg() == 1 && deeplink.Is(f.Arg(0)):
		link = f.Arg(0)
	case f.NArg() > 0:
		fmt.Fprintf(os.Stderr, "magpie: %q is no command\n", f.Arg(0))
		usage(os.Stderr)
		return cli.ExitUsage
	}
	if passphrase == "" && passphraseFile != "" {
		var err error
		if passphrase, err = cli.ReadPassphrase(passphraseFile); err != nil {
			fmt.Fprintln(os.Stderr, "magpie: read the passphrase:", err)
			return cli.ExitFailed
		}
	}
	err := app.Run(ctx, app.Options{
		NewApp:      newApp,
		Clipboard:   clipboard.New(),
		Data:        *data,
		Profile:     *prof,
		Link:        link,
		Version:     programVersion(),
		Scale:       scaleOf(takeEnv("FYNE_SCALE")),
		Locale:      lang.SystemLocale().String(),
		Sound:       app.Devices{},
		KeyStore:    vault.System{},
		Passphrase:  passphrase,
		Log:         os.Stderr,
		Exit:        os.Exit,
		GiveBack:    giveBack,
		RestDrawing: restDrawing,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "magpie:", err)
		return cli.ExitFailed
	}
	return cli.ExitOK
}

func tour(ctx context.Context, args []string) int {
	if len(args) != 1 || strings.HasPrefix(args[0], "-") {
		fmt.Fprintln(os.Stderr, "usage: magpie tour DIR")
		return cli.ExitUsage
	}
	if err := app.Tour(ctx, app.TourOptions{NewApp: newApp, Dir: args[0], Log: os.Stderr}); err != nil {
		fmt.Fprintln(os.Stderr, "magpie tour:", err)
		return cli.ExitFailed
	}
	return cli.ExitOK
}

func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return "devel-" + s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return "devel"
}

// terminalLanguage is that of the shell, not of the desktop.
func terminalLanguage() im.Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "zh") {
				return im.Chinese
			}
			return im.English
		}
	}
	return im.English
}
