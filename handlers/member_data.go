package handlers

import (
	"mime"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/internal/snowflake"
	"guildwatch/views/member"
	"guildwatch/views/violations"
)

// memberData sends all that the guild keeps of a member, as a file of JSON: what the member may ask for.
func (s *site) memberData(c echo.Context, grant access.Grant[access.Export]) error {
	look, err := memberLooker(c, grant)
	if err != nil {
		return err
	}
	file := &dossierFile{c: c, name: "guildwatch-member-" + look.user.String() + ".json"}
	err = s.Exports.Dossier(c.Request().Context(), grant, look.user, file)
	if err != nil && !file.begun {
		return err
	}
	if err != nil {
		s.Logger.WarnContext(c.Request().Context(), "a member's file broke off", "guild", look.guild, "err", err)
	}
	return nil // a file that broke off lacks its end, which says that it is whole
}

// dossierFile answers with a file from its first byte on; before that the answer can still be an error.
type dossierFile struct {
	c     echo.Context
	name  string
	begun bool
}

// Write sends a piece, with a deadline of its own: somebody with a slow line gets a large file as well.
func (f *dossierFile) Write(piece []byte) (int, error) {
	response := f.c.Response()
	if !f.begun {
		f.begun = true
		header := response.Header()
		header.Set("Content-Type", "application/json; charset=utf-8")
		header.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
		header.Set("Cache-Control", "private, no-store")
		response.WriteHeader(http.StatusOK)
	}
	_ = http.NewResponseController(response.Writer).SetWriteDeadline(time.Now().Add(patience))
	return response.Write(piece)
}

// eraseMember erases what the guild keeps of a member. The visitor must write the member's id: nothing brings it back.
func (s *site) eraseMember(c echo.Context, grant access.Grant[access.EraseMember]) error {
	form, err := formOf(c)
	if err != nil {
		return err
	}
	look, err := memberLooker(c, grant)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	read, err := s.readMember(ctx, look)
	if err != nil {
		return err
	}
	back := member.EraseForm{ID: form.Get("id")}
	if written, err := snowflake.Parse[snowflake.UserID](form.Get("id")); err != nil || written != look.user {
		back.Problem = "This is not the member's id. Copy it from the card: nothing brings erased data back."
		return s.showErase(c, http.StatusUnprocessableEntity, read, back)
	}
	_, err = s.Store.EraseMember(ctx, grant, look.user)
	if err == nil {
		return c.Redirect(http.StatusSeeOther, violations.URL(look.guild)+"?erased=1")
	}
	switch fault.Of(err) {
	case fault.Conflict:
		back.Problem = problemOf(err).sentence
		return s.showErase(c, http.StatusConflict, read, back)
	case fault.Forbidden:
		s.noteDenial(c, deniedTo(grant, access.Member(look.user)))
		back.Problem = problemOf(err).sentence
		return s.showErase(c, http.StatusForbidden, read, back)
	}
	return err
}

// showErase shows the card with the form to erase as it came back.
func (s *site) showErase(c echo.Context, status int, read *memberRead, back member.EraseForm) error {
	return s.showCard(c, status, read, member.View{Data: &member.DataForm{Erase: &back}})
}

// dataForm is what a role may do with all that is kept of a member; nil: nothing.
func dataForm(role access.Role) *member.DataForm {
	if !access.Allows[access.Export](role) {
		return nil
	}
	form := &member.DataForm{}
	if access.Allows[access.EraseMember](role) {
		form.Erase = &member.EraseForm{}
	}
	return form
}
