package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/alecthomas/kong"

	"guildwatch/internal/config"
	"guildwatch/internal/redact"
)

// commands is the command line: a field for each command, a file for each command's work.
type commands struct {
	Demo        demoCommand        `cmd:"" help:"Show a living dashboard: no token, no network, made-up servers."`
	Serve       serveCommand       `cmd:"" help:"Connect the bot to Discord and serve the dashboard. Needs DISCORD_TOKEN."`
	Doctor      doctorCommand      `cmd:"" help:"Check token, intents, permissions, database and clock, and say how to mend what is wrong."`
	Audit       auditCommands      `cmd:"" help:"The audit log."`
	Version     versionCommand     `cmd:"" help:"Show version, commit and SQLite version."`
	Config      configCommands     `cmd:"" help:"Settings."`
	Healthcheck healthcheckCommand `cmd:"" help:"Ask a running guildwatch whether it is well; for container health checks."`
}

// terminal is where a command talks to the person who started it.
type terminal struct {
	context.Context
	out, errs io.Writer
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
	var line commands
	exit := -1
	parser, err := kong.New(&line,
		kong.Name("guildwatch"),
		kong.Description("A Discord moderation bot and its live dashboard in one file. Start with: guildwatch demo"),
		kong.Writers(out, errs), kong.Exit(func(code int) { exit = code }), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(errs, "guildwatch:", err)
		return 2
	}
	chosen, err := parser.Parse(args)
	if exit >= 0 { // --help has printed and asked to leave
		return exit
	}
	if err != nil {
		fmt.Fprintf(errs, "guildwatch: %v\nTry: guildwatch --help\n", err)
		return 2
	}
	err = chosen.Run(terminal{ctx, out, errs})
	if err == nil {
		return 0
	}
	fmt.Fprintln(errs, "guildwatch:", redact.Text(err.Error()))
	var coded exitError
	var problems config.Problems
	switch {
	case errors.As(err, &coded):
		return coded.code
	case errors.As(err, &problems):
		return 2
	}
	return 1
}

// logger makes the structured log that cfg asks for, on w, without secrets.
func logger(cfg config.Config, w io.Writer) *slog.Logger {
	w = redact.Writer(w, append(strings.Fields(cfg.Key.Reveal()), cfg.Token.Reveal(), cfg.ClientSecret.Reveal())...)
	options := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
