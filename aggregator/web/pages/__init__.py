"""The pages for people: each reads the store within limits and renders a template.

Every function takes the site and the visit, is called on a thread, and may raise AggregatorError.
"""
