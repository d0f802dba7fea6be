package casefile

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"guildwatch/internal/fault"
)

// Text is a file as UTF-8 with lines that end in "\n", whatever wrote it: spreadsheets and Windows' editor write UTF-16
// as well, with a mark at the beginning or without. It answers an Invalid for what is too large, empty or no text.
func Text(data []byte) ([]byte, error) {
	if len(data) > MaxSize {
		return nil, tooLarge()
	}
	if order := wide(data); order != nil {
		data = narrowed(data, order)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	switch {
	case len(data) > MaxSize: // three bytes came of two
		return nil, tooLarge()
	case len(bytes.TrimSpace(data)) == 0:
		return nil, fault.New(fault.Invalid, "The file is empty.")
	case !utf8.Valid(data):
		return nil, fault.New(fault.Invalid, "The file is not text in UTF-8. Save it as UTF-8 and try again.")
	}
	return data, nil
}

func tooLarge() error { return fault.New(fault.Invalid, "The file is larger than 8 MB.") }

// wide says in which order the bytes of UTF-16 are; nil: it is none. What all files begin with, a digit, a letter, a
// quotation mark or a bracket, has a zero byte on one side.
func wide(data []byte) binary.ByteOrder {
	switch {
	case len(data) < 2:
		return nil
	case data[0] == 0xff && data[1] == 0xfe, data[0] != 0 && data[1] == 0:
		return binary.LittleEndian
	case data[0] == 0xfe && data[1] == 0xff, data[0] == 0 && data[1] != 0:
		return binary.BigEndian
	}
	return nil
}

func narrowed(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// clip keeps the first 400 characters of a text.
func clip(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\x00", ""))
	if utf8.RuneCountInString(text) <= maxText {
		return text
	}
	return string([]rune(text)[:maxText-1]) + "…"
}
