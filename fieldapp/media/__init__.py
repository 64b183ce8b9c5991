"""Photos: import, EXIF, derivatives; the only place that knows Pillow."""
