"""Who sees what, from the table of roles in the design: "Who uses it, and what they see"."""

from tests.oracle.world import Row, World

ASKED_BACK_OR_UNDER_REVIEW = {"PENDING_REVIEW", "NEEDS_INFO"}
APPROVED_AND_LATER = {"APPROVED", "PICKING", "BACKORDERED", "PACKED", "SHIPPED", "COMPLETED"}
SHIPPED_AND_LATER = {"SHIPPED", "COMPLETED"}
RETURNS = {"REQUESTED", "AUTHORISED", "RECEIVED", "REFUNDED", "EXCHANGED", "DECLINED"}
RETURNS_AUTHORISED_AND_LATER = {"AUTHORISED", "RECEIVED", "REFUNDED", "EXCHANGED"}
PERSONAL = {"email", "phone", "identities", "language", "reminder_channels"}
WAITING = {"NEW", "CONTACTED", "QUALIFIED"}
CONTACT_OF_LEAD = {"contact_name", "email", "phone", "tax_id", "external_id", "interest"}
WORDS_OF_LEADS = {("LeadFollowUp", "content"), ("LeadAssignment", "reason")}
OF_LEADS = {"LeadFollowUp", "LeadAssignment", "LeadShare"}
OF_ORDERS = {
    *("OrderLine", "OrderStatusChange", "OrderOwnerChange", "OrderTierOverride", "OrderFinding"),
    *("Shipment", "Payment", "Feedback", "Complaint", "ComplaintChange"),
}
OF_CUSTOMERS = {
    *("CustomerContact", "CustomerAddress", "CustomerOwnerChange", "CustomerLevelChange", "LevelProposal"),
}


class Viewer:
    """Somebody who looks at the world."""

    def __init__(self, world: World, user: Row) -> None:
        self.world = world
        self.user = user
        self.roles = set(user.columns["roles"])
        self._seen: dict[tuple[str, int], bool] = {}

    def sees(self, row: Row) -> bool:
        """Whether the row exists for this viewer."""
        key = (row.type, row.id)
        if key not in self._seen:
            self._seen[key] = self._look(row)
        return self._seen[key]

    def value(self, row: Row, column: str) -> object:
        """What the column holds for this viewer: personal data of others is nothing, unless for an administrator."""
        masked = row.type == "User" and column in PERSONAL and row.id != self.user.id and "ADMIN" not in self.roles
        if row.type == "OrderFinding" and column == "facts" and row.columns["kind"] == "CREDIT_EXCEEDED":
            masked = not self.roles & {"MANAGER", "REVIEWER", "FINANCE", "ADMIN"}
        if row.type == "Leave" and column == "reason":
            masked = row.columns["user_id"] != self.user.id and "ADMIN" not in self.roles and not self._leads(row)
        if row.type == "Lead" and column in CONTACT_OF_LEAD:
            masked = not self._is_told(row)
        if (row.type, column) in WORDS_OF_LEADS:
            masked = not self._is_told(self.world.rows["Lead"][row.columns["lead_id"]])
        return None if masked else row.columns[column]

    def _look(self, row: Row) -> bool:
        if row.type == "File" and row.columns["completed_at"] is None:
            return False
        if row.type == "Reminder":
            return bool(row.columns["recipient_id"] == self.user.id and row.columns["fired_at"] is not None)
        if "ADMIN" in self.roles:
            return True
        match row.type:
            case "File":
                return bool(row.columns["owner_id"] == self.user.id)
            case "JobReportRow":
                return self.sees(self.world.rows["Job"][row.columns["job_id"]])
            case "Order":
                return self._sees_order(row)
            case "Customer":
                return self._sees_customer(row)
            case "Lead":
                return self._sees_lead(row)
            case type_name if type_name in OF_LEADS:
                return self.sees(self.world.rows["Lead"][row.columns["lead_id"]])
            case "LeadPool":
                return self.belongs_to(row.id) or ("MANAGER" in self.roles and self._has_somebody_in(row.id))
            case "LeadPoolMember":
                return self.sees(self.world.rows["LeadPool"][row.columns["pool_id"]])
            case "ShipmentLine":
                return self.sees(self.world.rows["Shipment"][row.columns["shipment_id"]])
            case type_name if type_name in OF_ORDERS:
                return self.sees(self.world.rows["Order"][row.columns["order_id"]])
            case type_name if type_name in OF_CUSTOMERS:
                return self.sees(self.world.rows["Customer"][row.columns["customer_id"]])
            case "Job":
                return bool(row.columns["started_by_id"] == self.user.id)
            case "ApiToken":
                return bool(row.columns["user_id"] == self.user.id)
            case "TierRuleSet":
                return row.columns["number"] is not None
            case "TierRule":
                return self.sees(self.world.rows["TierRuleSet"][row.columns["rule_set_id"]])
            case "Segment":
                return bool(row.columns["shared"] or row.columns["owner_id"] == self.user.id)
            case "StockLevel" | "StockMovement":
                return "FULFILMENT" in self.roles
            case "AuditEntry" | "LeadForm":
                return False
            case "CustomField":
                return not row.columns["archived"]
            case "CustomFieldChoice":
                return self.sees(self.world.rows["CustomField"][row.columns["field_id"]])
            case _:
                return True

    def _sees_order(self, order: Row) -> bool:
        status = order.columns["status"]
        return (
            "FINANCE" in self.roles
            or order.columns["owner_id"] == self.user.id
            or (order.id, self.user.id) in self.world.order_shares
            or ("MANAGER" in self.roles and self.manages(order))
            or ("REVIEWER" in self.roles and status in ASKED_BACK_OR_UNDER_REVIEW)
            or ("REVIEWER" in self.roles and order.columns["reviewed_by_id"] == self.user.id)
            or ("FULFILMENT" in self.roles and status in APPROVED_AND_LATER | RETURNS_AUTHORISED_AND_LATER)
            or ("SERVICE" in self.roles and status in SHIPPED_AND_LATER | RETURNS)
        )

    def _sees_customer(self, customer: Row) -> bool:
        return (
            bool(self.roles & {"FINANCE", "SERVICE"})
            or customer.columns["owner_id"] == self.user.id
            or (customer.id, self.user.id) in self.world.customer_shares
            or ("MANAGER" in self.roles and self.manages(customer))
        )

    def _leads(self, leave: Row) -> bool:
        """Whether the viewer leads the team of the person who is away."""
        return "MANAGER" in self.roles and self.manages(self.world.rows["User"][leave.columns["user_id"]])

    def _is_told(self, lead: Row) -> bool:
        """Whether the viewer knows who a lead is: theirs, shared with them, or of somebody whom they lead."""
        return (
            "ADMIN" in self.roles
            or lead.columns["owner_id"] == self.user.id
            or (lead.id, self.user.id) in self.world.lead_shares
            or ("MANAGER" in self.roles and lead.columns["owner_id"] is not None and self.manages(lead))
        )

    def _sees_lead(self, lead: Row) -> bool:
        pool = lead.columns["pool_id"]
        waits = lead.columns["owner_id"] is None and lead.columns["status"] in WAITING and pool is not None
        return (
            self._is_told(lead)
            or ("MANAGER" in self.roles and self.manages(lead))
            or (waits and bool(self.roles & {"REP", "MANAGER"}) and self.belongs_to(pool))
            or (waits and "MANAGER" in self.roles and self._has_somebody_in(pool))
        )

    def belongs_to(self, pool: int) -> bool:
        """Whether the viewer belongs to a pool, themselves or by their team or one above it."""
        members = self.world.having("LeadPoolMember", "pool_id", pool)
        team = self.world.get("Team", self.user.columns["team_id"])
        return any(
            member.columns["user_id"] == self.user.id
            or (member.columns["team_id"] is not None and self.world.is_within(team, member.columns["team_id"]))
            for member in members
        )

    def _has_somebody_in(self, pool: int) -> bool:
        """Whether the viewer's team or one below it, or somebody of these, is named as a member."""
        mine = self.user.columns["team_id"]
        if mine is None:
            return False
        for member in self.world.having("LeadPoolMember", "pool_id", pool):
            user = self.world.get("User", member.columns["user_id"])
            team = member.columns["team_id"] if user is None else user.columns["team_id"]
            if self.world.is_within(self.world.get("Team", team), mine):
                return True
        return False

    def manages(self, row: Row) -> bool:
        """Whether the row is of the viewer's team or one below it, if they lead it."""
        mine = self.user.columns["team_id"]
        return mine is not None and self.world.is_within(self.world.get("Team", row.columns["team_id"]), mine)
