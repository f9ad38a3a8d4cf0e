"""A feed becomes items: when it is polled, how it is fetched, parsed, made safe and identified."""
