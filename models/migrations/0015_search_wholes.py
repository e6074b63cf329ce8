from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently, Analyse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0014_search_keys")]

    operations = [
        AddIndexConcurrently("Order", ShapedIndex(name="sales_order_number_whole", fields=["search_text(number)"])),
        AddIndexConcurrently(
            "Order", ShapedIndex(name="sales_order_external_id_whole", fields=["search_text(external_id)"])
        ),
        AddIndexConcurrently(
            "Order", ShapedIndex(name="sales_order_contact_email_whole", fields=["search_text(contact_email)"])
        ),
        AddIndexConcurrently("Customer", ShapedIndex(name="customer_name_whole", fields=["search_text(name)"])),
        AddIndexConcurrently(
            "Customer", ShapedIndex(name="customer_external_id_whole", fields=["search_text(external_id)"])
        ),
        AddIndexConcurrently("Customer", ShapedIndex(name="customer_email_whole", fields=["search_text(email)"])),
        AddIndexConcurrently("Customer", ShapedIndex(name="customer_tax_id_whole", fields=["search_text(tax_id)"])),
        AddIndexConcurrently("Product", ShapedIndex(name="product_sku_whole", fields=["search_text(sku)"])),
        AddIndexConcurrently("Product", ShapedIndex(name="product_name_whole", fields=["search_text(name)"])),
        Analyse("Order", "Customer", "Product"),
    ]
