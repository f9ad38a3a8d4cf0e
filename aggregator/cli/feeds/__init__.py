"""`feeds …`: the subscriptions, and edits of the configuration file that holds them."""
