"""Set-up, the two commands, and the makers of shipped resources."""
