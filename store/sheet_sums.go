package store

import (
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// sheetSums are sheets that are counted in memory, and who was moderated first when: of an import, or of a guild whose
// rows are counted anew.
type sheetSums struct {
	days      map[sheetKey]*sheet
	moderated map[moderation.Presence]int64
}

type sheetKey struct {
	guild   snowflake.GuildID
	name    sheetName
	day     int64
	subject string
}

func newSheetSums() sheetSums {
	return sheetSums{days: map[sheetKey]*sheet{}, moderated: map[moderation.Presence]int64{}}
}

// add counts once in a column of a subject's sheet.
func (s *sheetSums) add(guild snowflake.GuildID, name sheetName, at int64, subject string, column int) {
	start, place := placeOn(name, at, column)
	one := entry(s.days, sheetKey{guild, name, start, subject})
	*one = one.add(place, 1)
}

func (s *sheetSums) violation(v *moderation.Violation, state moderation.ViolationState) {
	at := msOf(v.At)
	s.add(v.Guild, sheetRule, at, v.Rule, ruleColumn(v, state))
	if state == moderation.StateCounted {
		s.add(v.Guild, sheetSource, at, string(v.Source), severityAt(v.Severity))
	}
}

func (s *sheetSums) action(guild snowflake.GuildID, at int64, a *moderation.Action) {
	if a.Actor != 0 {
		s.add(guild, sheetModerator, at, snowflake.String(a.Actor), kindAt(a.Kind))
	}
	who := moderation.Presence{Guild: guild, User: a.Target}
	if since, known := s.moderated[who]; a.Target != 0 && moderates(a.Kind) && (!known || at < since) {
		s.moderated[who] = at
	}
}

// answer counts a moderator's action that answered a violation of a rule.
func (s *sheetSums) answer(
	guild snowflake.GuildID, at int64, rule string, severity moderation.Severity, kind moderation.ActionKind,
) {
	s.add(guild, sheetAnswer, at, rule, answerColumn(severity, kind))
}
