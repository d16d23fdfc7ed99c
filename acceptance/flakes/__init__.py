"""The stack as it is, judged many times: a check that fails once on a sound stack has a race in it, or has found one."""
