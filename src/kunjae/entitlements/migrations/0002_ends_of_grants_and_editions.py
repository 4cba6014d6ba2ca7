"""A grant may run out, another reason says which, an edition ends after it begins."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("entitlements", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name='grant',
            name='end_reason',
            field=models.CharField(blank=True, choices=[('left_duty', 'left the duty'), ('changed_duty', 'duty changed'), ('given_in_error', 'given in error'), ('other', 'other'), ('account_closed', 'account closed'), ('ran_out', 'its last day had passed')], max_length=16),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason', 'other'), _negated=True), models.Q(('end_note', ''), _negated=True), _connector='OR'), name='grant_ended_for_another_reason_says_which'),
        ),
        migrations.AddConstraint(
            model_name='groupedition',
            constraint=models.CheckConstraint(condition=models.Q(('until_date', None), ('until_date__gte', models.F('from_date')), _connector='OR'), name='edition_ends_after_it_begins'),
        ),
    ]
