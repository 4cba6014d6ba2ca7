from collections import Counter

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

from kunjae.core.clock import thai_day
from kunjae.identity.password_clock import asked_from

AT_A_TIME = 2_000
MONTHS = 6


def give_days(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """
    Give every password its day by clause 4(3), spread as those of passwords yet to be set.

    One that is six months old already gets a day to come. Where the policy in force has no clock, the worker takes the
    days away again.
    """
    subjects = apps.get_model("identity", "Subject").objects.using(schema_editor.connection.alias)
    today = thai_day(timezone.now())
    with_password = subjects.exclude(password_changed_at=None).exclude(password__startswith="!")
    taken: Counter = Counter()
    some = []
    for subject in (
        with_password.only("pk", "password_changed_at").order_by("password_changed_at", "pk").iterator(AT_A_TIME)
    ):
        subject.password_due_date = asked_from(
            thai_day(subject.password_changed_at), MONTHS, taken=taken, not_before=today
        )
        taken[subject.password_due_date] += 1
        some.append(subject)
    for start in range(0, len(some), AT_A_TIME):
        subjects.bulk_update(some[start : start + AT_A_TIME], ["password_due_date"])


class Migration(migrations.Migration):
    dependencies = [("identity", "0015_password_clock")]

    operations = [migrations.RunPython(give_days, migrations.RunPython.noop, elidable=True)]
