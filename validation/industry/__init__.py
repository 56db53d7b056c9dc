"""Industry beside the reconciled balance of 2020, inventories and answers worked by hand."""
