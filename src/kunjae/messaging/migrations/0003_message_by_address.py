from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("messaging", "0002_waiting_messages_and_the_demo_mailbox")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["to_address", "queued_at"], name="message_by_address"),
        ),
    ]
