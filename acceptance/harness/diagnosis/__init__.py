"""Why a run failed, in one sentence, from what the run kept: declared rules over its evidence.

A rule is an entry of rules/*.yaml: `seen` (and `unseen`) name places of case.PLACES with a pattern each, whose named groups
stand in the sentence `cause`, and tie later patterns to what was found, as (?P=name); `confidence` is `sure` where the
cause itself was seen, `likely` where only its effect was, `possible` where somebody is quoted; `checks` are the ids that
may ask it (all, if not given). `python -m acceptance.diagnosis FOLDER` says what the rules are worth over kept reports of
faults, whose true causes stand in acceptance/causes.yaml.
"""
