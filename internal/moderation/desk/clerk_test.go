package desk

import (
	"context"
	"errors"
	"testing"

	"guildwatch/internal/fault"
	"guildwatch/internal/moderation"
	"guildwatch/internal/moderation/rule"
	"guildwatch/internal/snowflake"
)

// spoilt is the real docket with a failure before it.
type spoilt struct {
	moderation.Docket
	fails func([]moderation.Case) error
}

// OpenAll fails as the test says, or asks the real docket.
func (s *spoilt) OpenAll(ctx context.Context, cases []moderation.Case) ([]moderation.Opened, error) {
	if err := s.fails(cases); err != nil {
		return nil, err
	}
	return s.Docket.OpenAll(ctx, cases)
}

// spoil puts a failure between the clerk and the docket. The clerk must be idle.
func (o *office) spoil(fails func([]moderation.Case) error) {
	o.Clerk().docket = &spoilt{o.ledger, fails}
}

// post files cases without waiting for them.
func (o *office) post(who ...snowflake.UserID) {
	o.Helper()
	for i, one := range who {
		if err := o.Handle(o.Context(), moderation.NewTally(), said(snowflake.MessageID(100+i), one, "bad")); err != nil {
			o.Fatal(err)
		}
	}
}

// F28: one case whose recording panics costs itself alone, and the position goes on.
func TestF28ACaseThatCannotBeRecordedCostsItselfAlone(t *testing.T) {
	o := newOffice(t)
	o.ruled("bad", nil)
	o.spoil(func(cases []moderation.Case) error {
		for _, c := range cases {
			switch c.Violation.User {
			case 666:
				panic("failpoint")
			case 667:
				return errors.New("constraint failed")
			}
		}
		return nil
	})
	o.post(ada, 666, 16, 667)
	if err := o.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	missed := o.Missed()
	if w := o.Clerk().Waiting(); w.Lost != 2 || w.Opened != 2 || w.Panics < tries || w.Cases != 0 ||
		len(missed) != 1 || missed[0].Cases != 2 {
		t.Errorf("%+v, missed %+v", w, missed)
	}
	if got := o.flushed(); got != "warn 14, warn 16" {
		t.Errorf("did %q", got)
	}
}

func TestWhileTheLedgerIsAwayCasesWaitAndTheMarkWithThem(t *testing.T) {
	o := newOffice(t)
	o.ruled("bad", func(r *rule.Rule) { r.Respond = rule.RespondKick })
	tried, back := make(chan struct{}, 100), make(chan struct{})
	o.spoil(func([]moderation.Case) error {
		select {
		case <-back:
			return nil
		default:
			tried <- struct{}{}
			return fault.New(fault.Unavailable, "The disk is full.")
		}
	})
	o.post(ada)
	<-tried
	<-tried
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := o.Settled(ended); err == nil {
		t.Error("what is not recorded counts as settled")
	}
	close(back)
	if err := o.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := o.flushed(); got != "kick 14" {
		t.Errorf("did %q", got)
	}
}
