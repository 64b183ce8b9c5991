"""The township's server: ingest, blobs, recomputation, web pages."""
