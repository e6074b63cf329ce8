"""Which scopes an API token needs for each root field. What is not here is for people alone: tokens, rights."""

from collections.abc import Mapping

from domain.orders.transitions import Transition
from domain.scopes import TokenScope
from reads.roots import ById, Counted, Listed, Rows
from schema.inputs.order_steps import named

Needs = Mapping[str, frozenset[TokenScope]]

# Those that are compiled follow from the entity that they read.
NEEDS: Needs = {
    "company": frozenset(),
    "jobProgress": frozenset({TokenScope.JOBS}),
    "changes": frozenset({TokenScope.EVENTS_READ}),
    "orderCreate": frozenset({TokenScope.ORDERS_WRITE}),
    "orderUpdate": frozenset({TokenScope.ORDERS_WRITE}),
    "orderLinesCancel": frozenset({TokenScope.ORDERS_WRITE}),
    "orderLineSubstitute": frozenset({TokenScope.ORDERS_WRITE}),
    "orderSplit": frozenset({TokenScope.ORDERS_WRITE}),
    "orderDelayReasonSet": frozenset({TokenScope.ORDERS_WRITE}),
    "shipmentCreate": frozenset({TokenScope.ORDERS_WRITE}),
    "shipmentUpdate": frozenset({TokenScope.ORDERS_WRITE}),
    "shipmentDeliver": frozenset({TokenScope.ORDERS_WRITE}),
    **{
        f"order{named(transition)}{many}": frozenset({TokenScope.ORDERS_WRITE})
        for transition in Transition
        for many in ("", "Many")
    },
    "feedbackRecord": frozenset({TokenScope.ORDERS_WRITE}),
    "paymentRecord": frozenset({TokenScope.PAYMENTS_WRITE}),
    "paymentReverse": frozenset({TokenScope.PAYMENTS_WRITE}),
    "paymentTransfer": frozenset({TokenScope.PAYMENTS_WRITE}),
    "refundRecord": frozenset({TokenScope.PAYMENTS_WRITE}),
    "customerCreate": frozenset({TokenScope.CUSTOMERS_WRITE}),
    "customerUpdate": frozenset({TokenScope.CUSTOMERS_WRITE}),
    "leadCreate": frozenset({TokenScope.LEADS_WRITE}),
    "leadUpdate": frozenset({TokenScope.LEADS_WRITE}),
    **{
        f"lead{name}{many}": frozenset({TokenScope.LEADS_WRITE})
        for name, manies in {
            **dict.fromkeys(("Claim", "Release", "Assign", "Reassign", "Disqualify"), ("", "Many")),
            **dict.fromkeys(("ClaimNext", "FollowUp", "Pause", "Resume", "SharesSet"), ("",)),
        }.items()
        for many in manies
    },
    # It makes a customer.
    "leadConvert": frozenset({TokenScope.LEADS_WRITE, TokenScope.CUSTOMERS_WRITE}),
    "productUpsert": frozenset({TokenScope.PRODUCTS_WRITE}),
    "channelPriceUpsert": frozenset({TokenScope.PRODUCTS_WRITE}),
    "warehouseUpsert": frozenset({TokenScope.STOCK_WRITE}),
    # They name a product, by a line in one case: what that is of has to be seen.
    "stockReceive": frozenset({TokenScope.STOCK_WRITE, TokenScope.PRODUCTS_READ}),
    "stockAdjust": frozenset({TokenScope.STOCK_WRITE, TokenScope.PRODUCTS_READ}),
    "stockTransfer": frozenset({TokenScope.STOCK_WRITE, TokenScope.PRODUCTS_READ}),
    "reorderPointSet": frozenset({TokenScope.STOCK_WRITE, TokenScope.PRODUCTS_READ}),
    "stockReturn": frozenset({TokenScope.STOCK_WRITE, TokenScope.PRODUCTS_READ, TokenScope.ORDERS_READ}),
    "segmentTotals": frozenset(),
    "workQueue": frozenset({TokenScope.ORDERS_WRITE}),
    "explainTier": frozenset({TokenScope.ORDERS_READ}),
    "orderTimeInStatus": frozenset({TokenScope.ORDERS_READ}),
    "importPresets": frozenset({TokenScope.JOBS}),
    "orderExport": frozenset({TokenScope.JOBS, TokenScope.ORDERS_READ}),
    "customerExport": frozenset({TokenScope.JOBS, TokenScope.CUSTOMERS_READ}),
    "leadExport": frozenset({TokenScope.JOBS, TokenScope.LEADS_READ}),
    "productExport": frozenset({TokenScope.JOBS, TokenScope.PRODUCTS_READ}),
    "leadImport": frozenset({TokenScope.JOBS, TokenScope.LEADS_WRITE}),
    "customerImport": frozenset({TokenScope.JOBS, TokenScope.CUSTOMERS_WRITE}),
    "channelPriceImport": frozenset({TokenScope.JOBS, TokenScope.PRODUCTS_WRITE}),
    "productImport": frozenset({TokenScope.JOBS, TokenScope.PRODUCTS_WRITE}),
    "fileDelete": frozenset({TokenScope.FILES}),
    "jobCancel": frozenset({TokenScope.JOBS}),
    # It makes the customers and products that its orders name.
    "orderImport": frozenset(
        {TokenScope.JOBS, TokenScope.ORDERS_WRITE, TokenScope.CUSTOMERS_WRITE, TokenScope.PRODUCTS_WRITE}
    ),
}


def needed_scopes(roots: Mapping[str, Rows]) -> Needs:
    """The scopes that each root field needs, all of them; `roots` are the compiled ones."""
    return {**_of_reads(roots), **NEEDS}


def _of_reads(roots: Mapping[str, Rows]) -> Needs:
    needs = {}
    for name, rows in roots.items():
        entity = rows.entity if isinstance(rows, Listed | ById | Counted) else None
        if entity is None or entity.any_token:
            needs[name] = frozenset[TokenScope]()  # whatever they name is seen as far as the scopes go
        elif entity.token_scope:
            needs[name] = frozenset({entity.token_scope})
    return needs
