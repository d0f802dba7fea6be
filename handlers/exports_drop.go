package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"guildwatch/internal/access"
	"guildwatch/internal/fault"
	"guildwatch/store"
	"guildwatch/views/exports"
)

// dropExport takes the buttons of the history: an export that is under way is cancelled, the file of a finished one
// deleted.
func (s *site) dropExport(c echo.Context, grant access.Grant[access.Export]) error {
	values, err := formOf(c)
	if err != nil {
		return err
	}
	do := store.ExportDrop(values.Get("do"))
	if do != store.ExportCancel && do != store.ExportDelete {
		return fault.New(fault.Invalid, "Say in a form what to do about the export: do is cancel or delete.")
	}
	e, err := s.drop(c, grant, do)
	said := string(e.State)
	if fault.Of(err) == fault.Conflict { // it was over a moment before the button was pressed: the history shows how
		said, err = "late", nil
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, exports.URL(grant.Guild())+"?dropped="+said+"#list")
}

// apiDropExport is DELETE /api/servers/{guild_id}/export/{id}: the answer is the export as it is then.
func (s *site) apiDropExport(c echo.Context, grant access.Grant[access.Export]) error {
	do := store.ExportDrop(c.QueryParam("do"))
	if do != store.ExportEither && do != store.ExportCancel && do != store.ExportDelete {
		return fault.New(fault.Invalid, "What to do is not known: use cancel or delete, or leave it out for whichever fits.")
	}
	e, err := s.drop(c, grant, do)
	if err != nil {
		return err
	}
	answer, err := s.exportAnswer(c.Request().Context(), grant.Role(), &e)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, answer)
}

// drop has an export ended, and notes who is refused to.
func (s *site) drop(c echo.Context, grant access.Grant[access.Export], do store.ExportDrop) (store.Export, error) {
	e, err := s.Exports.Drop(c.Request().Context(), grant, c.Param("export_id"), do)
	return e, s.refused(c, err, grant.Actor(), grant.Role(), grant.Guild(), access.NameOf[access.Export]())
}

// dropped says what became of an export whose button was pressed.
func dropped(said string) string {
	switch said {
	case string(store.ExportCancelled):
		return "The export is cancelled. There is no file of it."
	case string(store.ExportDeleted):
		return "The file is deleted."
	case "late":
		return "The export was over a moment before that. The history shows how."
	}
	return ""
}
