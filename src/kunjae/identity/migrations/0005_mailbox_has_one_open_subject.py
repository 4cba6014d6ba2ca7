from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("identity", "0004_subject_mailbox_key")]

    operations = [
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True), models.Q(("mailbox_key", ""), _negated=True)
                ),
                fields=("mailbox_key",),
                name="mailbox_has_one_open_subject",
            ),
        ),
    ]
