"""What can be done in the catalog."""

from marketplace.features.catalog.commands.brand_changes import (
    decide_brand_change,
    submit_brand_change,
    withdraw_brand_change,
)
from marketplace.features.catalog.commands.brands import (
    add_brand,
    consent_to_story,
    edit_brand,
    faults_of_brand,
    revoke_story_consent,
    slug_base,
)
from marketplace.features.catalog.commands.decisions import (
    IsEnrolled,
    decide_product,
    recall_product,
    restore_product,
    suspend_product,
    withdraw_product,
)
from marketplace.features.catalog.commands.lapses import (
    expire_products,
    lapse_product,
    lapse_products_of_operator,
)
from marketplace.features.catalog.commands.many import (
    NewBrand,
    NewProduct,
    add_brands,
    draft_products,
    faults_of_draft,
)
from marketplace.features.catalog.commands.photos import attach_photo, detach_photo
from marketplace.features.catalog.commands.products import (
    draft_product,
    edit_product,
    submit_product,
)
from marketplace.features.catalog.commands.reports import record_test_report
from marketplace.features.catalog.commands.taking_back import (
    take_back_brand,
    take_back_product,
)
from marketplace.features.catalog.commands.trademarks import (
    change_trademark_status,
    check_trademark,
    end_license,
    record_trademark,
)

__all__ = [
    "IsEnrolled",
    "NewBrand",
    "NewProduct",
    "add_brand",
    "add_brands",
    "attach_photo",
    "change_trademark_status",
    "check_trademark",
    "consent_to_story",
    "decide_brand_change",
    "decide_product",
    "detach_photo",
    "draft_product",
    "draft_products",
    "edit_brand",
    "edit_product",
    "end_license",
    "expire_products",
    "faults_of_brand",
    "faults_of_draft",
    "lapse_product",
    "lapse_products_of_operator",
    "recall_product",
    "record_test_report",
    "record_trademark",
    "restore_product",
    "revoke_story_consent",
    "slug_base",
    "submit_brand_change",
    "submit_product",
    "suspend_product",
    "take_back_brand",
    "take_back_product",
    "withdraw_brand_change",
    "withdraw_product",
]
