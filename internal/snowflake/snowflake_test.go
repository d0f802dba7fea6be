package snowflake

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseRefusesWhatDiscordNeverWrites(t *testing.T) {
	for _, text := range []string{"", "0", "-1", "+1", "01", "1x", " 1", "9223372036854775808", "18446744073709551615", "١"} {
		if id, err := Parse[UserID](text); err == nil {
			t.Errorf("Parse(%q) = %d, want an error", text, id)
		}
	}
}

func TestTextAndJSONRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := GuildID(rapid.Int64Min(1).Draw(t, "id"))
		parsed, err := Parse[GuildID](id.String())
		if err != nil || parsed != id {
			t.Fatalf("Parse(%s) = %d, %v", id, parsed, err)
		}
		data, _ := json.Marshal(id)
		var back GuildID
		if err := json.Unmarshal(data, &back); err != nil || back != id || data[0] != '"' {
			t.Fatalf("JSON %s gave %d, %v", data, back, err)
		}
	})
}

func TestTimeIsTheMillisecondOfAt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMilli(rapid.Int64Range(epoch, epoch+1<<40).Draw(t, "at")).UTC()
		if got := Time(At[MessageID](at, rapid.Int64Range(0, 1<<22-1).Draw(t, "n"))); !got.Equal(at) {
			t.Fatalf("Time(At(%s)) = %s", at, got)
		}
	})
}

func TestNullAndEmptyAreTheZeroID(t *testing.T) {
	for _, text := range []string{`null`, `""`, `"0"`, `0`} {
		id := UserID(7)
		if err := json.Unmarshal([]byte(text), &id); err != nil || id != 0 {
			t.Errorf("%s gave %d, %v", text, id, err)
		}
	}
}
