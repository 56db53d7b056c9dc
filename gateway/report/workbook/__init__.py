"""A whole projection as an Excel workbook: one module a group of sheets, one that writes, one that names."""
