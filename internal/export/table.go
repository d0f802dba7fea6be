package export

import (
	"strconv"

	"guildwatch/internal/snowflake"
)

// Table writes a small table whole, as a file of comma-separated values like those of exports: for what goes along with
// a message, with the row that ends those. A cell is a string, whoever wrote it, an int64, a float64, a guild's or user's id,
// or nil for nothing. Ids are written as exports write them, so that no spreadsheet rounds them; nobody's are left out.
func Table(columns []string, rows [][]any) []byte {
	file := []byte("\ufeff") // without it Excel reads the file in the code page of its system
	for i, name := range columns {
		if i > 0 {
			file = append(file, ',')
		}
		file = append(file, name...)
	}
	file = append(file, "\r\n"...)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				file = append(file, ',')
			}
			switch cell := cell.(type) {
			case string:
				file = appendCell(file, cell)
			case int64:
				file = strconv.AppendInt(file, cell, 10)
			case snowflake.GuildID:
				file = appendID(file, int64(cell))
			case snowflake.UserID:
				file = appendID(file, int64(cell))
			case float64:
				file = strconv.AppendFloat(file, cell, 'f', -1, 64)
			}
		}
		file = append(file, "\r\n"...)
	}
	return appendEnd(file, int64(len(rows)), len(columns))
}

// appendID writes an id with a mark before it; nothing for that of somebody whose data was erased.
func appendID(to []byte, id int64) []byte {
	if id <= 0 {
		return to
	}
	return strconv.AppendInt(append(to, '\''), id, 10)
}
