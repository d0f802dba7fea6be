package bot

import (
	"errors"
	"log/slog"
	"runtime/debug"
)

var errPanic = errors.New("bot: a mistake of ours, logged with its stack")

// recovered is deferred in each goroutine: a panic is logged and costs what was being done, never the process. Then
// runs after one.
func recovered(log *slog.Logger, doing string, then func()) {
	if r := recover(); r != nil {
		log.Error("a panic was caught", "doing", doing, "panic", r, "stack", string(debug.Stack()))
		then()
	}
}
