"""One file a service: what each exports, recognised and read."""
