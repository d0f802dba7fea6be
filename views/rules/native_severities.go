package rules

import (
	"guildwatch/internal/moderation"
	"guildwatch/views/layout"
	"guildwatch/views/ui"
)

// NativeTable is the page of how severe hits of Discord's own rules are.
type NativeTable struct {
	Page    layout.Page
	Place   Place
	Table   moderation.NativeSeverities
	Was     string // what the form was made from
	Problem string
}

func (t NativeTable) page() layout.Page { return t.Page.Part("Severity of AutoMod hits") }

func (t NativeTable) choice(c moderation.NativeCatch) ui.Field {
	it := ui.Field{Name: string(c), Label: catchName(c), Value: string(t.Table.Of(c))}
	for _, s := range moderation.Severities() {
		it.Options = append(it.Options, ui.Option{Value: string(s), Label: ui.SeverityName(s)})
	}
	return it
}
