// Package ui holds the small parts of every page: texts of users, numbers, times, badges, cards, panels, fields.
package ui

import (
	"guildwatch/internal/moderation"
)

// SourceName is a source in words for people.
func SourceName(s moderation.Source) string {
	switch s {
	case moderation.SourceRule:
		return "guildwatch rule"
	case moderation.SourceAutoMod:
		return "Discord AutoMod"
	case moderation.SourceAudit:
		return "Audit log"
	case moderation.SourceDashboard:
		return "Dashboard"
	case moderation.SourceCommand:
		return "Slash command"
	case moderation.SourceImport:
		return "Taken over"
	}
	return string(s)
}

// SourceIcon is the icon that stands for a source everywhere.
func SourceIcon(s moderation.Source) string {
	switch s {
	case moderation.SourceRule:
		return "shield-check"
	case moderation.SourceAutoMod:
		return "bot"
	case moderation.SourceAudit:
		return "scroll-text"
	case moderation.SourceDashboard:
		return "layout-dashboard"
	case moderation.SourceImport:
		return "log-in"
	}
	return "terminal"
}

// KindName is a kind of action in words, for a list of how many there were.
func KindName(k moderation.ActionKind) string {
	switch k {
	case moderation.ActionDelete:
		return "Messages deleted"
	case moderation.ActionWarn:
		return "Warnings"
	case moderation.ActionTimeout:
		return "Timeouts"
	case moderation.ActionUntimeout:
		return "Timeouts ended"
	case moderation.ActionKick:
		return "Kicks"
	case moderation.ActionBan:
		return "Bans"
	case moderation.ActionUnban:
		return "Unbans"
	case moderation.ActionNote:
		return "Notes"
	}
	return string(k)
}

// KindIcon is the icon that stands for a kind of action everywhere.
func KindIcon(k moderation.ActionKind) string {
	switch k {
	case moderation.ActionDelete:
		return "trash-2"
	case moderation.ActionWarn:
		return "triangle-alert"
	case moderation.ActionTimeout:
		return "timer"
	case moderation.ActionUntimeout:
		return "timer-off"
	case moderation.ActionKick:
		return "user-x"
	case moderation.ActionBan:
		return "ban"
	case moderation.ActionUnban:
		return "undo-2"
	case moderation.ActionNote:
		return "sticky-note"
	}
	return "gavel"
}

// KindTone is how grave a kind of action is.
func KindTone(k moderation.ActionKind) Tone {
	switch k {
	case moderation.ActionKick, moderation.ActionBan:
		return Bad
	case moderation.ActionDelete, moderation.ActionWarn, moderation.ActionTimeout:
		return Warn
	case moderation.ActionUntimeout, moderation.ActionUnban:
		return Good
	}
	return Neutral
}

// SeverityName is a severity in words.
func SeverityName(s moderation.Severity) string {
	switch s {
	case moderation.SeverityLow:
		return "Low"
	case moderation.SeverityMedium:
		return "Medium"
	case moderation.SeverityHigh:
		return "High"
	case moderation.SeverityCritical:
		return "Critical"
	}
	return string(s)
}
