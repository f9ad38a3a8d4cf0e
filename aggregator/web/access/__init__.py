"""Who asks, from where, by which name and path, how often, and whether a form is from a page of ours.

hosts       the names this server answers to          base_path   a site below a path
proxies     where a request comes from                tokens      who asks, and who may change something
rate_limit  how often                                 forms       a decision in a form of ours
"""
