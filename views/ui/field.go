package ui

import "github.com/a-h/templ"

// Option is one choice of a field.
type Option struct {
	Value string
	Label string
	Group string // heading above neighbours of the same group; may be empty
}

// Field is one line of a form: a text, or a choice where there are options.
type Field struct {
	Name    string // of the form's value; also the id
	Label   string
	Value   string
	Hint    string // may be empty
	Problem string // why the form came back; may be empty
	Type    string // "text", "search", "number", "date", "password"; ignored with Options
	Options []Option
	More    templ.Attributes // further attributes of an input: autocomplete, spellcheck; nil for none
}

func (f Field) about() string {
	switch {
	case f.Problem != "":
		return f.Name + "-problem"
	case f.Hint != "":
		return f.Name + "-hint"
	}
	return ""
}

func (f Field) described() templ.Attributes {
	about := templ.Attributes{}
	if f.about() != "" {
		about["aria-describedby"] = f.about()
	}
	if f.Problem != "" {
		about["aria-invalid"] = "true"
	}
	return about
}

type optionGroup struct {
	name    string
	options []Option
}

// groups puts neighbours of the same group together.
func (f Field) groups() []optionGroup {
	var groups []optionGroup
	for _, o := range f.Options {
		if n := len(groups); n == 0 || groups[n-1].name != o.Group {
			groups = append(groups, optionGroup{name: o.Group})
		}
		last := &groups[len(groups)-1]
		last.options = append(last.options, o)
	}
	return groups
}

// chosenCount says how many of several are chosen.
func chosenCount(n int) string {
	if n == 0 {
		return "none"
	}
	return Count(int64(n)) + " chosen"
}
