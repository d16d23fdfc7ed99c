"""What a run saw, what it is worth, and how it is told: outcomes, verdict, evidence, and a report."""
