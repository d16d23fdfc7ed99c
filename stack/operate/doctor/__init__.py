"""`make doctor`: one module a kind of look. Each gathers facts in look(), and judges them in a function that asks nobody."""
