"""Photos: facts out of a file, working copy and thumbnail, import; the only package that knows Pillow."""
