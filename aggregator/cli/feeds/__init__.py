"""`feeds list / add / remove / check / import / export`: the subscriptions, and the file they stand in."""
