package store_test

import (
	"fmt"
	"testing"

	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/storetest"
)

// BenchmarkOpenCases records cases with a deletion and a step on the ladder, so many in one transaction. One operation
// is one case.
func BenchmarkOpenCases(b *testing.B) {
	for _, together := range []int{1, 4, 16, 64} {
		b.Run(fmt.Sprint(together, " together"), func(b *testing.B) {
			s := storetest.New(b)
			for n := 0; n < b.N; n += together {
				cases := make([]moderation.Case, together)
				for i := range cases {
					id := snowflake.MessageID(n + i + 1)
					cases[i] = broken(snowflake.GuildID(1+id%50), id, moderation.Response{Delete: true, Ladder: true})
					cases[i].Violation.User = snowflake.UserID(id % 500)
				}
				if _, err := s.OpenAll(b.Context(), cases); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
