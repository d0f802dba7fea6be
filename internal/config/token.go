package config

import (
	"fmt"
	"os"
	"strings"
)

// TokenFromEnv reads the bot's token from DISCORD_TOKEN, or from the file that DISCORD_TOKEN_FILE names (a container
// secret). Neither set gives "" and no error; both set is an error, because one of them would be silently ignored.
func TokenFromEnv(getenv func(string) string) (string, error) {
	token, file := getenv("DISCORD_TOKEN"), getenv("DISCORD_TOKEN_FILE")
	switch {
	case token != "" && file != "":
		return "", fmt.Errorf("DISCORD_TOKEN and DISCORD_TOKEN_FILE are both set: keep one of them")
	case file == "":
		return token, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("DISCORD_TOKEN_FILE: %w", err)
	}
	return strings.TrimSpace(string(data)), nil
}
