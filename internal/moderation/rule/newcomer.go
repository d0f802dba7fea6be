package rule

import "guildwatch/internal/moderation"

// linked says whether the message has a link anywhere. It reads all texts once more, and is asked of new accounts alone.
func (t *trial) linked() bool {
	for i := range t.m.Texts {
		text := &t.m.Texts[i]
		if text.Surface == moderation.SurfaceName || text.Surface == moderation.SurfaceAttachment {
			continue // a file's name ends like a domain
		}
		t.text.read(text.Value)
		if _, _, bare := t.text.bareInvite(); bare || len(t.text.links()) > 0 {
			return true
		}
	}
	return false
}
