package native

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
)

// Discord is where the rules are. Its errors are of kind *fault.Error, with a sentence that names what is missing.
type Discord interface {
	NativeRule(context.Context, snowflake.GuildID, snowflake.RuleID) (moderation.NativeRule, error)
	MakeNativeRule(context.Context, snowflake.GuildID, moderation.NativeRule, string) (moderation.NativeRule, error)
	ChangeNativeRule(ctx context.Context, guild snowflake.GuildID, from, to moderation.NativeRule, reason string) (moderation.NativeRule, error)
	DeleteNativeRule(context.Context, snowflake.GuildID, snowflake.RuleID, string) error
}

// Records is where guildwatch notes what Discord has.
type Records interface {
	SeeNativeRule(context.Context, moderation.NativeRuleSeen) error
	NoteNativeRule(ctx context.Context, grant access.Grant[access.UpdateRules], before *moderation.NativeRule, after moderation.NativeRule) error
	NoteNativeRuleGone(context.Context, access.Grant[access.DeleteRules], moderation.NativeRule) error
}

// Book is where people change native rules. What Discord answers is the truth: it is asked first, and what it has then is
// noted. One change at a time in a guild, so that of two people the later one is told what the earlier one did.
type Book struct {
	discord Discord
	records Records
	clock   func() time.Time

	mu    sync.Mutex
	lines map[snowflake.GuildID]*line
}

// line is where those wait who change a guild's rules.
type line struct {
	sync.Mutex
	waiting int
}

// NewBook makes a book.
func NewBook(discord Discord, records Records) *Book {
	return &Book{discord: discord, records: records, clock: time.Now, lines: map[snowflake.GuildID]*line{}}
}

// Overtaken is the error of who changes a rule that is not any more what they saw: Now is what Discord has. It comes
// wrapped in a *fault.Error of kind Conflict.
type Overtaken struct{ Now moderation.NativeRule }

// Error is the text for the log.
func (o *Overtaken) Error() string {
	return "native: rule " + o.Now.ID.String() + " was changed meanwhile"
}

// Mark stands for a rule as somebody saw it: the same for the same rule.
func Mark(r *moderation.NativeRule) string {
	text, err := json.Marshal(r)
	if err != nil { // numbers and strings encode
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}

// Make has Discord make a rule. Its error is Unprocessable when Discord does not take it, Forbidden with the permission
// that guildwatch lacks.
func (b *Book) Make(
	ctx context.Context, grant access.Grant[access.UpdateRules], draft moderation.NativeRule,
) (made moderation.NativeRule, err error) {
	guild := grant.Guild()
	defer b.enter(guild)()
	if made, err = b.discord.MakeNativeRule(ctx, guild, draft, reason(grant.Actor())); err != nil {
		return made, err
	}
	return made, b.records.NoteNativeRule(context.WithoutCancel(ctx), grant, nil, made)
}

// Change has Discord change a rule: draft says how from the rule as it is. seen is its Mark when whoever asks saw it; when
// it is another rule by now the error is Overtaken, and nothing is changed.
func (b *Book) Change(
	ctx context.Context, grant access.Grant[access.UpdateRules], id snowflake.RuleID, seen string,
	draft func(moderation.NativeRule) moderation.NativeRule,
) (saved moderation.NativeRule, err error) {
	guild := grant.Guild()
	defer b.enter(guild)()
	now, err := b.current(ctx, guild, id, seen)
	if err != nil {
		return now, err
	}
	to := draft(now)
	to.ID, to.Trigger = now.ID, now.Trigger
	if Mark(&to) == Mark(&now) {
		return now, nil
	}
	if saved, err = b.discord.ChangeNativeRule(ctx, guild, now, to, reason(grant.Actor())); err != nil {
		return saved, b.missed(ctx, guild, now, err)
	}
	return saved, b.records.NoteNativeRule(context.WithoutCancel(ctx), grant, &now, saved)
}

// Delete has Discord delete a rule, if it is what seen stands for.
func (b *Book) Delete(
	ctx context.Context, grant access.Grant[access.DeleteRules], id snowflake.RuleID, seen string,
) error {
	guild := grant.Guild()
	defer b.enter(guild)()
	now, err := b.current(ctx, guild, id, seen)
	if err != nil {
		return err
	}
	if err := b.discord.DeleteNativeRule(ctx, guild, id, reason(grant.Actor())); err != nil {
		return err
	}
	return b.records.NoteNativeRuleGone(context.WithoutCancel(ctx), grant, now)
}

// current is a rule as Discord has it, noted where that is not what somebody saw.
func (b *Book) current(
	ctx context.Context, guild snowflake.GuildID, id snowflake.RuleID, seen string,
) (moderation.NativeRule, error) {
	now, err := b.discord.NativeRule(ctx, guild, id)
	if err != nil {
		return now, b.missed(ctx, guild, moderation.NativeRule{ID: id}, err)
	}
	if Mark(&now) == seen {
		return now, nil
	}
	if err := b.see(ctx, guild, now, false); err != nil {
		return now, err
	}
	return now, fault.Wrap(&Overtaken{now}, fault.Conflict,
		"Somebody was faster: the rule has been changed meanwhile, and yours is not saved. Look at it, then save again.")
}

// missed notes that a rule is gone, where that is why Discord refused.
func (b *Book) missed(ctx context.Context, guild snowflake.GuildID, r moderation.NativeRule, err error) error {
	if fault.Of(err) != fault.NotFound {
		return err
	}
	if noted := b.see(ctx, guild, r, true); noted != nil {
		return noted
	}
	return err
}

func (b *Book) see(ctx context.Context, guild snowflake.GuildID, r moderation.NativeRule, gone bool) error {
	e := moderation.NativeRuleSeen{Origin: moderation.Origin{Guild: guild, At: b.clock().UTC()}, Rule: r.ID, Name: r.Name,
		Trigger: r.Trigger, Enabled: r.Enabled, Deleted: gone, Live: true}
	if !gone {
		e.Spec = &r.Spec
	}
	return b.records.SeeNativeRule(context.WithoutCancel(ctx), e)
}

// enter waits for who is before in the guild's line, and gives what leaves it.
func (b *Book) enter(guild snowflake.GuildID) (leave func()) {
	b.mu.Lock()
	l := b.lines[guild]
	if l == nil {
		l = &line{}
		b.lines[guild] = l
	}
	l.waiting++
	b.mu.Unlock()
	l.Lock()
	return func() {
		l.Unlock()
		b.mu.Lock()
		defer b.mu.Unlock()
		if l.waiting--; l.waiting == 0 {
			delete(b.lines, guild)
		}
	}
}

// reason is what the guild's audit log in Discord says of a change that somebody made through guildwatch.
func reason(by access.Actor) string {
	return fmt.Sprintf("On guildwatch's dashboard, by the user %s", by.User())
}
