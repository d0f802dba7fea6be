package viewtest_test

import (
	"context"
	"io"
	"testing"

	"github.com/a-h/templ"

	"guildwatch/internal/stats"
	"guildwatch/views/event"
	"guildwatch/views/guild"
	"guildwatch/views/overview"
	"guildwatch/views/viewtest"
)

// The largest page and the smallest frame: what a request and a change cost beyond their figures.
func BenchmarkRender(b *testing.B) {
	g := viewtest.Guild(stats.PeriodDay)
	for name, component := range map[string]templ.Component{
		"guild":    guild.Page(guild.View{Page: viewtest.GuildPage(viewtest.HarborID, "Pixel Harbor", ""), Guild: g}),
		"overview": overview.Page(overview.View{Page: viewtest.Page("Overview", "/"), Overview: viewtest.Overview()}),
		"cards":    guild.Cards(g),
		"row":      event.Row(event.Item{Line: g.Recent[0], Now: viewtest.Now}),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := component.Render(context.Background(), io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
