"""A right to administer may be contested, and rests until that is resolved."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0002_ends_of_grants_and_editions"),
    ]

    operations = [
        migrations.AddField(
            model_name="tenure",
            name="contested_at",
            field=models.DateTimeField(null=True),
        ),
    ]
