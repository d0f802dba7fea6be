package casefile

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
)

// fewestDigits is how many an id of Discord's has at least: fewer are a number of something else, a case's or a row's.
const fewestDigits = 15

// floating is a number as spreadsheets and programs write one that they could not keep whole: 1.2E+17, 81384788765712384.0.
var floating = regexp.MustCompile(`^\d+([.,]\d+)?[eE]\+?\d+$|^\d{15,}[.,]\d+$`)

// person reads an id, also out of a mention or what keeps a spreadsheet from rounding it. why is a sentence for whoever
// brought the file along when it is none.
func person(text string) (id snowflake.UserID, why string) {
	text = strings.Trim(strings.TrimSpace(text), "'\"=<@!>\u200b\ufeff")
	if text == "" {
		return 0, "There is no user id in it."
	}
	if floating.MatchString(text) {
		return 0, fmt.Sprintf("The id %.30s was rounded by a spreadsheet, and its last digits are lost. Take the file from before.", text)
	}
	id, err := snowflake.Parse[snowflake.UserID](text)
	switch {
	case err != nil:
		return 0, "There is no user id in it."
	case len(text) < fewestDigits || snowflake.Time(id).After(time.Now().Add(tomorrow)):
		return 0, fmt.Sprintf("%s is no id of a Discord user: those have 17 to 19 digits.", text)
	}
	return id, ""
}

// rounded says whether an id ends in as many zeros as it does after a spreadsheet, which keeps 15 digits. One in a
// hundred of 17 digits does by chance.
func rounded(id snowflake.UserID) bool {
	zeros := int64(1)
	for n := len(id.String()); n > 15; n-- {
		zeros *= 10
	}
	return zeros >= 100 && int64(id)%zeros == 0
}

// checkRounding refuses a file most of whose ids were rounded: they would be other people's.
func (f *File) checkRounding() error {
	ids, odd := map[snowflake.UserID]bool{}, 0
	for i := range f.Cases {
		if id := f.Cases[i].User; !ids[id] {
			ids[id] = true
			if rounded(id) {
				odd++
			}
		}
	}
	if odd >= 3 && 2*odd > len(ids) {
		return fault.New(fault.Invalid, "The ids in this file end in zeros: a spreadsheet has rounded them. Take the file from before it was "+
			"opened there.")
	}
	return nil
}

// word is a value of JSON that programs write as a text or as a number; empty for null.
type word string

// UnmarshalJSON reads a text, or a number as it is written.
func (w *word) UnmarshalJSON(data []byte) error {
	if data[0] == '"' {
		return json.Unmarshal(data, (*string)(w))
	}
	if *w = word(data); data[0] != '-' && (data[0] < '0' || data[0] > '9') {
		if *w = ""; string(data) != "null" {
			return fmt.Errorf("%.20q is neither a text nor a number", data)
		}
	}
	return nil
}
