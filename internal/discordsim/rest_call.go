package discordsim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"guildwatch/internal/snowflake"
)

// call is one REST request while it is answered. Handlers run under Sim.mu.
type call struct {
	*http.Request
	sim    *Sim
	body   []byte
	reason string
	user   *User   // who a Bearer token stands for
	grant  *bearer // of a Bearer token
}

// authorise checks the Authorization header.
func (c *call) authorise(want access) (answer, bool) {
	kind, token, _ := strings.Cut(c.Header.Get("Authorization"), " ")
	switch {
	case want == anyone:
		return answer{}, true
	case kind == "Bot" && token == c.sim.opt.Token:
		c.user = c.sim.world.users[c.sim.BotID()]
		return answer{}, true
	case want == asUser && kind == "Bearer":
		if c.grant = c.sim.oauth.byToken(token, c.sim.Now()); c.grant != nil && c.sim.world.users[c.grant.user] != nil {
			c.user = c.sim.world.users[c.grant.user]
			return answer{}, true
		}
	}
	return fail(http.StatusUnauthorized, 0, "401: Unauthorized"), false
}

// read decodes the JSON body into v; a body that is not JSON is Discord's 50109.
func (c *call) read(v any) (answer, bool) {
	if err := json.Unmarshal(c.body, v); err != nil {
		return fail(http.StatusBadRequest, 50109, "The request body contains invalid JSON."), false
	}
	return answer{}, true
}

// payload decodes a body that may come as a form with files: then the JSON is its payload_json, and the files become
// attachments.
func (c *call) payload(v *messageBody) (answer, bool) {
	kind, params, _ := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return c.read(v)
	}
	form, err := multipart.NewReader(bytes.NewReader(c.body), params["boundary"]).ReadForm(8 << 20)
	if err != nil {
		return invalid("payload_json", "BASE_TYPE_REQUIRED", "This field is required"), false
	}
	files := []map[string]any{}
	for _, headers := range byID(form.File) {
		for _, file := range headers {
			files = append(files, map[string]any{
				"id": newID[snowflake.MessageID](c.sim), "filename": file.Filename, "size": file.Size,
				"url": "https://cdn.discordapp.com/attachments/" + url.PathEscape(file.Filename),
			})
		}
	}
	if text := form.Value["payload_json"]; len(text) > 0 {
		c.body = []byte(text[0])
		if refused, fits := c.read(v); !fits {
			return refused, false
		}
	}
	v.Attachments = encode(files)
	return answer{}, true
}

// pathID is an identifier of the path; a text that is none gives 0, which names nothing.
func pathID[T snowflake.ID](c *call, name string) T {
	id, _ := snowflake.Parse[T](c.PathValue(name))
	return id
}

// queryID is an identifier of the query, 0 when absent.
func queryID[T snowflake.ID](c *call, name string) T {
	id, _ := snowflake.Parse[T](c.URL.Query().Get(name))
	return id
}

// limit reads the query's limit, between 1 and most.
func (c *call) limit(usual, most int) (int, *answer) {
	text := c.URL.Query().Get("limit")
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		refused := invalid("limit", "NUMBER_TYPE_MAX", fmt.Sprintf("int value should be between 1 and %d.", most))
		return 0, &refused
	}
	return n, nil
}

// reasonOr is the audit log's reason; older clients put it into the query.
func (c *call) reasonOr(name string) string {
	return cmp.Or(c.reason, c.URL.Query().Get(name))
}

func decodeReason(r *http.Request) string {
	reason := r.Header.Get("X-Audit-Log-Reason")
	if decoded, err := url.PathUnescape(reason); err == nil {
		return decoded
	}
	return reason
}
