package main

import (
	"strings"
	"testing"

	"guildwatch/internal/discordsim"
)

func TestDoctorFindsNothingWrongWithAHealthySetUp(t *testing.T) {
	s := newStage(t)
	t.Setenv("DISCORD_TOKEN", s.sim.Token())
	code, out, errs := shell(t, "doctor", "--discord-api-url", s.sim.URL(), "--data", t.TempDir())
	if code != 0 || strings.Contains(out, "FIX") || strings.Count(out, "  ok ") != 5 {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	if strings.Contains(out+errs, s.sim.Token()) {
		t.Error("the token shows")
	}
}

func TestDoctorSaysHowToMendEachFault(t *testing.T) {
	s := newStage(t)
	s.sim.Set(func(k *discordsim.Knobs) { k.PrivilegedIntents = 0 })
	s.sim.AddGuild(discordsim.Guild{Name: "Tight", BotPermissions: discordsim.PermissionsEveryone})
	t.Setenv("DISCORD_TOKEN", s.sim.Token())
	code, out, _ := shell(t, "doctor", "--discord-api-url", s.sim.URL(), "--data", t.TempDir())
	for _, want := range []string{"Message Content Intent is off", "Server Members Intent is off", `in "Tight" it lacks`, "View Audit Log"} {
		if code != 1 || !strings.Contains(out, want) {
			t.Errorf("exit %d, want %q in: %s", code, want, out)
		}
	}
}

func TestDoctorKnowsAWrongTokenFromAnAbsentOne(t *testing.T) {
	s := newStage(t)
	t.Setenv("DISCORD_TOKEN", "wrong")
	if code, out, _ := shell(t, "doctor", "--discord-api-url", s.sim.URL(), "--data", t.TempDir()); code != 1 || !strings.Contains(out, "does not accept") {
		t.Errorf("wrong token: exit %d: %s", code, out)
	}
	t.Setenv("DISCORD_TOKEN", "")
	if code, out, _ := shell(t, "doctor", "--data", t.TempDir()); code != 1 || !strings.Contains(out, "is not set") {
		t.Errorf("no token: exit %d: %s", code, out)
	}
}

func TestServeWithoutATokenSaysWhereToGetOne(t *testing.T) {
	t.Setenv("DISCORD_TOKEN", "")
	code, _, errs := shell(t, "serve", "--data", t.TempDir())
	if code != 1 || !strings.Contains(errs, "discord.com/developers") || !strings.Contains(errs, "guildwatch demo") {
		t.Errorf("exit %d: %s", code, errs)
	}
}
