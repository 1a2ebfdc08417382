"""Answers to “how did you hear” are sorted into the channels that are named in the contract."""

from django.db import migrations

RENAMED = {
    "a friend or colleague": "friend or colleague",
    "video or stream": "blog or article or video",
    "an event or talk": "event or conference",
    "writing": "blog or article or video",
    "something else": "other",
}


def rename(apps, schema_editor):
    referrals = apps.get_model("record", "Referral").objects.using(schema_editor.connection.alias)
    if schema_editor.connection.alias != "default":
        return
    for before, after in RENAMED.items():
        referrals.filter(channel=before).update(channel=after)


class Migration(migrations.Migration):
    dependencies = [("record", "0010_typed_lines")]
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
