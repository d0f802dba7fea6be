package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"guildwatch/internal/config"
	"guildwatch/internal/redact"
)

// command is one command of the command line: its flags, and its work.
type command interface {
	flags(*config.Flags)
	run(terminal) error
}

// flagless is a command without flags.
type flagless struct{}

func (flagless) flags(*config.Flags) {}

// commands is the command line: a line for each command, a file for each command's work.
func commands(t *terminal) *cobra.Command {
	root := group("guildwatch", "A Discord moderation bot and its live dashboard in one file. Start with: guildwatch demo",
		leaf(t, "demo", "Show a living dashboard: no token, no network, made-up servers.", new(demoCommand)),
		leaf(t, "serve", "Connect the bot to Discord and serve the dashboard. Needs DISCORD_TOKEN.", new(serveCommand)),
		leaf(t, "doctor", "Check token, intents, permissions, database and clock, and say how to mend what is wrong.",
			new(doctorCommand)),
		group("audit", "The audit log.",
			leaf(t, "verify", "Prove that nobody has changed the audit log, and name the first bad row.", new(auditVerifyCommand))),
		leaf(t, "recount", "Count all rows anew and mend the counters that differ. Stop guildwatch first.",
			new(recountCommand)),
		leaf(t, "version", "Show version, commit and SQLite version.", new(versionCommand)),
		group("config", "Settings.",
			leaf(t, "check", "Check all settings and show the effective ones, without secrets.", new(configCheckCommand))),
		leaf(t, "healthcheck", "Ask a running guildwatch whether it is well; for container health checks.", new(healthcheckCommand)))
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetOut(t.out)
	root.SetErr(t.errs)
	return root
}

// group is a command that has only others below it: alone it is a misuse.
func group(name, help string, below ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: name, Short: help, Args: cobra.NoArgs}
	c.RunE = func(c *cobra.Command, _ []string) error {
		_, _ = fmt.Fprint(c.ErrOrStderr(), c.UsageString())
		return fmt.Errorf("say which command of %q you want", c.CommandPath())
	}
	c.AddCommand(below...)
	return c
}

// leaf is a command that does something.
func leaf(t *terminal, name, help string, work command) *cobra.Command {
	c := &cobra.Command{Use: name, Short: help, Args: cobra.NoArgs}
	flags := config.NewFlags(c.Flags())
	work.flags(flags)
	c.RunE = func(*cobra.Command, []string) error {
		if err := flags.Environ(os.Getenv); err != nil {
			return err
		}
		t.began = true
		return work.run(*t)
	}
	return c
}

// terminal is where a command talks to the person who started it.
type terminal struct {
	context.Context
	out, errs io.Writer
	began     bool // a command was found, with flags that it understands
}

// exitError ends the program with a code of its own: 3 says that the database must not be touched.
type exitError struct {
	code int
	error
}

// Unwrap gives the error itself.
func (e exitError) Unwrap() error { return e.error }

// execute runs the command line args and gives the exit code: 0 well, 1 failed, 2 misused, or the code of an exitError.
func execute(ctx context.Context, args []string, out, errs io.Writer) int {
	t := &terminal{Context: ctx, out: out, errs: errs}
	root := commands(t)
	root.SetArgs(args)
	err := root.Execute()
	if err == nil {
		return 0
	}
	fmt.Fprintln(errs, "guildwatch:", redact.Text(err.Error()))
	var coded exitError
	var problems config.Problems
	switch {
	case !t.began:
		fmt.Fprintln(errs, "Try: guildwatch --help")
		return 2
	case errors.As(err, &coded):
		return coded.code
	case errors.As(err, &problems):
		return 2
	}
	return 1
}

// logger makes the structured log that cfg asks for, on w, without secrets.
func logger(cfg config.Config, w io.Writer) *slog.Logger {
	w = redact.Writer(w, append(strings.Fields(cfg.Key.Reveal()), cfg.Token.Reveal(), cfg.ClientSecret.Reveal(),
		cfg.Mail.Password.Reveal())...)
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
