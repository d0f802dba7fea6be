package handlers

import (
	"context"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/native"
	"guildwatch/internal/snowflake"
	"guildwatch/views/rules"
)

// NativeBook changes Discord's own AutoMod rules. Its errors are of kind *fault.Error; who changes what somebody else has
// changed meanwhile gets a native.Overtaken.
type NativeBook interface {
	Make(context.Context, access.Grant[access.UpdateRules], moderation.NativeRule) (moderation.NativeRule, error)
	Change(ctx context.Context, grant access.Grant[access.UpdateRules], id snowflake.RuleID, seen string,
		draft func(moderation.NativeRule) moderation.NativeRule) (moderation.NativeRule, error)
	Delete(ctx context.Context, grant access.Grant[access.DeleteRules], id snowflake.RuleID, seen string) error
}

// nativeList is Discord's own rules as a page lists them.
func (r *rulesRead) nativeList(role access.Role) rules.NativeList {
	list := rules.NativeList{Place: r.place(role), Names: r.names()}
	var triggers []moderation.Trigger
	for _, seen := range r.natives {
		list.Rows = append(list.Rows, r.nativeRow(seen))
		triggers = append(triggers, seen.Trigger)
	}
	list.Room = native.Room(triggers)
	return list
}

func (r *rulesRead) nativeRow(seen moderation.NativeRuleSeen) rules.Native {
	row := rules.Native{}
	row.Rule, row.Known = seen.Definition()
	week := r.caught[seen.Rule]
	row.Week = rules.Hits{Counted: week.Counted, Shadow: week.Shadow, False: week.FalsePositives}
	return row
}

// nativeNamed is the native rule that the path names.
func (r *rulesRead) nativeNamed(c echo.Context) (rules.Native, error) {
	id, err := snowflake.Parse[snowflake.RuleID](c.Param("native"))
	for _, seen := range r.natives {
		if err == nil && seen.Rule == id {
			return r.nativeRow(seen), nil
		}
	}
	return rules.Native{}, fault.New(fault.NotFound, "There is no such AutoMod rule here.")
}

// nativeRule shows one of Discord's own rules, and the form to those who may change it.
func (s *site) nativeRule(c echo.Context, grant access.Grant[access.ViewDashboard]) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	row, err := read.nativeNamed(c)
	if err != nil {
		return err
	}
	editor := rules.NativeEditor{Place: read.place(grant.Role()), Now: row, Own: read.madeFrom(c.QueryParam("from"))}
	if editor.Place.May.Update && row.Known {
		form := rules.FillNative(&row.Rule)
		editor.Form = &form
	} else if !editor.Place.May.Update {
		editor.Own = nil
	}
	return s.showNative(c, http.StatusOK, grant.Actor(), read, editor)
}

// newNative is the form for a new rule of Discord's.
func (s *site) newNative(c echo.Context, grant access.Grant[access.UpdateRules]) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.QueryParam("trigger"))
	trigger := moderation.Trigger(number)
	if err != nil || native.Most(trigger) == 0 {
		return fault.New(fault.NotFound, "There is no such kind of AutoMod rule.")
	}
	form := rules.FillNative(blankNative(trigger))
	return s.showNative(c, http.StatusOK, grant.Actor(), read, rules.NativeEditor{Place: read.place(grant.Role()), Form: &form})
}

// blankNative is a rule of Discord's as an editor begins with it.
func blankNative(trigger moderation.Trigger) *moderation.NativeRule {
	r := &moderation.NativeRule{Trigger: trigger, Enabled: true}
	r.Spec.Actions = []moderation.NativeAction{{Kind: moderation.NativeBlock}}
	switch trigger {
	case moderation.TriggerMemberProfile:
		r.Spec.Actions[0].Kind = moderation.NativeMute
	case moderation.TriggerMentionSpam:
		r.Spec.Mentions = 10
	case moderation.TriggerKeywordPreset:
		r.Spec.Presets = moderation.NativePresets()
	}
	return r
}

// promoteRule says what of one of guildwatch's rules Discord could do, with the form that makes it.
func (s *site) promoteRule(c echo.Context, grant access.Grant[access.UpdateRules]) error {
	read, err := s.readRules(c.Request().Context(), grant.Guild())
	if err != nil {
		return err
	}
	row, err := read.named(c)
	if err != nil {
		return err
	}
	editor := read.promotion(&row.Rule, grant.Role())
	if editor.Promotion.Possible() {
		form := rules.FillNative(&editor.Promotion.Rule)
		form.Own = row.Number
		editor.Form = &form
	}
	return s.showNative(c, http.StatusOK, grant.Actor(), read, editor)
}

func (s *site) showNative(
	c echo.Context, status int, actor access.Actor, read *rulesRead, e rules.NativeEditor,
) (err error) {
	e.Names = read.names()
	if e.Form != nil {
		e.Form.Channels, e.Form.Roles = read.channelChoices(), read.roleChoices()
	}
	if e.Page, err = s.guildFrame(c, actor, read.profile, read.seq); err != nil {
		return err
	}
	if e.Now.Rule.ID == 0 && changes(c.Request().Method) {
		e.Page.Path = rules.NewNativeURL(e.Place.Guild, e.Form.Trigger) // what was sent is no page to come back to
	}
	return render(c, status, rules.NativePage(e))
}
