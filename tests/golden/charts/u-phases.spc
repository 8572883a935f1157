# limits per phase
chart u
counts 4 4 4 16 16 16
sizes 2
phases 0 3
expect u centre 2 at 2
expect u centre 8 at 3
expect nothing
