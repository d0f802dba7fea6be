package export

import "strconv"

// Table writes a small table whole, as a file of comma-separated values like those of exports: for what goes along with
// a message, with the row that ends those. A cell is a string, whoever wrote it, an int64, a float64, or nil for nothing.
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
			case float64:
				file = strconv.AppendFloat(file, cell, 'f', -1, 64)
			}
		}
		file = append(file, "\r\n"...)
	}
	return appendEnd(file, int64(len(rows)), len(columns))
}
