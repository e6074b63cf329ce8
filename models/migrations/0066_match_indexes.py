from tortoise import migrations

from models.columns import ShapedIndex
from models.operations import AddIndexConcurrently, Analyse


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("models", "0065_lead_events")]

    operations = [
        AddIndexConcurrently("Customer", ShapedIndex(name="customer_match_name", fields=["match_name(name)"])),
        AddIndexConcurrently(
            "Customer",
            ShapedIndex(name="customer_match_tax_id", fields=["match_code(tax_id)"], where="tax_id IS NOT NULL"),
        ),
        AddIndexConcurrently(
            "CustomerContact",
            ShapedIndex(name="customer_contact_email", fields=["search_text(email)"], where="email IS NOT NULL"),
        ),
        AddIndexConcurrently(
            "CustomerContact",
            ShapedIndex(name="customer_contact_phone_end", fields=["search_end(phone)"], where="phone IS NOT NULL"),
        ),
        Analyse("Customer", "CustomerContact"),
    ]
