from django.db import migrations, models
from django.db.models import F


def note_those_drawn_when_kept(apps, schema_editor):
    """Until now the pages of a scan were drawn in the request that kept it."""
    apps.get_model('documents', 'StoredFile').objects.update(drawn_at=F('kept_at'))


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0002_kinds_of_form_1'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedfile',
            name='drawn_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunPython(note_those_drawn_when_kept, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='storedfile',
            index=models.Index(condition=models.Q(('drawn_at', None)), fields=['kept_at'], name='stored_file_to_be_drawn'),
        ),
    ]
