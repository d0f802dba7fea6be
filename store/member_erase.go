package store

import (
	"context"
	"strconv"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/snowflake"
	"guildwatch/store/internal/db"
)

// Erased says how many rows of each kind lost the member who was erased.
type Erased struct {
	Violations, Actions, Warnings, Appeals, Runs int64
	Forgotten                                    bool // no other guild knows them: their name is gone as well
}

// EraseMember erases what a guild's rows say of somebody: who they are and what they wrote. Rows that figures count stay,
// under a negative number drawn at random that stands for nobody; the audit log stays whole, and what its reference
// points to is deleted. Exports of the guild that have begun expire, as the member may stand in them; files that name the
// member and wait to be taken over go. It answers a *fault.Error: Conflict while Discord is being asked for something
// about the member or such a file is being taken over, Forbidden for the guild's owner and for oneself.
//
// What Discord tells of them afterwards is recorded anew, as of anybody.
func (s *Store) EraseMember(
	ctx context.Context, grant access.Grant[access.EraseMember], user snowflake.UserID,
) (erased Erased, err error) {
	d := deedOf(ctx, grant, "member.erased")
	if user <= 0 {
		return erased, fault.New(fault.NotFound, "There is no such member.")
	}
	if user == d.actor.User() {
		return erased, fault.New(fault.Forbidden, "You cannot erase yourself: somebody must answer for what was done here.")
	}
	err = s.write(ctx, func(t *tx) error { erased, err = t.eraseMember(d, user); return err })
	return erased, err
}

func (t *tx) eraseMember(d deed, user snowflake.UserID) (erased Erased, err error) {
	guild := int64(d.guild)
	if err := t.mayErase(guild, user); err != nil {
		return erased, err
	}
	e := eraser{tx: t, guild: guild, user: int64(user), nobody: -randomID()}
	names := e.calls()
	e.found()
	e.done()
	e.warned()
	e.raided()
	e.counted()
	e.steered()
	e.searched(names)
	e.known()
	if e.err != nil {
		return erased, e.err
	}
	// The row names nobody, not even by a reference: that would be one to nobody.
	d.after = map[string]int64{"violations": e.erased.Violations, "actions": e.erased.Actions, "warnings": e.erased.Warnings}
	if err := t.audit(d); err != nil {
		return erased, err
	}
	t.forget(d.guild, user, e.erased.Forgotten)
	return e.erased, t.announce(moderation.Change{Guild: d.guild, At: t.writer.clock(), Kind: moderation.ChangeConfig,
		Label: "member_erased", Actor: d.actor.User()})
}

// mayErase refuses to erase the guild's owner, and whoever something is under way about.
func (t *tx) mayErase(guild int64, user snowflake.UserID) error {
	row, err := t.GetGuild(t.ctx, guild)
	if err != nil {
		return err
	}
	if row.OwnerID == int64(user) {
		return fault.New(fault.Forbidden, "The owner of the server cannot be erased.")
	}
	pending, err := t.HasPendingActions(t.ctx, db.HasPendingActionsParams{GuildID: guild, UserID: int64(user)})
	if err != nil {
		return err
	}
	if pending != 0 {
		return fault.New(fault.Conflict, "Discord is just being asked for something about this member. Try again in a minute.")
	}
	taken, err := t.IsTakenOver(t.ctx, db.IsTakenOverParams{GuildID: guild, UserID: user.String()})
	if err == nil && taken != 0 {
		err = fault.New(fault.Conflict,
			"A file that names this member is being taken over from another bot. Wait until it is, have it go on or take it back, then try again.")
	}
	return err
}

// forget drops what is remembered of a member outside the tables.
func (t *tx) forget(guild snowflake.GuildID, user snowflake.UserID, everywhere bool) {
	memory := &t.writer.memory
	t.after = append(t.after, func() {
		delete(memory.present, moderation.Presence{Guild: guild, User: user})
		if everywhere {
			delete(memory.users, user)
		}
	})
	t.user(user)
	t.changedRights(guild, user)
	for _, matter := range []Matter{MatterTargets, MatterOffenders, MatterLines, MatterRules, MatterModerators,
		MatterAppeals, MatterConfig, MatterNotifications} {
		t.changed(matter, guild)
	}
}

// eraser goes through the tables of one guild for one member. The first error ends it.
type eraser struct {
	*tx
	guild, user, nobody int64
	erased              Erased
	err                 error
}

// do runs a statement.
func (e *eraser) do(err error) {
	if e.err == nil {
		e.err = err
	}
}

// rows runs a statement that says how many rows it changed.
func (e *eraser) rows(n int64, err error) int64 {
	e.do(err)
	return n
}

// id is the member's, as texts have it.
func (e *eraser) id() string { return strconv.FormatInt(e.user, 10) }

// found are the violations: the member's own, and what they did about those of others.
func (e *eraser) found() {
	q, ctx := e.Queries, e.ctx
	e.do(q.EraseNotes(ctx, db.EraseNotesParams{GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseNoteMaker(ctx, db.EraseNoteMakerParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.erased.Violations = e.rows(q.EraseViolations(ctx, db.EraseViolationsParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseMarks(ctx, db.EraseMarksParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseClaims(ctx, db.EraseClaimsParams{GuildID: e.guild, UserID: e.user}))
}

// done is what was done about the member, and what they did.
func (e *eraser) done() {
	q, ctx := e.Queries, e.ctx
	e.erased.Actions = e.rows(q.EraseActions(ctx, db.EraseActionsParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseActors(ctx, db.EraseActorsParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.erased.Runs = e.rows(q.EraseRuns(ctx, db.EraseRunsParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseLines(ctx, db.EraseLinesParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseLineActors(ctx, db.EraseLineActorsParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
}

// warned are warnings and appeals.
func (e *eraser) warned() {
	q, ctx := e.Queries, e.ctx
	e.do(q.EraseClears(ctx, db.EraseClearsParams{GuildID: e.guild, UserID: e.user}))
	e.erased.Warnings = e.rows(q.EraseWarnings(ctx, db.EraseWarningsParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseGivers(ctx, db.EraseGiversParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseClearers(ctx, db.EraseClearersParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.erased.Appeals = e.rows(q.EraseAppeals(ctx, db.EraseAppealsParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseDeciders(ctx, db.EraseDecidersParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseNotices(ctx, db.EraseNoticesParams{GuildID: e.guild, UserID: e.user}))
}

// raided are the raids that had the member in them, or that they switched.
func (e *eraser) raided() {
	q, ctx := e.Queries, e.ctx
	e.do(q.EraseRaidText(ctx, db.EraseRaidTextParams{GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseRaidMember(ctx, db.EraseRaidMemberParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseRaidStarter(ctx, db.EraseRaidStarterParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseRaidEnder(ctx, db.EraseRaidEnderParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
}

// counted are the sums that are kept by member.
func (e *eraser) counted() {
	q, ctx := e.Queries, e.ctx
	e.do(q.EraseTarget(ctx, db.EraseTargetParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseOffender(ctx, db.EraseOffenderParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseModerated(ctx, db.EraseModeratedParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseMonths(ctx, db.EraseMonthsParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseSheets(ctx, db.EraseSheetsParams{Nobody: strconv.FormatInt(e.nobody, 10), GuildID: e.guild,
		Sheet: string(sheetModerator), Subject: e.id()}))
}

// narrowedByNobody is why an export fails that waited and was to be about the member.
const narrowedByNobody = "It was about a member whose data was erased."

// steered is what the member had a hand in as one of the team.
func (e *eraser) steered() {
	q, ctx := e.Queries, e.ctx
	e.do(q.EraseAskers(ctx, db.EraseAskersParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseExportEnders(ctx, db.EraseExportEndersParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseNotifications(ctx, db.EraseNotificationsParams{GuildID: e.guild, UserID: e.user}))
	e.do(q.ExpireExports(ctx, db.ExpireExportsParams{Now: msOf(e.writer.clock()), GuildID: e.guild}))
	e.do(q.EraseNarrowing(ctx, db.EraseNarrowingParams{UserID: e.id(), Now: msOf(e.writer.clock()), Problem: narrowedByNobody,
		GuildID: e.guild}))
	e.do(q.EraseDestinationMaker(ctx, db.EraseDestinationMakerParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseDrafts(ctx, db.EraseDraftsParams{GuildID: e.guild, UserID: e.id()}))
	e.do(q.EraseFileNames(ctx, db.EraseFileNamesParams{GuildID: e.guild, UserID: e.id()}))
	e.do(q.EraseImporter(ctx, db.EraseImporterParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseVersions(ctx, db.EraseVersionsParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseAssignments(ctx, db.EraseAssignmentsParams{GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseAssigners(ctx, db.EraseAssignersParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseSetters(ctx, db.EraseSettersParams{Nobody: e.nobody, GuildID: e.guild, UserID: e.user}))
	e.do(q.EraseSignInLinks(ctx, db.EraseSignInLinksParams{GuildID: e.guild, UserID: e.user}))
}

// known is who the member is. Their name stays while another guild knows them.
func (e *eraser) known() {
	q, ctx := e.Queries, e.ctx
	e.do(q.EraseMemberRoles(ctx, db.EraseMemberRolesParams{GuildID: e.guild, UserID: e.user}))
	e.rows(q.EraseMember(ctx, db.EraseMemberParams{GuildID: e.guild, UserID: e.user}))
	e.rows(q.EraseAuditPerson(ctx, db.EraseAuditPersonParams{GuildID: e.guild, UserID: e.user}))
	if e.err != nil {
		return
	}
	e.do(e.recount(e.user)) // when they were last active anywhere
	elsewhere, err := q.IsKnownElsewhere(ctx, e.user)
	if e.do(err); elsewhere != 0 || e.err != nil {
		return
	}
	e.erased.Forgotten = true
	e.do(q.EraseMonths(ctx, db.EraseMonthsParams{Nobody: e.nobody, GuildID: int64(Everywhere), UserID: e.user}))
	e.do(q.EraseUser(ctx, e.user))
}
