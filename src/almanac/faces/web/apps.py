from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "almanac.faces.web"
    label = "web"
