package handlers

import "strings"

// hint is what in a User-Agent tells a name.
type hint struct{ mark, name string }

// browsers come before those whose marks they carry as well: Edge says Chrome, and Chrome says Safari.
var browsers = []hint{
	{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"}, {"Vivaldi/", "Vivaldi"},
	{"SamsungBrowser/", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"},
	{"Chromium/", "Chromium"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"},
}

// systems come before those whose marks they carry as well: Android says Linux, and an iPhone says Mac OS X.
var systems = []hint{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
	{"Macintosh", "Mac"}, {"FreeBSD", "FreeBSD"}, {"Linux", "Linux"},
}

// deviceOf says in words which browser on which system a User-Agent names. Nothing of the text itself gets into the
// words: it is whatever the visitor likes.
func deviceOf(agent string) string {
	browser, system := find(browsers, agent), find(systems, agent)
	switch {
	case browser == "" && system == "":
		return "Unknown browser"
	case browser == "":
		return "Unknown browser on " + system
	case system == "":
		return browser
	}
	return browser + " on " + system
}

func find(hints []hint, agent string) string {
	for _, h := range hints {
		if strings.Contains(agent, h.mark) {
			return h.name
		}
	}
	return ""
}
