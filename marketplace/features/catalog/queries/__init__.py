"""Reads the catalog: for the house, for reviewers, and for the public."""

from marketplace.features.catalog.queries.brand_changes import (
    BrandChangeRow,
    list_brand_changes,
)
from marketplace.features.catalog.queries.brands import (
    BrandRow,
    TrademarkRow,
    list_brands,
    list_trademarks,
)
from marketplace.features.catalog.queries.evidence import (
    DecisionRow,
    LapseRow,
    ReportRow,
    list_decisions,
    list_lapses,
    list_photos,
    list_test_reports,
)
from marketplace.features.catalog.queries.facts import (
    live_conditions,
    product_facts,
    scope_of_brand,
    scope_of_product,
)
from marketplace.features.catalog.queries.marks import WaitingMark, list_unchecked_marks
from marketplace.features.catalog.queries.products import (
    ProductRow,
    count_products,
    get_product,
    list_products,
    product_items,
)
from marketplace.features.catalog.queries.public import (
    PublicBrand,
    PublicProduct,
    get_public_brand,
    get_public_product,
    is_public_picture,
    list_public_brands,
    list_public_codes,
    list_public_products,
)
from marketplace.features.catalog.queries.public_detail import (
    PublicDetail,
    PublicMark,
    find_public_mark,
    get_public_detail,
)
from marketplace.features.catalog.queries.verify import (
    VerifyAnswer,
    VerifyOutcome,
    count_public_outcomes,
    find_by_code,
)

__all__ = [
    "BrandChangeRow",
    "BrandRow",
    "DecisionRow",
    "LapseRow",
    "ProductRow",
    "PublicBrand",
    "PublicDetail",
    "PublicMark",
    "PublicProduct",
    "ReportRow",
    "TrademarkRow",
    "VerifyAnswer",
    "VerifyOutcome",
    "WaitingMark",
    "count_products",
    "count_public_outcomes",
    "find_by_code",
    "find_public_mark",
    "get_product",
    "get_public_brand",
    "get_public_detail",
    "get_public_product",
    "is_public_picture",
    "list_brand_changes",
    "list_brands",
    "list_decisions",
    "list_lapses",
    "list_photos",
    "list_products",
    "list_public_brands",
    "list_public_codes",
    "list_public_products",
    "list_test_reports",
    "list_trademarks",
    "list_unchecked_marks",
    "live_conditions",
    "product_facts",
    "product_items",
    "scope_of_brand",
    "scope_of_product",
]
