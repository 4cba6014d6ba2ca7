from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from kunjae.core.phones import mailbox_key

AT_A_TIME = 2_000


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give every account that has an address the key of its mailbox."""
    subjects = apps.get_model("identity", "Subject").objects.using(schema_editor.connection.alias)
    some = []
    for subject in subjects.exclude(email="").only("pk", "email").iterator(AT_A_TIME):
        subject.mailbox_key = mailbox_key(subject.email)
        some.append(subject)
        if len(some) == AT_A_TIME:
            subjects.bulk_update(some, ["mailbox_key"])
            some.clear()
    subjects.bulk_update(some, ["mailbox_key"])


class Migration(migrations.Migration):
    dependencies = [("identity", "0003_subject_by_mobile")]

    operations = [
        migrations.AddField(
            model_name="subject",
            name="mailbox_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=254),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
