"""The same servers seen from five sides, all the time: what was seen, what it means, and who looks."""
