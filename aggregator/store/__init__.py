"""STORIES ARE REMEMBERED: the only room that touches the database.

    store.py        the door: the class Store, every method with its contract
    feeds.py        what is known of each feed between polls
    items.py        items, their keys, revisions and fingerprints
    stories.py      stories as they are read: queries, members, related stories
    placing.py      items come into stories, and every change of a story that follows
    decisions.py    a person's joins and splits, and their undoing
    days.py         the version of the stories, and the days a version touched
    care.py         integrity, figures
    search.py       text as a search sees it
    schema.py       the tables
    columns.py      the types of their columns
    rows.py         rows become values
    chunks.py       long lists in pieces
    engine.py       what differs between SQLite and PostgreSQL, and nothing else
    lock.py         one poller for each database
    failures.py     errors of the database become errors of this project
    migrate.py      the schema's version; migrations/ holds its steps

Only `store.Store` is for other rooms. The functions of the other files take a connection, inside a
transaction which the door opened.
"""
