# unless what is missing is to be skipped
plan {rules: [2], missing: skip, baseline: {centre: 0, sigma: 1}}
points 0.5*5 missing 0.5*4
expect i 2 at 9..9 side above span 0..9
