package bot

import "time"

const userAgent = "DiscordBot (guildwatch, 1)"

// pace holds every wait of the edge in one place; tests shorten them.
type pace struct {
	dial          time.Duration // TCP, TLS and upgrade
	hello         time.Duration // from the dial to HELLO
	ready         time.Duration // from IDENTIFY or RESUME, or the last replayed event, to READY or RESUMED
	ack           time.Duration // from a heartbeat to its ACK; with Discord's 41.25 s a dead connection is found within 57 s
	write         time.Duration // one send
	identifyEvery time.Duration // between two IDENTIFYs: Discord's 5 s
	invalidLeast  time.Duration // after op 9, as Discord asks: 1 to 5 s
	invalidMost   time.Duration
	retryLeast    time.Duration // between two attempts to connect, doubling
	retryMost     time.Duration
	arrive        time.Duration // from READY to the last of its guilds; one that is not there then has an outage
	steady        time.Duration // a connection that lived longer forgets the failures before it
	budgetEvery   time.Duration // between two looks at a used up identify budget
	sendEvery     time.Duration // between two requests for members: 100 of the 120 sends a minute
	chunks        time.Duration // from one chunk of members to the next
	trust         time.Duration // from a lost connection, for which who is a member of what still counts as known
	teamEvery     time.Duration // between two looks at who owns the application
	teamLeast     time.Duration // the same, where the connection flaps
	flush         time.Duration // between two commits of counters and position
	drain         time.Duration // at the end, to empty the lanes
	settle        time.Duration // and to commit and to answer commands after that
	ledgerLeast   time.Duration // between two attempts to record an event, doubling
	ledgerMost    time.Duration
	settleLoss    time.Duration // for what a lost session brought to be committed, before the next session begins
	readEvery     time.Duration // between two requests that read back a gap
	deferAfter    time.Duration // before a command's answer is deferred; Discord waits 3 s
	answer        time.Duration // for the whole of a command
}

func defaultPace() pace {
	return pace{
		dial: 10 * time.Second, hello: 20 * time.Second, ready: 30 * time.Second, ack: 15 * time.Second, write: 5 * time.Second,
		identifyEvery: 5 * time.Second, invalidLeast: time.Second, invalidMost: 5 * time.Second,
		retryLeast: time.Second, retryMost: time.Minute, arrive: time.Minute, steady: 10 * time.Second, budgetEvery: time.Minute,
		sendEvery: 600 * time.Millisecond, chunks: 30 * time.Second, trust: time.Minute,
		teamEvery: time.Hour, teamLeast: time.Minute,
		flush: time.Second, drain: 4 * time.Second, settle: 2 * time.Second,
		settleLoss: 10 * time.Second, readEvery: 200 * time.Millisecond,
		ledgerLeast: 50 * time.Millisecond, ledgerMost: 5 * time.Second,
		deferAfter: 1900 * time.Millisecond, answer: 30 * time.Second,
	}
}

// doubled is the wait before attempt n (from 0): least doubled n times, at most most, between half and the whole of it
// by jitter.
func doubled(least, most time.Duration, n int, jitter float64) time.Duration {
	d := most
	if n < 20 {
		d = min(most, least<<n)
	}
	return d/2 + time.Duration(float64(d/2)*jitter)
}
