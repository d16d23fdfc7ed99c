"""The vocabulary of the checks, one noun a module; knows nothing of pytest."""
