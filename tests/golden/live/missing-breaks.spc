# a value of bad quality ends a run
plan {rules: [2], baseline: {centre: 0, sigma: 1}}
points 0.5*5 missing 0.5*9
expect i 2 at 14..14 side above span 6..14
