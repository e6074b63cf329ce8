"""Who sees what, from the table of roles in the design: "Who uses it, and what they see"."""

from tests.oracle.world import Row, World

ASKED_BACK_OR_UNDER_REVIEW = {"PENDING_REVIEW", "NEEDS_INFO"}
APPROVED_AND_LATER = {"APPROVED", "PICKING", "BACKORDERED", "PACKED", "SHIPPED", "COMPLETED"}
SHIPPED_AND_LATER = {"SHIPPED", "COMPLETED"}
RETURNS = {"REQUESTED", "AUTHORISED", "RECEIVED", "REFUNDED", "EXCHANGED", "DECLINED"}
RETURNS_AUTHORISED_AND_LATER = {"AUTHORISED", "RECEIVED", "REFUNDED", "EXCHANGED"}
PERSONAL = {"email", "phone", "identities"}
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
        return None if masked else row.columns[column]

    def _look(self, row: Row) -> bool:
        if row.type == "File" and row.columns["completed_at"] is None:
            return False
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
            case "AuditEntry":
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

    def manages(self, row: Row) -> bool:
        """Whether the row is of the viewer's team or one below it, if they lead it."""
        mine = self.user.columns["team_id"]
        return mine is not None and self.world.is_within(self.world.get("Team", row.columns["team_id"]), mine)
