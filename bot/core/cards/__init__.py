"""What people see: cards, forms, notices, answers and the Home, as Block Kit."""
