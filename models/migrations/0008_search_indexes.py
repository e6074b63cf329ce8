from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently, Analyse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0007_search_functions")]

    operations = [
        AddIndexConcurrently(
            "Order",
            ShapedIndex(
                name="sales_order_searched",
                fields=[
                    "search_grams(number)",
                    "search_grams(external_id)",
                    "search_grams(customer_name)",
                    "search_grams(contact_name)",
                    "search_grams(contact_email)",
                ],
                using="gin",
                options="gin_pending_list_limit = 512",
            ),
        ),
        AddIndexConcurrently(
            "Order",
            ShapedIndex(
                name="sales_order_phone_end",
                fields=["search_end(contact_phone)"],
                where="contact_phone IS NOT NULL",
            ),
        ),
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(
                name="customer_searched",
                fields=[
                    "search_grams(name)",
                    "search_grams(external_id)",
                    "search_grams(email)",
                    "search_grams(phone)",
                    "search_grams(tax_id)",
                ],
                using="gin",
                options="gin_pending_list_limit = 512",
            ),
        ),
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(name="customer_phone_end", fields=["search_end(phone)"], where="phone IS NOT NULL"),
        ),
        AddIndexConcurrently(
            "Product",
            ShapedIndex(
                name="product_searched",
                fields=["search_grams(sku)", "search_grams(name)"],
                using="gin",
                options="gin_pending_list_limit = 512",
            ),
        ),
        Analyse("Order", "Customer", "Product"),
    ]
