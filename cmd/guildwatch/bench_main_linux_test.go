package main

import (
	"os"
	"testing"

	"guildwatch/internal/fleet"
)

// TestMain lets this binary be the readers of a benchmark, and takes away the program that tests have built.
func TestMain(m *testing.M) {
	fleet.Main(nil)
	code := m.Run()
	_ = os.RemoveAll(workshop)
	os.Exit(code)
}
