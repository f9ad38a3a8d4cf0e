"""Stories are shown: the merged feeds as bytes from memory, and plain pages for people.

request --> fast_path (the current feeds, from memory, before the framework) --> response
        \\-> app, its routes --> filtered_feeds (rendered on demand) --> response
                            \\-> pages (Jinja2 templates)            --> response
"""
