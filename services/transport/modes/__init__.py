"""SplitModes: freight and passenger markets of callers between modes."""
