package main

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"guildwatch/internal/config"
	"guildwatch/store"
)

// auditVerifyCommand follows the audit log's chain of hashes, beside a guildwatch that may be running.
type auditVerifyCommand struct {
	Data   string
	Expect auditHead
}

func (c *auditVerifyCommand) flags(f *config.Flags) {
	f.Text(&c.Data, "data", "GUILDWATCH_DATA", "./guildwatch-data", "Directory with the database.")
	f.Var(&c.Expect, "expect", "A head that was noted earlier: the log must still have it.")
}

// auditHead is the end of the log as people note it, "1234:5f2c…".
type auditHead struct{ store.AuditMark }

// Set reads a noted head.
func (h *auditHead) Set(text string) error {
	before, after, _ := strings.Cut(strings.TrimSpace(text), ":")
	number, err := strconv.ParseInt(before, 10, 64)
	hash, wrong := hex.DecodeString(after)
	if err != nil || wrong != nil || number < 1 || len(hash) != 32 {
		return fmt.Errorf("%q is no head: it is a row's number, a colon and 64 hexadecimal digits", text)
	}
	h.AuditMark = store.AuditMark{Number: number, Hash: hash}
	return nil
}

// String is the head as people note it; empty for none.
func (h auditHead) String() string {
	if h.Number == 0 {
		return ""
	}
	return fmt.Sprintf("%d:%x", h.Number, h.Hash)
}

// Type is what a head looks like, for the help.
func (auditHead) Type() string { return "NUMBER:HASH" }

// run prints what was found. The exit code is 0 when the log is whole, 1 when it is not, 3 when it cannot be read.
func (c *auditVerifyCommand) run(t terminal) error {
	proof, err := store.VerifyAuditIn(t, c.Data, c.Expect.AuditMark)
	if err != nil {
		return exitError{3, err}
	}
	if !proof.Whole() {
		return fmt.Errorf("the audit log in %s is not what was written. %s The %d rows before that are as they were",
			c.Data, proof.Why, proof.Rows)
	}
	if proof.Rows == 0 {
		fmt.Fprintf(t.out, "The audit log in %s has no rows yet.\n", c.Data)
		return nil
	}
	head := auditHead{store.AuditMark{Number: proof.Rows, Hash: proof.Head}}
	fmt.Fprintf(t.out, "The audit log in %s is whole: %d rows, each as it was written.\n", c.Data, proof.Rows)
	if c.Expect.Number > 0 {
		fmt.Fprintf(t.out, "Row %d still has the hash that was noted.\n", c.Expect.Number)
	}
	fmt.Fprintf(t.out, "Its head is %s\nNote the head somewhere else. Who can write the database can also write the whole "+
		"log anew; then only\n  guildwatch audit verify --expect NUMBER:HASH\nwith a head noted before shows it.\n", head)
	return nil
}
