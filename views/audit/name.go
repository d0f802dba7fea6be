package audit

// Name is what an action of the log is called where one is chosen: "Role given".
func Name(action string) string { return wordsOf(action).name }
