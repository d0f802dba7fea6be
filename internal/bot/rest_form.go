package bot

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// formErrorsMost is how many of a form's errors are told.
const formErrorsMost = 5

// formErrors reads what Discord says is wrong with the fields of a form: "trigger metadata, keyword filter, 3: Must be 60
// or fewer in length."
func formErrors(body []byte) []string {
	var answer struct {
		Errors map[string]json.RawMessage `json:"errors"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return nil
	}
	var found []string
	gather(answer.Errors, nil, &found)
	return found
}

func gather(level map[string]json.RawMessage, path []string, found *[]string) {
	for _, name := range slices.Sorted(maps.Keys(level)) {
		if len(*found) >= formErrorsMost {
			return
		}
		if name != "_errors" {
			var below map[string]json.RawMessage
			if json.Unmarshal(level[name], &below) == nil {
				gather(below, append(slices.Clone(path), strings.ReplaceAll(name, "_", " ")), found)
			}
			continue
		}
		var list []struct {
			Message string `json:"message"`
		}
		_ = json.Unmarshal(level[name], &list) // what is no list has no messages
		for _, e := range list {
			text := cut(strings.TrimRight(e.Message, ".")+".", reasonLimit)
			if len(path) > 0 {
				text = fmt.Sprintf("%s: %s", strings.Join(path, ", "), text)
			}
			*found = append(*found, text)
		}
	}
}
