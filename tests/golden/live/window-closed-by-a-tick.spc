# means of ten seconds; the last window is over before anything else comes, and a tick says so
plan {subgroup: {window: 10s}, rules: [1], baseline: {centre: 0, sigma: 1}}
points 0*10 3.1*5 3.5*5
expect i 1 at 19..19 side above
