"""Stories are shown: the merged feeds as bytes from memory, and plain pages for people.

request --> front (the current feeds, from memory, before the framework) --> Answer
        \\-> routes --> feeds (rendered on demand) --> Answer
                   \\-> pages (Jinja2)            --> Answer
"""
