"""Hub images of many kinds, sound and broken: is each told what it is worth, and why?"""
