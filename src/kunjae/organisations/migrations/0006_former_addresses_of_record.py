"""What stood on record before an address changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0005_units_that_closed"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactchange",
            name="former_email",
            field=models.CharField(blank=True, default="", max_length=254),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="contactchange",
            name="former_phone",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
    ]
