"""Writes what was found: pictures, Markdown and HTML in both languages, and JSON."""
