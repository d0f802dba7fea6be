package ui

var noticeIcons = map[Tone]string{
	Neutral: "info", Info: "info", Good: "circle-check", Warn: "triangle-alert", Bad: "circle-alert",
}
