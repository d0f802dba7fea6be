package main

import (
	"testing"

	"guildwatch/internal/fleet"
)

// TestMain lets this binary be the readers of a benchmark.
func TestMain(m *testing.M) {
	fleet.Main(nil)
	m.Run()
}
