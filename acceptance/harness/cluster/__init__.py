"""What an operator meets: engine, stack, services, containers, over the Docker SDK. Knows nothing of the site half."""
