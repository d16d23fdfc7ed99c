"""The stack on a real swarm, judged every night: by the ordinary command, with a history that tells what has changed."""
