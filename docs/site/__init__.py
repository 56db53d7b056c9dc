"""Builds the documentation: `python -m docs.site FOLDER`."""
