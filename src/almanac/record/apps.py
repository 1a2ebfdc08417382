from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "almanac.record"
    label = "record"
    verbose_name = "the record"
    default_auto_field = "django.db.models.BigAutoField"
