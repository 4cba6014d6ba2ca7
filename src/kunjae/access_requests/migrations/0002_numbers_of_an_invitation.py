from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access_requests", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="invitation", name="mobile_codes_count"),
        migrations.AddField(
            model_name="invitation", name="mobile_numbers_count", field=models.PositiveSmallIntegerField(default=0)
        ),
    ]
