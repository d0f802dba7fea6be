package fleet

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// CPU is the processor time that this process has used.
func CPU() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // cannot fail with these arguments
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Resident is the memory, in bytes, that a process holds now; pid 0 is this one.
func Resident(pid int) (int, error) {
	name := "self"
	if pid != 0 {
		name = strconv.Itoa(pid)
	}
	text, err := os.ReadFile("/proc/" + name + "/statm")
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0, fmt.Errorf("/proc/%s/statm is %q", name, text)
	}
	pages, err := strconv.Atoi(fields[1])
	return pages * os.Getpagesize(), err
}

// Settled is what this process holds once garbage is given back: an idle server gets there within minutes by itself.
func Settled() int {
	runtime.GC() // what a pool keeps survives the first collection: a compressor is 1 MB
	debug.FreeOSMemory()
	bytes, _ := Resident(0) // the file is always there for oneself
	return bytes
}
