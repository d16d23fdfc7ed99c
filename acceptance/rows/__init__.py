"""The ways to deploy the stack that are offered, each judged by the checks that it could break."""
