// Package demo makes the world of `guildwatch demo`: three guilds of different size and temper, 90 days of their
// history, and live traffic. All of it follows from a seed and the hour of the start. Nobody in it exists: names are an
// adjective and an animal.
//
// Most people in it talk, come and go; some break the rules of their guild, most of which act and one or two of which
// only watch (rules.go, offence.go). The words that nobody may use mean nothing.
//
// The world is played on the stand-in of internal/discordsim, over the same wire as Discord; the bot does not know the
// difference.
package demo
