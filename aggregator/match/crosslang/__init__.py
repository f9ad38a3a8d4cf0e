"""The copy that was translated: items of different languages that are one report.

names, numbers, territories -- what words and figures are in any language
          |
vocabulary -> scanner -> extraction -- a text becomes features, stored as `packed` has them
                              |
                idf: what each weighs -> index: the items that share the weighty ones
                                              |
                phonetic: names by their sounds -> classifier: pair features, veto; learned: the model
                                                        |
   acts, opposites: what was done, and the word turned --> scoring: a rule and a sentence
                                                        |
                channel -- the one object the matcher speaks to; facts shows why
"""
