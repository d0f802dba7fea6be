package discordsim

import "guildwatch/internal/snowflake"

// The permissions that decide something here.
const (
	PermissionKickMembers     Permissions = 1 << 1
	PermissionBanMembers      Permissions = 1 << 2
	PermissionAdministrator   Permissions = 1 << 3
	PermissionManageChannels  Permissions = 1 << 4
	PermissionManageGuild     Permissions = 1 << 5
	PermissionViewAuditLog    Permissions = 1 << 7
	PermissionViewChannel     Permissions = 1 << 10
	PermissionSendMessages    Permissions = 1 << 11
	PermissionManageMessages  Permissions = 1 << 13
	PermissionEmbedLinks      Permissions = 1 << 14
	PermissionReadHistory     Permissions = 1 << 16
	PermissionMentionEveryone Permissions = 1 << 17
	PermissionChangeNickname  Permissions = 1 << 26
	PermissionManageNicknames Permissions = 1 << 27
	PermissionManageRoles     Permissions = 1 << 28
	PermissionManageWebhooks  Permissions = 1 << 29
	PermissionUseCommands     Permissions = 1 << 31
	PermissionManageThreads   Permissions = 1 << 34
	PermissionCreateThreads   Permissions = 1 << 35
	PermissionPrivateThreads  Permissions = 1 << 36
	PermissionSendInThreads   Permissions = 1 << 38
	PermissionModerateMembers Permissions = 1 << 40
	permissionAll             Permissions = 1<<53 - 1
	PermissionsEveryone                   = PermissionViewChannel | PermissionSendMessages | PermissionReadHistory |
		PermissionUseCommands | PermissionChangeNickname | PermissionCreateThreads | PermissionSendInThreads |
		PermissionEmbedLinks
	PermissionsModerator = PermissionsEveryone | PermissionKickMembers | PermissionBanMembers | PermissionManageChannels |
		PermissionManageGuild | PermissionViewAuditLog | PermissionManageMessages | PermissionManageNicknames |
		PermissionManageRoles | PermissionManageWebhooks | PermissionManageThreads | PermissionPrivateThreads |
		PermissionModerateMembers
)

// permissions are what a member may do in the guild; nothing for those who are not in it.
func (g *guild) permissions(id snowflake.UserID) Permissions {
	m := g.members[id]
	if m == nil {
		return 0
	}
	if g.OwnerID == id {
		return permissionAll
	}
	bits := g.roles[snowflake.RoleID(g.ID)].Permissions
	for _, role := range m.Roles {
		if r := g.roles[role]; r != nil {
			bits |= r.Permissions
		}
	}
	if bits&PermissionAdministrator != 0 {
		return permissionAll
	}
	return bits
}

// permissionsIn are what a member may do in a channel: those of the guild, changed by the channel's overwrites, of
// which @everyone's come first, then those of the roles, then the member's own. A thread has those of its parent.
func (g *guild) permissionsIn(c *channel, id snowflake.UserID) Permissions {
	bits := g.permissions(id)
	if bits == permissionAll || bits == 0 {
		return bits
	}
	if parent := g.channels[c.ParentID]; c.Thread != nil && parent != nil {
		c = parent
	}
	var allow, deny Permissions
	for _, o := range c.Overwrites {
		switch {
		case o.Type == 0 && o.ID == int64(g.ID):
			bits = bits&^o.Deny | o.Allow
		case o.Type == 0 && g.members[id].has(snowflake.RoleID(o.ID)):
			allow, deny = allow|o.Allow, deny|o.Deny
		}
	}
	bits = bits&^deny | allow
	for _, o := range c.Overwrites {
		if o.Type == 1 && o.ID == int64(id) {
			bits = bits&^o.Deny | o.Allow
		}
	}
	return bits
}

func (m *Member) has(role snowflake.RoleID) bool {
	for _, r := range m.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// top is the position of the member's highest role; the owner stands above all.
func (g *guild) top(id snowflake.UserID) int {
	if g.OwnerID == id {
		return 1 << 20
	}
	highest := -1
	if m := g.members[id]; m != nil {
		highest = 0
		for _, role := range m.Roles {
			if r := g.roles[role]; r != nil {
				highest = max(highest, r.Position)
			}
		}
	}
	return highest
}

// outranks says whether actor may act on target. Those who are not members have no rank to protect them.
func (g *guild) outranks(actor, target snowflake.UserID) bool { return g.top(actor) > g.top(target) }
