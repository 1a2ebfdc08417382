"""The addresses of every face."""

from django.urls import include, path

urlpatterns = [path("", include("almanac.faces.web.urls"))]

handler400 = "almanac.faces.web.views.errors.bad_request"
handler403 = "almanac.faces.web.views.errors.forbidden"
handler404 = "almanac.faces.web.views.errors.not_found"
handler500 = "almanac.faces.web.views.errors.broken"
