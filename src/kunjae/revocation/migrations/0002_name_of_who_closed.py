"""Keep the name of who closed an account as it was on that day; leave room for two positions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("revocation", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="closure",
            name="closer_name",
            field=models.CharField(default="", max_length=250),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="closure",
            name="closer_position_th",
            field=models.CharField(max_length=350),
        ),
    ]
