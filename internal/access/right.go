package access

// Right is one thing that a role may do in a guild. The set is closed: each right is an empty struct type of this
// package, so that Grant[DeleteRules] and Grant[ViewDashboard] are different types to the compiler.
type Right interface{ right() rule }

// rule is what a right needs and how a refusal names it.
type rule struct {
	name  string // the audit log's and the route table's word for it
	verb  string // completes "You may not …"
	least Role   // the lowest role that has it
}

// The rights of product.md, section 7, lowest role first.
type (
	// ViewDashboard is to see dashboard, violations, warnings, analytics, rules and settings.
	ViewDashboard struct{}
	// ManageViolations is to mark, claim and annotate violations and to clear warnings.
	ManageViolations struct{}
	// ActOnMembers is to warn, time out, kick and ban, and to undo it.
	ActOnMembers struct{}
	// DecideAppeals is to approve or deny an appeal.
	DecideAppeals struct{}
	// Export is to take out what one may view.
	Export struct{}
	// SwitchRaidMode is to turn raid mode on and off.
	SwitchRaidMode struct{}
	// UpdateSettings is to change settings, notification preferences, retention, scheduled reports, and to import.
	UpdateSettings struct{}
	// UpdateRules is to make and change rules.
	UpdateRules struct{}
	// ViewAudit is to read the audit log.
	ViewAudit struct{}
	// ViewTeam is to see who has which role, and why. It is for those who read the audit log, which says the same: a list
	// of whom to ask, or to fool, for more rights is of no use to those who only look.
	ViewTeam struct{}
	// DeleteRules is to delete rules for good.
	DeleteRules struct{}
	// ManageRoles is to give and take roles on the dashboard.
	ManageRoles struct{}
	// EraseMember is to erase what is stored about a member.
	EraseMember struct{}
)

func (ViewDashboard) right() rule { return rule{"view", "see this server", Viewer} }
func (ManageViolations) right() rule {
	return rule{"manage_violations", "manage violations here", Moderator}
}
func (ActOnMembers) right() rule  { return rule{"act_on_members", "act on members here", Moderator} }
func (DecideAppeals) right() rule { return rule{"decide_appeals", "decide appeals here", Moderator} }
func (Export) right() rule        { return rule{"export", "export from this server", Moderator} }
func (SwitchRaidMode) right() rule {
	return rule{"switch_raid_mode", "switch raid mode here", Moderator}
}
func (UpdateSettings) right() rule {
	return rule{"update_settings", "change this server's settings", Admin}
}
func (UpdateRules) right() rule { return rule{"update_rules", "change this server's rules", Admin} }
func (ViewAudit) right() rule   { return rule{"view_audit", "read this server's audit log", Admin} }
func (ViewTeam) right() rule    { return rule{"view_team", "see who has which role here", Admin} }
func (DeleteRules) right() rule { return rule{"delete_rules", "delete rules here", Owner} }
func (ManageRoles) right() rule { return rule{"manage_roles", "manage roles here", Owner} }
func (EraseMember) right() rule { return rule{"erase_member", "erase a member's data here", Owner} }

// NameOf is the right's word in the route table and the audit log.
func NameOf[R Right]() string {
	var r R
	return r.right().name
}

// Allows says whether role has the right R.
func Allows[R Right](role Role) bool {
	var r R
	return role >= r.right().least
}
