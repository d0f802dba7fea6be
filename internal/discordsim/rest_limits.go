package discordsim

import (
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// invalidWindow is the time over which Discord counts invalid requests, and for which it then bans an address.
const invalidWindow = 10 * time.Minute

// limits counts requests.
type limits struct {
	buckets map[string]*bucket
	global  bucket
	invalid bucket
}

// bucket counts what happened in the window that ends at reset.
type bucket struct {
	used  int
	reset time.Time
}

func newLimits() limits { return limits{buckets: map[string]*bucket{}} }

// roll starts a new window when the last is over.
func (b *bucket) roll(now time.Time, window time.Duration) {
	if !now.Before(b.reset) {
		b.used, b.reset = 0, now.Add(window)
	}
}

// tooMany is the body of a 429.
type tooMany struct {
	Message    string  `json:"message"`
	RetryAfter float64 `json:"retry_after"`
	Global     bool    `json:"global"`
	Code       int     `json:"code,omitempty"`
}

// RateLimited is a failure with status 429, as Discord words it. Scope is "user", "global" or "shared".
func RateLimited(scope string, wait time.Duration) Failure {
	global := scope == "global"
	header := http.Header{
		"Retry-After":       {strconv.Itoa(int((wait + time.Second - 1) / time.Second))},
		"X-Ratelimit-Scope": {scope},
		"Via":               {"1.1 google"},
		"Content-Type":      {"application/json"},
	}
	if global {
		header.Set("X-RateLimit-Global", "true")
	} else {
		header.Set("X-RateLimit-Reset-After", seconds(wait))
		header.Set("X-RateLimit-Remaining", "0")
	}
	body := encode(tooMany{Message: "You are being rate limited.", RetryAfter: wait.Seconds(), Global: global})
	return Failure{Times: 1, Status: http.StatusTooManyRequests, Header: header, Body: string(body)}
}

// CloudflareBan is the failure that an address meets which sent too many invalid requests: HTML instead of JSON.
func CloudflareBan(wait time.Duration) Failure {
	return Failure{
		Times: 1, Status: http.StatusTooManyRequests,
		Header: http.Header{"Retry-After": {strconv.Itoa(int(wait.Seconds()))}, "Server": {"cloudflare"}},
		Body: "<!DOCTYPE html><html><head><title>Access denied | discord.com used Cloudflare to restrict access</title>" +
			"</head><body><h1>Error 1015</h1><p>You are being rate limited</p></body></html>",
	}
}

// banned says whether the address is banned for its invalid requests.
func (s *Sim) banned() *answer {
	now := s.Now()
	s.limits.invalid.roll(now, invalidWindow)
	if s.limits.invalid.used < s.knobs.InvalidLimit {
		return nil
	}
	refusal := CloudflareBan(s.limits.invalid.reset.Sub(now))
	result := refusal.answer()
	return &result
}

// limitGlobally counts against the limit over all routes, from which interactions are exempt.
func (s *Sim) limitGlobally(r *http.Request) *answer {
	if s.knobs.GlobalLimit == 0 || strings.HasPrefix(r.URL.Path, "/interactions/") ||
		strings.HasPrefix(r.URL.Path, "/webhooks/"+s.opt.ApplicationID.String()+"/") {
		return nil
	}
	now := s.Now()
	s.limits.global.roll(now, time.Second)
	s.limits.global.used++
	if s.limits.global.used <= s.knobs.GlobalLimit {
		return nil
	}
	refusal := RateLimited("global", s.limits.global.reset.Sub(now))
	result := refusal.answer()
	return &result
}

// limitRoute counts against the route's bucket: one for each pattern and each channel, guild or webhook in the path.
// The headers go with whatever is answered.
func (s *Sim) limitRoute(c *call) (http.Header, *answer) {
	limit, own := s.knobs.Limits[c.Pattern]
	if !own {
		limit = s.knobs.DefaultLimit
	}
	if limit.Requests == 0 || strings.HasPrefix(c.Pattern, "POST /interactions/") {
		return nil, nil
	}
	key := c.Pattern
	for _, name := range []string{"channel", "guild", "webhook"} {
		key += "/" + c.PathValue(name)
	}
	now := s.Now()
	b := s.limits.buckets[key]
	if b == nil {
		b = &bucket{}
		s.limits.buckets[key] = b
	}
	b.roll(now, limit.Window)
	b.used++
	wait := b.reset.Sub(now)
	header := http.Header{
		"X-Ratelimit-Limit":       {strconv.Itoa(limit.Requests)},
		"X-Ratelimit-Remaining":   {strconv.Itoa(max(0, limit.Requests-b.used))},
		"X-Ratelimit-Reset":       {fmt.Sprintf("%.3f", float64(b.reset.UnixMilli())/1000)},
		"X-Ratelimit-Reset-After": {seconds(wait)},
		"X-Ratelimit-Bucket":      {bucketName(c.Pattern)},
	}
	if b.used <= limit.Requests {
		return header, nil
	}
	refusal := RateLimited("user", wait)
	result := refusal.answer()
	result.header = merge(result.header, header)
	return nil, &result
}

// bucketName is a stable hash of the route, as opaque as Discord's.
func bucketName(pattern string) string {
	hash := uint64(14695981039346656037)
	for i := range len(pattern) {
		hash = (hash ^ uint64(pattern[i])) * 1099511628211
	}
	return fmt.Sprintf("%016x", hash)
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

// merge adds the headers of b to those of a, which win.
func merge(a, b http.Header) http.Header {
	both := maps.Clone(b)
	if both == nil {
		both = http.Header{}
	}
	maps.Copy(both, a)
	return both
}
