"""STORIES ARE REMEMBERED: the only room that touches the database.

    store.py        the class Store: every method other rooms call, with its contract
    feeds.py        the state of each feed between polls
    items.py        items, their keys, revisions and fingerprints
    stories.py      stories as they are read: queries, members, related stories
    heads.py        what stories are listed and chosen by, kept in their rows
    copies.py       the copies among the items of stories, kept in a narrow table
    pickup.py       who carried whose reports
    placement.py    items are put into stories, with every change of a story that follows
    unions.py       stories become one by an item that is certainly a copy of both
    decisions.py    a person's joins and splits, and their undoing
    fulltext.py     the index of words, as each engine has it
    changes.py      the change log: the version of the stories, and the days each version changed
    integrity.py    is the database sound, and how large is it
    schema.py       the tables
    columns.py      the types of their columns
    rows.py         rows become values
    chunks.py       long lists in chunks
    engine.py       what differs between SQLite and PostgreSQL, and nothing else
    lock.py         one poller for each database
    failures.py     errors of the database become errors of this project
    migrate.py      the schema's version; migrations/ holds its steps

Only `store.Store` is for other rooms. The functions of the other files take a connection, inside a
transaction that `Store` opened.
"""
