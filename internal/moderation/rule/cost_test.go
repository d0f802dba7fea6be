package rule

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// treacherous is cheap on every text with which it is tried when it is saved, and takes some 25 ms for a message of Han
// characters.
const treacherous = `\p{Han}(?:\p{Han}?){250}!`

var han = strings.Repeat("漢", longest)

func TestAnExpressionThatTakesTooLongInUseIsTold(t *testing.T) {
	re, err := Pattern(treacherous)
	if err != nil {
		t.Fatal(err)
	}
	if worst, allowed := Cost(re); !allowed {
		t.Skipf("this machine takes %s to try it: it would not have been saved", worst)
	}
	s := compile(t, Rule{Kind: Regex, Spec: Spec{Pattern: `\d{6}`}}, Rule{Kind: Regex, Spec: Spec{Pattern: treacherous}})
	for n := range slowMost {
		if over := s.Overrun(); over != nil {
			t.Fatalf("told after %d messages: %+v", n, over)
		}
		s.Judge(message(han), nil)
	}
	over := s.Overrun()
	if over == nil || over.Rule.Number != 2 || !strings.Contains(over.Text, "3 times within a minute; 10ms is allowed") {
		t.Fatalf("told %+v", over)
	}
	if again := s.Overrun(); again != nil {
		t.Errorf("told twice: %+v", again)
	}
}

func TestManyRunsAreTooMuchAsWell(t *testing.T) {
	re, c := regexp.MustCompile("a"), &cost{}
	const each = slowRun - 2*time.Millisecond
	for n := 1; ; n++ {
		problem := c.note(re, "a", time.Now().Add(-each))
		if most := int(costShare / each); n > most+most/10 || problem != "" && n < most/2 {
			t.Fatalf("after %d runs: %q", n, problem)
		}
		if problem != "" {
			if !strings.Contains(problem, "messages within a minute; 6s is allowed") {
				t.Errorf("told %q", problem)
			}
			return
		}
	}
}

// A machine that was busy with something else is no fault of the expression's.
func TestAPauseIsNoFaultOfAnExpression(t *testing.T) {
	re, c := regexp.MustCompile("a"), &cost{}
	for range 100 {
		if problem := c.note(re, "a", time.Now().Add(-time.Second)); problem != "" {
			t.Fatal(problem)
		}
	}
}

func TestWhatWasLongAgoIsForgotten(t *testing.T) {
	re, c := regexp.MustCompile("a"), &cost{}
	for range 3 {
		c.note(re, "a", time.Now())
		c.since, c.spent, c.slow = time.Now().Add(-costSpan), costShare, slowMost
	}
	if problem := c.note(re, "a", time.Now()); problem != "" {
		t.Error(problem)
	}
}
