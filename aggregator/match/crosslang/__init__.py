"""The copy that was translated: items of different languages that are one report.

skeleton, syllables, quantities, places -- what words and figures are in any language
          |
vocabulary -> wording -> neutral -- a text becomes features, packed as `features` has them
                            |
                rarity: what each weighs -> index: who shares the weighty ones
                                              |
                soundalike: names that sound alike -> judge: measures, model, veto
                                                        |
                translations -- the one object the matcher speaks to; facts tells why
"""
