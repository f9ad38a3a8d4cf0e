"""A feed becomes items: when it is polled, how it is fetched, read, made safe and told apart."""
