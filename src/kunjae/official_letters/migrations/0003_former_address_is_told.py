"""Whoever was reached at an authority's former central e-mail is told too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("official_letters", "0002_letters_being_keyed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="party",
            field=models.CharField(
                choices=[
                    ("central", "the authority's central e-mail"),
                    ("present_head", "the present head of finance"),
                    ("clerk", "the clerk"),
                    ("province", "the province's office"),
                    ("former", "the authority's former central e-mail"),
                ],
                max_length=12,
            ),
        ),
    ]
