package main

import (
	"context"
	"strings"
	"testing"
)

// shell runs one command line and gives its exit code, output and errors.
func shell(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e strings.Builder
	code = execute(context.Background(), args, &o, &e)
	return code, o.String(), e.String()
}

func TestVersionNamesItsParts(t *testing.T) {
	code, out, _ := shell(t, "version")
	if code != 0 || !strings.Contains(out, "guildwatch dev") || !strings.Contains(out, "go1.") {
		t.Errorf("exit %d: %s", code, out)
	}
}

func TestConfigCheckHidesTheToken(t *testing.T) {
	t.Setenv("DISCORD_TOKEN", "canary-token")
	code, out, errs := shell(t, "config", "check", "--operators", "81384788765712384")
	if code != 0 || strings.Contains(out+errs, "canary") || !strings.Contains(out, "81384788765712384") || !strings.Contains(out, "hidden") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}

func TestConfigCheckListsEveryProblem(t *testing.T) {
	code, _, errs := shell(t, "config", "check", "--listen", "0.0.0.0:80", "--log-level", "loud")
	if code != 2 || !strings.Contains(errs, "--listen") || !strings.Contains(errs, "--log-level") {
		t.Errorf("exit %d: %s", code, errs)
	}
}

func TestMisuseSaysHowToGetHelp(t *testing.T) {
	for _, args := range [][]string{{"frobnicate"}, {"version", "--nope"}, {}} {
		if code, _, errs := shell(t, args...); code != 2 || !strings.Contains(errs, "guildwatch --help") {
			t.Errorf("%v: exit %d: %s", args, code, errs)
		}
	}
	if code, out, _ := shell(t, "--help"); code != 0 || !strings.Contains(out, "healthcheck") {
		t.Errorf("--help: exit %d: %s", code, out)
	}
}

func TestHealthcheckFailsWhenNothingAnswers(t *testing.T) {
	// Port 1 of loopback: nothing may listen there without root, and nothing does.
	if code, _, errs := shell(t, "healthcheck", "--listen", "127.0.0.1:1"); code != 1 || !strings.Contains(errs, "is guildwatch running") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
