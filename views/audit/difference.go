package audit

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"guildwatch/views/ui"
)

// difference is one value that a deed changed, readable: "Time zone", "UTC", "Europe/Lisbon".
type difference struct {
	label  string // empty: the deed has one value only, and its words say what it is
	before string // empty: there was nothing
	after  string // empty: there is nothing
	fact   bool   // there is no before: after alone is shown
}

// name is the label as it stands before the values.
func (d difference) name() string {
	if d.fact {
		return d.label + ":"
	}
	return d.label
}

// longest is how much of one value a row shows; what is longer is some text of users, or a mistake.
const longest = 200

// facts are the values of a row that were never another: what was wanted, how many it stands for. The Discord role that a
// refusal was about stands in the sentence.
var facts = map[string]bool{"unnoted": true, "wanted": true, "ended": true, "unlogged": true, "discord_role": true, "what": true,
	"format": true, "narrowed": true}

// differences are the values of which a row has a before and an after. What did not change is left out.
func (r Row) differences() []difference {
	before, after := valuesOf(r.Before), valuesOf(r.After)
	keys := slices.Collect(maps.Keys(before))
	for key := range after {
		if _, both := before[key]; !both {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	var list []difference
	for _, key := range keys {
		d := difference{fieldName(key), r.show(key, before[key]), r.show(key, after[key]), facts[key] && before[key] == ""}
		if d.before != d.after && (key != "discord_role" || r.Discord == nil) {
			list = append(list, d)
		}
	}
	return list
}

// show is a value as people read it: a channel by its name, while there is one.
func (r Row) show(key, value string) string {
	if key == "log_channel" {
		if value == "0" {
			return ""
		}
		if name, ok := r.Names[value]; ok {
			value = name
		}
	}
	return ui.Clip(value, longest)
}

// valuesOf takes JSON apart: an object by its keys, anything else under the empty key. What is no JSON is shown as it
// is: the log keeps its rows, whatever later versions write into them.
func valuesOf(text string) map[string]string {
	if text == "" {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber() // ids have more digits than a float64
	var value any
	if err := decoder.Decode(&value); err != nil {
		return map[string]string{"": text}
	}
	fields, object := value.(map[string]any)
	if !object {
		return map[string]string{"": plain(value)}
	}
	values := make(map[string]string, len(fields))
	for key, field := range fields {
		values[key] = plain(field)
	}
	return values
}

// plain writes a JSON value for people; "" for nothing.
func plain(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case json.Number:
		return v.String()
	}
	text, err := json.Marshal(value)
	if err != nil { // what was decoded encodes
		return ""
	}
	return string(text)
}
