package export

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// yielding does something on a thread that gives way to all others. On an ordinary one the thread of the file system that
// ends a commit's fsync stood 3 ms behind the export, a slice of the scheduler, so that one commit in ten took four times
// as long. The thread ends with it: only root may raise its rank again.
func yielding(do func()) {
	ended := make(chan error)
	go func() {
		defer func() {
			if reason := recover(); reason != nil {
				ended <- fmt.Errorf("%v\n%s", reason, debug.Stack()) // whoever recovers sees where it was
				return
			}
			ended <- nil
		}()
		runtime.LockOSThread()
		_ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), 19) // where that is forbidden, it is as fast as others
		do()
	}()
	if reason := <-ended; reason != nil {
		panic(reason)
	}
}
