"""Why a run failed, in one sentence, from what the run kept: declared rules over its evidence."""
