"""The operator's verbs, one module each: `python -m stack.operate.VERB`, called by make. Nothing of acceptance/ is used."""
